"""What is understood of a file that came in, and how far that is."""

import io
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from annotations.models import Upload
from annotations.studies.imports.rejected import Rejected
from evaluations.background.telling import Tell
from evaluations.interchange.looked_at import Looked, look_at
from evaluations.text.table_words import Problem, RejectedFile

SHOWN_PROBLEMS = 200
SHOWN_ROWS, SHOWN_CHARACTERS, SHOWN_CELLS = 3, 200, 20
"""Of what the page of an upload shows of the file itself."""

EVERY = 0.5
"""Seconds between two words on how far it is."""


Store = Callable[[], str]
"""Stores what was understood, within a transaction; returns the address of what it became, '' where
the file is refused after all."""


@dataclass
class Found:
    """What was understood of a file. ``rows``: the first lines or rows of it; ``would``: what
    importing it does, '' where it is refused; ``total``: how many problems there are."""

    format: str = ""
    rows: list[list[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    total: int = 0
    would: str = ""

    def refuse(self, problems: list[Problem], total: int) -> None:
        self.problems = [str(problem) for problem in problems[:SHOWN_PROBLEMS]]
        self.total = total


@dataclass(eq=False)
class Progress:
    """How far a file of *size* bytes with so many *lines* is read, and what it says is stored."""

    tell: Tell
    size: int
    lines: int
    doing: str = "Reading"
    start: float = 0.0
    _read: int = 0
    _lines: int = 0
    _stored: int = 0
    _said: float = 0.0

    def opened(self) -> None:
        """It is read from its beginning."""
        self._read = self._lines = 0

    def read(self, piece: bytes) -> None:
        self._read += len(piece)
        self._lines += piece.count(b"\n")
        if self.lines > 1:
            words = f"{min(self._lines, self.lines):,} of {self.lines:,} lines"
        else:
            words = f"{self._read / 2**20:,.1f} of {self.size / 2**20:,.1f} MB"
        end = self.start or 1.0 if self.doing == "Reading" else 1.0
        self._say(end * self._read / max(1, self.size), words)

    def stored(self, count: int, total: int) -> None:
        """So many more of *total* are stored."""
        self._stored += count
        share = self.start + (1 - self.start) * self._stored / max(1, total)
        self._say(share, f"{self._stored:,} of {total:,}")

    def _say(self, share: float, words: str) -> None:
        moment = time.monotonic()
        if moment - self._said >= EVERY:
            self._said = moment
            self.tell(min(1.0, share), f"{self.doing}: {words}")


class _Told(io.RawIOBase):
    """A file whose every piece is told when it is read."""

    def __init__(self, path: Path, on_piece: Callable[[bytes], object]) -> None:
        self._file = path.open("rb", buffering=0)
        self._on_piece = on_piece

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        piece = self._file.read(len(buffer)) or b""
        buffer[: len(piece)] = piece
        self._on_piece(piece)
        return len(piece)

    def close(self) -> None:
        self._file.close()
        super().close()


@dataclass(frozen=True)
class Watched(Looked):
    """What a look at a file told; how far it is read is told as well."""

    progress: Progress | None = None

    def open(self) -> IO[bytes]:
        if self.progress is None:
            return super().open()
        self.progress.opened()
        return io.BufferedReader(_Told(self.path, self.progress.read), 2**16)


def watched(path: Path, progress: Progress) -> Watched:
    """Look at a file that is then read under watch."""
    looked = look_at(path)
    return Watched(**vars(looked), progress=progress)


@dataclass(eq=False)
class Taking:
    """A file that is being looked at, or imported: what a door gets of it.

    ``beside``: the file that came with it. ``rejected`` takes what cannot be taken.
    """

    upload: Upload
    looked: Watched
    beside: Path | None
    found: Found
    progress: Progress
    rejected: Rejected

    @property
    def options(self) -> dict[str, Any]:
        return dict(self.upload.options)

    @property
    def only_looks(self) -> bool:
        return self.upload.step == Upload.Step.LOOK

    def storing(self) -> Progress:
        """The progress, from here on of storing."""
        self.progress.doing = "Storing"
        return self.progress


@dataclass(frozen=True)
class Door:
    """A kind of file that comes in: *name* on pages, which begin with *lead*; *takes* says of which
    formats; the address *section* lists what they become; on a server *command* takes them. *take*
    understands a file, stores nothing, and returns what does. Raises RejectedFile, StudyRefused,
    ValueError."""

    name: str
    lead: str
    takes: str
    section: str
    command: str
    take: Callable[[Taking], Store]


def first_of(looked: Looked) -> list[list[str]]:
    """The first rows of a table, the first lines of other text, the first names of an archive."""
    if looked.rows:
        return [[cell[:SHOWN_CHARACTERS] for cell in row[:SHOWN_CELLS]] for row in looked.rows]
    if looked.names:
        return [[name[:SHOWN_CHARACTERS]] for name in looked.names[:SHOWN_ROWS]]
    if not looked.is_text:
        return []
    with looked.path.open("rb") as stream:
        lines = [stream.readline(SHOWN_CHARACTERS) for _ in range(SHOWN_ROWS)]
    return [[line.decode("utf-8", "replace").strip()] for line in lines if line.strip()]


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def left_out(taking: Taking) -> str:
    """How much of the file is left out, in words to go on with; '' for nothing."""
    total = taking.found.total
    return f"; {counted(total, 'problem')} left out" if total else ""


def refused(reason: str) -> RejectedFile:
    """A file that is refused as a whole."""
    return RejectedFile([Problem(0, reason)], 1)
