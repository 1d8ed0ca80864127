"""What a file or folder is, as far as one look tells: its shape, and the first of what it holds.

Pure. Nothing is concluded from a name alone.
"""

import csv
import itertools
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from evaluations.interchange.archives import DamagedMember, opened
from evaluations.interchange.found import Broken
from evaluations.interchange.json_text import LONGEST, PIECE, UTF_16, JsonText, json_lines
from evaluations.text.file_lines import text_lines
from evaluations.text.table_reader import LONGEST_CELL
from evaluations.text.table_words import Notes, Problems, RejectedFile

FOLDER, ZIP, PARQUET, ARROW = "folder", "zip archive", "Parquet file", "Arrow file"
WORKBOOK = "workbook of a spreadsheet"
LIST, OBJECT, LINES = "JSON list", "JSON object", "JSON Lines"
TABLE, OTHER = "table", "file of another kind"

MOST_NAMES = 100_000


@dataclass(frozen=True)
class Looked:
    """A file or folder at *path*.

    shape: one of those above. first: the first element of a list, the first line of JSON Lines.
    rows: the first three rows of what may be a table, by its *delimiter*. names: what a folder or
    an archive holds. damage: why it cannot be read, '' where it can.
    """

    path: Path
    shape: str
    first: Any = None
    rows: list[list[str]] = field(default_factory=list)
    names: tuple[str, ...] = ()
    damage: str = ""
    delimiter: str = ","

    def open(self) -> IO[bytes]:
        return self.path.open("rb")

    @property
    def is_text(self) -> bool:
        return self.shape not in (FOLDER, ZIP, WORKBOOK, PARQUET, ARROW)

    def table_rows(self) -> Iterator[tuple[str, list[str]] | Broken]:
        """The rows of a table, the header first, each with the line at which it begins; blank ones
        are passed over. Raises RejectedFile where it stops being text."""
        csv.field_size_limit(LONGEST_CELL)
        with self.open() as file:
            rows = csv.reader(text_lines(file, Notes(), Problems()), delimiter=self.delimiter)
            before = 0
            try:
                for row in rows:
                    if any(row):
                        yield f"line {before + 1}", row
                    before = rows.line_num
            except csv.Error as error:
                yield Broken(f"line {before + 1}", f"is no CSV: {error}")

    @property
    def keys(self) -> frozenset[str]:
        """The names in the first object, and of a JSON object its own."""
        return frozenset(self.first) if isinstance(self.first, dict) else frozenset()


def look_at(path: Path) -> Looked:
    """Look at a file or folder; raises OSError where it cannot be read at all."""
    if path.is_dir():
        return Looked(path, FOLDER, names=_files_in(path))
    with path.open("rb") as file:
        head = file.read(8)
        if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            return _zip(path)
        if head.startswith(b"PAR1"):
            return Looked(path, PARQUET)
        if head.startswith((b"ARROW1", b"\xff\xff\xff\xff")):
            return Looked(path, ARROW)
        file.seek(0)
        return _text(path, file)


def _files_in(folder: Path) -> tuple[str, ...]:
    found: list[str] = []
    for at, folders, files in os.walk(folder):
        folders.sort()
        found += [(Path(at) / name).relative_to(folder).as_posix() for name in sorted(files)]
        if len(found) > MOST_NAMES:
            break
    return tuple(found)


_BOOK = {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}
"""What a workbook holds, of Excel or as OpenDocument, whatever its name ends with."""


def _zip(path: Path) -> Looked:
    try:
        with path.open("rb") as file, opened(file) as archive:
            names = tuple(archive.namelist()[:MOST_NAMES])
            return Looked(path, WORKBOOK if _BOOK & set(names) else ZIP, names=names)
    except DamagedMember as error:
        return Looked(path, ZIP, damage=str(error))


def _text(path: Path, file: IO[bytes]) -> Looked:
    """A file of text by its first character that is no blank."""
    piece = file.read(PIECE)
    encoding = "utf-16" if piece.startswith(UTF_16) else "utf-8-sig"
    mark = piece.decode(encoding, "ignore").lstrip()[:1]
    file.seek(0)
    if mark == "[":
        return _list(path, JsonText(file.read))
    if mark == "{":
        return _object(path, JsonText(file.read), encoding)
    return _table(path, file)


def _list(path: Path, text: JsonText) -> Looked:
    try:
        return Looked(path, LIST, first=next(text.elements(), None))
    except RejectedFile as error:
        return Looked(path, LIST, damage=str(error))


def _object(path: Path, text: JsonText, encoding: str) -> Looked:
    """An object, or JSON Lines: then another one follows on the next line, or nothing."""
    with path.open("rb") as file:
        _, first = next(json_lines(_FirstLine(file, encoding)), (1, None))
    if isinstance(first, dict):
        return Looked(path, LINES, first=first)
    names: dict[str, Any] = {}
    try:
        for name in text.names():
            names[name] = None
            if text.peek() in "[{" and name in ("samples", "events", "data"):
                break  # long lists of no need here
            names[name] = text.value()
    except RejectedFile as error:
        return Looked(path, OBJECT, first=names, damage=str(error))
    return Looked(path, OBJECT, first=names)


class _FirstLine:
    """A stream that ends with its first line; with so much of it that no record is as long. In
    UTF-16 a byte tells no line end: there it ends with that much alone."""

    def __init__(self, file: IO[bytes], encoding: str) -> None:
        self._file = file
        self._is_wide = encoding == "utf-16"
        self._left = LONGEST

    def read(self, size: int) -> bytes:
        size = min(size, self._left)
        piece = self._file.read(size) if self._is_wide else self._file.readline(size)
        is_over = not self._is_wide and piece.endswith(b"\n")
        self._left = 0 if is_over else self._left - len(piece)
        return piece


def _table(path: Path, file: IO[bytes]) -> Looked:
    csv.field_size_limit(LONGEST_CELL)
    try:
        lines = text_lines(file, Notes(), Problems())
        first = next(lines, "")
        mark = "\t" if "\t" in first else max(",;", key=first.count)
        rows = csv.reader(itertools.chain([first], lines), delimiter=mark)
        found = list(itertools.islice((row for row in rows if any(row)), 3))
    except (RejectedFile, csv.Error) as error:
        return Looked(path, OTHER, damage=str(error))
    return Looked(path, TABLE, rows=found, delimiter=mark)
