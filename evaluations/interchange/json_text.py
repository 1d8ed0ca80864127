"""JSON of any size, one value at a time: the elements of a list, or of a list inside an object.

Pure. Memory holds one value, however long the file is; one beyond `LONGEST` characters is refused.
"""

import codecs
import json
from collections.abc import Callable, Iterator
from typing import Any

from evaluations.interchange.found import Broken
from evaluations.text.file_lines import raw_lines
from evaluations.text.storable import LenientDecoder
from evaluations.text.table_words import Notes, Problems, RejectedFile

PIECE = 1 << 16
LONGEST = 1 << 26
"""Characters of one value; a longer one is no record of one thing."""

BLANKS = " \t\r\n"
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def broken_file(reason: str) -> RejectedFile:
    """A file that cannot be read on, and why."""
    return Problems().stop(0, reason)


class JsonText:
    """A cursor over text that is read as it is needed; *read* gives so many bytes (b'' at the end).

    Raises RejectedFile for what is no UTF-8 and no JSON, with the character at which that is.
    """

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read
        self._decoder: codecs.IncrementalDecoder | None = None
        self._text, self._at, self._passed, self._bytes = "", 0, 0, 0
        self._is_whole = False
        self._json = LenientDecoder()

    def peek(self) -> str:
        """The next character that is no blank, '' at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in BLANKS:
                self._at += 1
            if self._at < len(self._text) or not self._more(PIECE):
                return self._text[self._at : self._at + 1]

    def take(self, mark: str) -> bool:
        """Whether *mark* comes next; it is passed then."""
        if self.peek() != mark:
            return False
        self._at += 1
        return True

    def need(self, mark: str) -> None:
        if not self.take(mark):
            raise self.broken(f"{mark!r} is expected")

    def value(self) -> Any:
        """The next value, whole."""
        self.peek()
        while True:
            try:
                value, end = self._json.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                held = len(self._text) - self._at
                if held > LONGEST:
                    raise self.broken(f"a value is longer than {LONGEST:,} characters") from None
                if not self._more(max(PIECE, held)):
                    raise self.broken(error.msg, error.pos) from None
                continue
            # A number may go on in what was not read yet.
            if end == len(self._text) and self._more(PIECE):
                continue
            self._at = end
            return value

    def elements(self) -> Iterator[Any]:
        """The elements of the list that comes next."""
        self.need("[")
        if self.take("]"):
            return
        while True:
            yield self.value()
            if not self.take(","):
                self.need("]")
                return

    def names(self) -> Iterator[str]:
        """The names of the object that comes next; the caller takes the value after each."""
        self.need("{")
        if self.take("}"):
            return
        while True:
            name = self.value()
            if not isinstance(name, str):
                raise self.broken("a name is expected")
            self.need(":")
            yield name
            if not self.take(","):
                self.need("}")
                return

    def broken(self, why: str, at: int | None = None) -> RejectedFile:
        place = self._passed + (self._at if at is None else at) + 1
        return broken_file(f"the file is no JSON from character {place:,} on: {why}")

    def _more(self, size: int) -> bool:
        """Read on; False where nothing is left. What was passed is forgotten."""
        if self._is_whole:
            return False
        piece = self._read(size)
        self._is_whole = not piece
        if self._decoder is None:
            is_utf_16 = piece.startswith(UTF_16)
            self._decoder = codecs.getincrementaldecoder("utf-16" if is_utf_16 else "utf-8-sig")()
        try:
            text = self._decoder.decode(piece, final=self._is_whole)
        except UnicodeDecodeError as error:
            byte = self._bytes + error.start + 1
            raise broken_file(
                f"the file is not UTF-8 text (near byte {byte:,}): save it as UTF-8"
            ) from None
        self._bytes += len(piece)
        self._passed += self._at
        self._text, self._at = self._text[self._at :] + text, 0
        return bool(text) or not self._is_whole


def elements_of(read: Callable[[int], bytes]) -> Iterator[Any]:
    """The elements of a file that is one list."""
    text = JsonText(read)
    yield from text.elements()
    if text.peek():
        raise text.broken("nothing is expected after the list")


def json_lines(source: Any) -> Iterator[tuple[int, Any]]:
    """Number and value of each line of JSON Lines; `Broken` stands for a line that is none."""
    decoder = LenientDecoder()
    for number, line in enumerate(raw_lines(source, Notes(), Problems()), start=1):
        if not line.strip():
            continue
        try:
            text = line.decode("utf-8-sig") if isinstance(line, bytes) else line
            yield number, decoder.decode(text)
        except UnicodeDecodeError as error:
            place = f"line {number}"
            yield number, Broken(place, f"is not UTF-8 (byte {error.start + 1})")
        except json.JSONDecodeError as error:
            reason = f"is not JSON ({error.msg} at column {error.colno})"
            yield number, Broken(f"line {number}", reason, text)
