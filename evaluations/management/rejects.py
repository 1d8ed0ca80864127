"""The file of what an import in parts left out."""

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from evaluations.text.table_words import Problem


class Rejects:
    """The file of the rejected trials, made with the first of them; a context manager."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._handle: IO[bytes] | None = None

    def __enter__(self) -> "Rejects":
        return self

    def __exit__(self, *_: object) -> None:
        if self._handle:
            self._handle.close()

    def write(self, line: str | bytes, problem: Problem | None = None) -> None:
        if self._handle is None:
            self._handle = self.file.open("wb")
        content = line.encode() if isinstance(line, str) else line
        self._handle.write(content.rstrip(b"\r\n") + b"\n")


def add_partial(parser: ArgumentParser, what: str) -> None:
    """The options of an import that can leave out what is bad; *what*: 'trials', 'lines'."""
    parser.add_argument(
        "--partial",
        action="store_true",
        help=f"import the good {what}; write the bad ones beside FILE (or to --rejects)",
    )
    parser.add_argument("--rejects", type=Path, help=f"where --partial writes the bad {what}")


def rejects_of(options: Mapping[str, Any], suffix: str) -> Rejects:
    """The file that the options of `add_partial` name: by default one beside FILE."""
    file: Path = options["file"]
    return Rejects(options["rejects"] or file.with_name(f"{file.stem}.rejects{suffix}"))
