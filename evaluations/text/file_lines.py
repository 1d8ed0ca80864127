"""The lines of a file from outside, whatever its encoding. Pure.

UTF-8 with or without a byte order mark, UTF-16 with one. Anything else is refused with the byte and
the line at which it stops being text.
"""

import io
import itertools
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, Protocol, cast

from evaluations.text.table_words import Notes, Problems

PIECE = 1 << 16
LONGEST_LINE = 1 << 26
"""Characters between two line ends. A longer line is no row and no record, and would have to be
held whole to find that out."""


class ByteStream(Protocol):
    def read(self, size: int, /) -> bytes: ...


Source = ByteStream | Iterable[str] | Iterable[bytes]
"""A file opened for bytes; or lines, as text or in UTF-8."""


def text_lines(
    source: Source,
    notes: Notes,
    problems: Problems,
    on_read: Callable[[int], object] = lambda size: None,
) -> Iterator[str]:
    """The lines of *source* with their line ends, a byte order mark left out.

    Calls *on_read* with the bytes (of text: characters) that were read. Raises RejectedFile, with
    the problem added to *problems*, where the bytes are no text.
    """
    if (read := _reading(source)) is not None:
        return _decoded(iter(lambda: read(PIECE), b""), notes, problems, on_read)
    lines = iter(cast(Iterable[str | bytes], source))
    first = next(lines, "")
    rest = itertools.chain([first], lines)
    if isinstance(first, bytes):
        return _decoded((_ended(line, b"\n") for line in rest), notes, problems, on_read)
    return _texts((_ended(line, "\n") for line in rest), on_read)


def raw_lines(
    source: Source,
    notes: Notes,
    problems: Problems,
    on_read: Callable[[int], object] = lambda size: None,
) -> Iterator[str | bytes]:
    """As `text_lines`, but lines of UTF-8 as the bytes they are: so that one that is no text can be
    a problem of its own, as JSON Lines allow."""
    if (read := _reading(source)) is not None:
        first = read(PIECE)
        if _encoding(first, notes, problems) == "utf-16":
            pieces = itertools.chain([first], iter(lambda: read(PIECE), b""))
            yield from _decoded(pieces, Notes(), problems, on_read)
            return
        source = io.BufferedReader(_Raw(first, read))
    for number, line in enumerate(_short_lines(source), start=1):
        on_read(len(line))
        _check_length(line, number, problems)
        yield line


def _short_lines(source: Any) -> Iterator[Any]:
    """The lines of a stream, none longer than what `_check_length` refuses; lines as they are."""
    readline = getattr(source, "readline", None)
    if readline is None:
        return iter(source)
    return itertools.takewhile(len, iter(partial(readline, LONGEST_LINE + 1), None))


def _check_length(line: str | bytes, number: int, problems: Problems) -> None:
    if len(line) > LONGEST_LINE:
        raise problems.stop(
            number,
            f"has more than {LONGEST_LINE:,} characters without a line end: nothing that comes in "
            "rows is as long",
        )


class _Raw(io.RawIOBase):
    """What was read of a stream already, and the rest of it."""

    def __init__(self, first: bytes, read: Callable[[int], bytes]) -> None:
        self._held = first
        self._read = read

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        piece = self._held or self._read(len(buffer))
        size = min(len(piece), len(buffer))
        buffer[:size] = piece[:size]
        self._held = piece[size:]
        return size


def _reading(source: Source) -> Callable[[int], bytes] | None:
    """What reads so many bytes of a stream (one of text is read as bytes); None for lines."""
    read = getattr(source, "read", None)
    return None if read is None else lambda size: _as_bytes(read(size))


def _as_bytes(piece: str | bytes) -> bytes:
    return piece if isinstance(piece, bytes) else piece.encode("utf-8", "surrogatepass")


def _ended(line: Any, end: Any) -> Any:
    return line if line.endswith(end) or not line else line + end


def _texts(lines: Iterable[str], on_read: Callable[[int], object]) -> Iterator[str]:
    for number, line in enumerate(lines):
        on_read(len(line))
        yield line if number else line.removeprefix("\ufeff")


class _Pieces(io.BufferedIOBase):
    """Pieces of bytes as a stream; ``total`` counts what was handed out."""

    def __init__(self, pieces: Iterator[bytes], on_read: Callable[[int], object]) -> None:
        self._pieces = pieces
        self._on_read = on_read
        self.total = 0

    def readable(self) -> bool:
        return True

    def read1(self, size: int | None = -1, /) -> bytes:
        piece = next(self._pieces, b"")
        self.total += len(piece)
        self._on_read(len(piece))
        return piece

    def read(self, size: int | None = -1, /) -> bytes:
        return self.read1(size)


def _decoded(
    pieces: Iterator[bytes],
    notes: Notes,
    problems: Problems,
    on_read: Callable[[int], object],
) -> Iterator[str]:
    first = next(pieces, b"")
    while len(first) < 4 and (more := next(pieces, b"")):
        first += more
    encoding = _encoding(first, notes, problems)
    stream = _Pieces(itertools.chain([first], pieces), on_read)
    number = 0
    try:
        text = io.TextIOWrapper(cast(io.BufferedReader, stream), encoding, newline="")
        for number, line in enumerate(_short_lines(text), start=1):
            _check_length(line, number, problems)
            yield line
    except UnicodeDecodeError as error:
        # The decoder names a byte of its own piece: what it holds back of the last one counts in.
        at = stream.total - len(error.object) + error.start
        before = error.object[: error.start].decode(encoding, "ignore")
        line_of_it = number + 1 + before.count("\n")
        byte = error.object[error.start]
        kind = "UTF-16" if encoding == "utf-16" else "UTF-8"
        raise problems.stop(
            line_of_it,
            f"is not {kind} text (byte {at + 1:,} of the file is {byte:#04x}): "
            "save the file as UTF-8",
        ) from error


def _encoding(first: bytes, notes: Notes, problems: Problems) -> str:
    if first.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        raise problems.stop(0, "the file is UTF-32: save it as UTF-8")
    if first.startswith((b"PK\x03\x04", b"\x1f\x8b")):
        raise problems.stop(
            0, "the file is compressed, as a workbook is: unpack it, save a workbook as CSV"
        )
    if first.startswith((b"\xff\xfe", b"\xfe\xff")):
        notes.say("The file is read as UTF-16")
        return "utf-16"
    if b"\x00" in first[:16]:
        raise problems.stop(0, "the file is no text (NUL bytes stand in it): save it as UTF-8")
    return "utf-8-sig"
