"""What of a file cannot be taken: the rows as they came, to mend and send again, and why."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, TypeVar

from annotations.models import UploadPiece
from evaluations.files.reading import MOST_REJECTED
from evaluations.text.table_cells import marked
from evaluations.text.table_reader import quoted_row
from evaluations.text.table_words import OnPass, Problem, Problems, RejectedFile

T = TypeVar("T")

Part = UploadPiece.Part

COLUMNS = ("line", "column", "reason", "row")


class Rejected:
    """Two files in *folder*, made with the first row that is rejected; a context manager."""

    def __init__(self, folder: Path) -> None:
        self.files: dict[str, Path] = {part: folder / part for part in (Part.REJECTS, Part.REASONS)}
        self.count = 0
        """How many reasons were told."""
        self._open: dict[str, IO[bytes]] = {}

    def __enter__(self) -> "Rejected":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def closed(self) -> dict[str, Path]:
        """The two files, written to their end."""
        self.close()
        return self.files

    def close(self) -> None:
        for stream in self._open.values():
            stream.close()
        self._open = {}

    def add(self, raw: str | bytes, problem: Problem | None) -> None:
        """A row as it stands in the file, and why it is rejected; None for the header."""
        content = raw.encode("utf-8", "replace") if isinstance(raw, str) else raw
        if content:
            self._to(Part.REJECTS).write(content.rstrip(b"\r\n") + b"\n")
        if problem:
            self.say(problem, content.decode("utf-8", "replace").rstrip("\r\n"))

    def say(self, problem: Problem, row: str = "") -> None:
        """Why a row, or the file as a whole, is rejected."""
        is_new = Part.REASONS not in self._open
        self.count += 1
        stream = self._to(Part.REASONS)
        if is_new:
            stream.write(quoted_row(COLUMNS).encode())
        line = problem.line or ""
        cells = (line, problem.column, marked(problem.reason), marked(row))
        stream.write(quoted_row(cells).encode("utf-8", "replace"))

    def again(self) -> None:
        """Begin anew: the file is read once more."""
        self.close()
        self.count = 0
        for path in self.files.values():
            path.unlink(missing_ok=True)

    def _to(self, part: str) -> IO[bytes]:
        if part not in self._open:
            self._open[part] = self.files[part].open("wb")
        return self._open[part]


ROUNDS = 20
"""How often a table is read anew without what was wrong: rows may be wrong for want of others."""


def read_rows(
    read: Callable[[Problems], T],
    rejected: Rejected,
    *,
    keep_good: bool,
    named: Callable[[list[Problem]], list[Problem]] = lambda problems: problems,
) -> tuple[T, list[Problem]]:
    """What *read* finds in a table, and what is wrong with the rows that were left out of it.

    *read* opens the table and raises RejectedFile; it is called again without the rows that are
    wrong. Unless *keep_good* any of them has the table refused (RejectedFile), once all are known.
    *named*: the problems by places of the file, where lines of the table are none.
    """
    wrong: dict[int, list[Problem]] = {}
    is_refused = False
    for _ in range(ROUNDS):
        rejected.again()
        problems = Problems(MOST_REJECTED, wrong, _telling(rejected, wrong, named))
        try:
            found = read(problems)
        except RejectedFile:
            if is_refused:
                break
            of_whole = [one for one in problems.first if one.line <= 1]
            if of_whole or problems.is_over or problems.total > MOST_REJECTED:
                for problem in problems.first:
                    rejected.say(named([problem])[0])
                all_of_them = [*(one for many in wrong.values() for one in many), *problems.first]
                raise RejectedFile(named(all_of_them), len(all_of_them)) from None
            for problem in problems.first:
                wrong.setdefault(problem.line, []).append(problem)
            is_refused = not keep_good
        else:
            break
    else:
        is_refused = True
    left_out = named([one for line in sorted(wrong) for one in wrong[line]])
    if is_refused:
        raise RejectedFile(left_out, len(left_out))
    return found, left_out


def _telling(
    rejected: Rejected,
    wrong: Mapping[int, Sequence[Problem]],
    named: Callable[[list[Problem]], list[Problem]],
) -> OnPass:
    has_header = False

    def tell(line: int, row: str, header: str) -> None:
        nonlocal has_header
        if not has_header:
            rejected.add(header, None)
            has_header = True
        first, *others = named(list(wrong[line]))
        rejected.add(row, first)
        for problem in others:
            rejected.say(problem, row.rstrip("\n"))

    return tell
