"""The one reader of tables: every CSV that comes in is read here. Pure.

docs/reference/tables.md says what is understood. A table is text (`text_source`) whose first row
names its columns; cells stand between commas, semicolons or tabs. What is read otherwise than it
stands in the file is noted (`Notes`), what cannot be understood is a problem (`Problems`).
"""

import csv
import io
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from evaluations.text.file_lines import Source, raw_lines, text_lines
from evaluations.text.table_cells import Decimals, pair_of, pointed, unmarked
from evaluations.text.table_words import KEPT_PROBLEMS, Note, Notes, Problem, Problems, RejectedFile

__all__ = [
    "KEPT_PROBLEMS",
    "Decimals",
    "Note",
    "Notes",
    "Problem",
    "Problems",
    "RejectedFile",
    "Row",
    "Source",
    "Table",
    "pair_of",
    "pointed",
    "quoted_row",
    "raw_lines",
    "text_lines",
]

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}

MOST_COLUMNS = 10_000
"""Columns of a table; of more, every row would be a file of its own."""

LONGEST_CELL = 2**24
"""Characters of one cell; the csv module stops at 131,072 unless told otherwise."""

BLANKS = "Blanks around cells are cut off"

_SEPARATOR_LINE = re.compile(r'"?sep=(?P<mark>[,;\t])"?\s*', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """A row that holds something: the line it begins in, its cells as they stand in the file, and
    what is wrong with it as a whole ('' for nothing)."""

    line: int
    raw: list[str]
    problem: str = ""


class Table:
    """The data rows of a table.

    Iterating gives (line, cells by column) of each row, blanks around cells cut off but in
    *verbatim* columns; rows with a problem are told to `problems` and left out. Columns of which
    nobody said anything are in `further`, with the names they have in the file, and their cells are
    handed over too. ``read`` counts the rows that held something.

    *required*, *optional*: names of columns, found whatever their case and blanks.
    *refuses_others*: any other column is a problem. *unmarks*: the apostrophe that files of this
    platform put before what a spreadsheet would run is taken off. Raises RejectedFile for a header
    that cannot be understood, for text in no known encoding and for lines that are no CSV.
    """

    def __init__(
        self,
        source: Source,
        required: Sequence[str],
        optional: Sequence[str] = (),
        *,
        verbatim: Iterable[str] = (),
        refuses_others: bool = False,
        unmarks: bool = False,
        problems: Problems | None = None,
        notes: Notes | None = None,
        on_read: Callable[[int], object] = lambda size: None,
    ) -> None:
        self.problems = Problems() if problems is None else problems
        self.notes = Notes() if notes is None else notes
        self.decimals = Decimals(self.notes)
        self.read = 0
        self._unmarks = unmarks
        csv.field_size_limit(LONGEST_CELL)
        self._lines = text_lines(source, self.notes, self.problems, on_read)
        self._known = {_plain(name): name for name in (*required, *optional)}
        self._open(required)
        self._check(required, refuses_others)
        self.further = [name for name in self.columns if name and name not in self._known.values()]
        verbatim = set(verbatim)
        self._verbatim = [at for at, name in enumerate(self.columns) if name in verbatim]

    # --- the header ------------------------------------------------------------------------------

    def _open(self, required: Sequence[str]) -> None:
        """Find the delimiter and read the header."""
        self._skipped = 0
        first = self._first_line()
        stated = _SEPARATOR_LINE.fullmatch(first)
        if stated:
            first = self._first_line()
        if max(map(first.count, DELIMITERS)) >= MOST_COLUMNS:
            reason = f"the header has more than {MOST_COLUMNS:,} columns"
            raise self.problems.stop(self._skipped or 1, reason)
        self.delimiter = stated["mark"] if stated else self._delimiter(first, required)
        if self.delimiter != ",":
            self.notes.say(f"Columns are separated by {DELIMITERS[self.delimiter]}")
        lines = itertools.chain([first], self._lines) if first else self._lines
        self._reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
        try:
            header = next(self._reader, [])
        except csv.Error as error:
            raise self._no_csv(self._skipped, error) from error
        self.header = [cell.strip().removeprefix("\ufeff").strip() for cell in header]
        self.columns = [self._known.get(_plain(name), name) for name in self.header]

    def _first_line(self) -> str:
        """The next line that is not blank; the others are counted as skipped."""
        for line in self._lines:
            if line.strip():
                self._skipped += 1
                return line
            self._skipped += 1
        return ""

    def _delimiter(self, line: str, required: Sequence[str]) -> str:
        """The mark between the columns: the one by which the header names most that is known."""
        named = {mark: _names(line, mark) for mark in DELIMITERS}
        cutting = [mark for mark, names in named.items() if len(names) > 1]
        if len(cutting) < 2:
            return cutting[0] if cutting else ","
        needed = {_plain(name) for name in required}
        whole = [mark for mark in cutting if needed and needed <= named[mark]]
        if len(whole) == 1:
            return whole[0]
        known = {mark: len(named[mark] & self._known.keys()) for mark in cutting}
        best = [mark for mark in cutting if known[mark] == max(known.values())]
        if len(best) == 1:
            return best[0]
        marks = " or ".join(DELIMITERS[mark] for mark in best)
        raise self.problems.stop(
            self._skipped,
            f"the header does not tell whether its columns are separated by {marks}: write the "
            f"line sep={best[-1] if best[-1] != chr(9) else '<tab>'} (with the mark that separates "
            "them) above it",
        )

    def _check(self, required: Sequence[str], refuses_others: bool) -> None:
        line = self._skipped or 1
        if missing := [name for name in required if name not in self.columns]:
            raise self.problems.stop(
                line,
                f"the header lacks {', '.join(missing)}: it must name {', '.join(required)}, "
                f"and it names {', '.join(filter(None, self.header)) or 'nothing'}",
            )
        if twice := [name for name in self.columns if name and self.columns.count(name) > 1]:
            raise self.problems.stop(line, f"the header names {twice[0]!r} twice")
        others = [name for name in self.columns if name not in self._known.values()]
        if refuses_others and any(others):
            raise self.problems.stop(
                line,
                f"the header names the unknown column {next(filter(None, others))!r}: known are "
                f"{', '.join(self._known.values())}",
            )
        for written, name in zip(self.header, self.columns, strict=True):
            if written != name:
                self.notes.say(f"The column {written!r} is read as {name!r}")
        if unnamed := self.columns.count(""):
            columns = "1 column" if unnamed == 1 else f"{unnamed} columns"
            self.notes.say(f"{columns} without a name left out")

    # --- the rows --------------------------------------------------------------------------------

    def rows(self) -> Iterator[Row]:
        """The rows that are not blank, as they stand in the file."""
        offset, width = max(self._skipped - 1, 0), len(self.columns)
        reader = self._reader
        line = reader.line_num + 1 + offset
        try:
            for cells in reader:
                if line in self.problems.passes:
                    row = quoted_row(cells, self.delimiter)
                    self.problems.on_pass(line, row, quoted_row(self.header, self.delimiter))
                elif any(cells) and any(map(str.strip, cells)):
                    self.read += 1
                    problem = ""
                    if len(cells) != width:
                        problem = f"has {len(cells)} cells, the header has {width}"
                    yield Row(line, cells, problem)
                line = reader.line_num + 1 + offset
        except csv.Error as error:
            raise self._no_csv(line, error) from error

    def _no_csv(self, line: int, error: csv.Error) -> RejectedFile:
        return self.problems.stop(line, f"is no CSV: {error}")

    def cells_of(self, row: Row) -> list[str]:
        """The cells of a row in the order of `columns`, blanks around them cut off and noted."""
        cells = [cell.strip() for cell in row.raw]
        for at in self._verbatim:
            if at < len(cells):
                cells[at] = row.raw[at]
        if cells != row.raw:
            cut = sum(map(str.__ne__, cells, row.raw))
            self.notes.count(BLANKS, row.line, cells=cut)
        return cells

    def __iter__(self) -> Iterator[tuple[int, dict[str, str]]]:
        for line, cells in self.lists():
            yield line, dict(zip(self.columns, cells, strict=True))

    def lists(self) -> Iterator[tuple[int, list[str]]]:
        """As iterating, the cells as a list in the order of `columns`."""
        for row in self.rows():
            if row.problem:
                self.problems.add(row.line, row.problem)
                continue
            cells = self.cells_of(row)
            joined = "".join(cells)
            if "\x00" in joined:
                self.problems.add(row.line, "holds a NUL character, which no text has")
                continue
            if self._unmarks and "'" in joined:
                cells = [unmarked(cell) for cell in cells]
            yield row.line, cells

    def place(self, name: str) -> int | None:
        """Where a column stands; None where the table has none of that name."""
        return self.columns.index(name) if name in self.columns else None

    def note_ignored(self, names: Sequence[str]) -> None:
        """Say which columns nobody reads."""
        if names:
            self.notes.say(f"Ignored columns: {', '.join(names)}")


def _plain(name: str) -> str:
    """A column's name whatever its case, and what stands between its words."""
    return re.sub(r"[\s_-]+", "_", name.strip().removeprefix("\ufeff").strip().casefold())


def _names(line: str, delimiter: str) -> set[str]:
    cells = next(csv.reader([line], delimiter=delimiter), [])
    return {f"{at}" if not cell.strip() else _plain(cell) for at, cell in enumerate(cells)}


def quoted_row(cells: Iterable[object], delimiter: str = ",") -> str:
    """One row of CSV with its line end."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerow(cells)
    return text.getvalue()
