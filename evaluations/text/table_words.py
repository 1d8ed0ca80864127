"""What is said of a file that is read: its problems, and what of it was trimmed or converted.

Pure. The one set of words for every file that comes in.
"""

from collections.abc import Iterator, Sequence
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
        where = f", {self.column}" if self.column else ""
        return f"line {self.line}{where}: {self.reason}"


class RejectedFile(Exception):
    """A file that is not taken: the first problems, and how many there are in all."""

    def __init__(self, problems: Sequence[Problem], total: int) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems
        self.total = total


class Problems:
    """Collects what is wrong with a file; ``first`` keeps *kept* of them."""

    def __init__(self, kept: int = KEPT_PROBLEMS) -> None:
        self.first: list[Problem] = []
        self.total = 0
        self._kept = kept

    def add(self, line: int, reason: str, column: str = "") -> None:
        self.total += 1
        if len(self.first) < self._kept:
            self.first.append(Problem(line, reason, column))

    def stop(self, line: int, reason: str) -> RejectedFile:
        """The end of reading: a problem after which no line can be understood."""
        self.add(line, reason)
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
