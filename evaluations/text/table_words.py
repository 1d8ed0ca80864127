"""What is said of a file that is read: its problems, and what of it was trimmed or converted.

Pure. The one set of words for every file that comes in.
"""

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass

KEPT_PROBLEMS = 20
"""Problems of a file that are told one by one; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in which line (the header is line 1; 0: the file as a whole), and in which
    column where it concerns one cell."""

    line: int
    reason: str
    column: str = ""

    def __str__(self) -> str:
        if not self.line:
            return self.reason
        where = f", {self.column}" if self.column and self.column not in self.reason else ""
        return f"line {self.line}{where}: {self.reason}"


class BadCell(ValueError):
    """What is wrong with the cell of a row in that column."""

    def __init__(self, reason: str, column: str) -> None:
        super().__init__(reason)
        self.column = column


def column_of(error: Exception) -> str:
    """The column in which a row is wrong; '' where the row as a whole is."""
    return error.column if isinstance(error, BadCell) else ""


class RejectedFile(Exception):
    """A file that is not taken: the first problems, and how many there are in all."""

    def __init__(self, problems: Sequence[Problem], total: int) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems
        self.total = total


OnPass = Callable[[int, str, str], object]
"""Gets the line of a row that is passed over, the row, and the header of its table."""


class Problems:
    """Collects what is wrong with a file; ``first`` keeps *kept* of them.

    Rows that begin in one of the lines *passes* are not read: *on_pass* gets them. ``is_over`` says
    whether nothing could be read after the last problem.
    """

    def __init__(
        self,
        kept: int = KEPT_PROBLEMS,
        passes: Container[int] = (),
        on_pass: OnPass = lambda line, row, header: None,
    ) -> None:
        self.first: list[Problem] = []
        self.total = 0
        self.is_over = False
        self.passes, self.on_pass = passes, on_pass
        self._kept = kept

    def add(self, line: int, reason: str, column: str = "") -> None:
        self.total += 1
        if len(self.first) < self._kept:
            self.first.append(Problem(line, reason, column))

    def stop(self, line: int, reason: str) -> RejectedFile:
        """The end of reading: a problem after which no line can be understood."""
        self.add(line, reason)
        self.is_over = True
        return self._rejected()

    def raise_if_any(self) -> None:
        if self.total:
            raise self._rejected()

    def _rejected(self) -> RejectedFile:
        return RejectedFile(sorted(self.first, key=lambda problem: problem.line), self.total)


@dataclass(slots=True)
class Note:
    """Something that was read otherwise than it stands in the file: how often, where first."""

    words: str
    count: int = 0
    line: int = 0
    example: str = ""

    def __str__(self) -> str:
        if not self.count:
            return f"{self.words}."
        cells = "1 cell" if self.count == 1 else f"{self.count:,} cells"
        where = f", {'in' if self.count == 1 else 'first in'} line {self.line}"
        return f"{self.words}: {cells}{where}{f', {self.example}' if self.example else ''}."


class Notes:
    """What of a file was trimmed or converted, in sentences; told before anything is stored."""

    def __init__(self) -> None:
        self._by_words: dict[str, Note] = {}

    def say(self, words: str) -> None:
        """Of the file as a whole."""
        self._by_words.setdefault(words, Note(words))

    def count(self, words: str, line: int, example: str = "", cells: int = 1) -> None:
        """Of *cells* cells in *line*; *example* of the first is told."""
        note = self._by_words.get(words)
        if note is None:
            note = self._by_words[words] = Note(words, 0, line, example)
        note.count += cells

    def __iter__(self) -> Iterator[str]:
        return map(str, self._by_words.values())

    def __len__(self) -> int:
        return len(self._by_words)
