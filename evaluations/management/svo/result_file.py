"""A result that a command writes as a whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.core.management.base import CommandError, OutputWrapper


@contextmanager
def result_file(source: Path, out: Path | None, screen: OutputWrapper) -> Iterator[IO[str]]:
    """A file to write the result of reading *source* into; put into its place, or shown, in one
    step at the end, and thrown away when anything went wrong.

    Raises CommandError where there is nothing to read or no folder to write to.
    """
    if not source.is_file():
        raise CommandError(f"there is no file {source}")
    if out and not out.absolute().parent.is_dir():
        raise CommandError(f"there is no folder {out.absolute().parent} to write to")
    with tempfile.NamedTemporaryFile(
        "w+",
        encoding="utf-8",
        newline="",
        dir=out.absolute().parent if out else None,
        prefix=".result-",
        delete=False,
    ) as draft:
        try:
            yield draft
            draft.flush()
            _hand_over(Path(draft.name), out, screen)
        finally:
            Path(draft.name).unlink(missing_ok=True)


def _hand_over(draft: Path, out: Path | None, screen: OutputWrapper) -> None:
    if out is None:
        with draft.open(encoding="utf-8", newline="") as result:
            shutil.copyfileobj(result, screen)
        return
    draft.chmod(0o666 & ~_umask())
    draft.replace(out)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
