"""What a cell of a table says: numbers with a point or a comma, pairs of numbers, and what only
looks like a formula. Pure."""

import re

from evaluations.text.table_words import BadCell, Notes, Problems

_COMMA = re.compile(r"[+-]?\d*,\d+([eE][+-]?\d+)?", re.ASCII)
_POINT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_GROUPS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+", re.ASCII)
_GROUP_BY_POINT = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}", re.ASCII)
_SEVERAL_MARKS = re.compile(r"[+-]?\d+([.,]\d+){2,}", re.ASCII)
_BARS = re.compile(r"\s*(?:\|\s*)+")

DECIMAL_COMMA = "A decimal comma is read as a point"


_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
"""What a spreadsheet would run or swallow; an apostrophe too, so that one can be taken off."""


def marked(text: str) -> str:
    """The text as a cell that no spreadsheet runs as a formula: an apostrophe stands before it."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def unmarked(cell: str) -> str:
    """The text of a cell that `marked` made; any other cell as it is."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def within(cell: str, what: str, longest: int) -> str:
    """The cell, if it says something of at most *longest* characters; BadCell names *what*."""
    if not cell:
        raise BadCell(f"the {what} is empty", what)
    if len(cell) > longest:
        reason = f"the {what} has {len(cell):,} characters, {longest:,} are allowed"
        raise BadCell(reason, what)
    return cell


def pointed(cell: str) -> str:
    """The number a cell writes, with a decimal point: '1,5' is '1.5'; any other cell as it is.

    Raises ValueError where a mark could stand between thousands: '1,234', '1.234,5'.
    """
    if "," not in cell and cell.count(".") < 2:
        return cell
    if _GROUPS.fullmatch(cell) or _SEVERAL_MARKS.fullmatch(cell):
        raise ValueError(
            f"{cell[:40]!r} may be written with thousands or with decimals: write it without marks "
            "between thousands, and decimals behind a point"
        )
    return cell.replace(",", ".") if _COMMA.fullmatch(cell) else cell


class Decimals:
    """The numbers of one table, as its cells write them.

    A table that writes decimals behind a comma may put a point between thousands: a number such as
    1.234 in it is doubtful, and refused by `check` when all of the table was read.
    """

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._comma: tuple[int, str] | None = None
        self._doubtful: list[tuple[int, str]] = []

    def text(self, cell: str, line: int) -> str:
        """As `pointed`; what was converted is noted."""
        found = pointed(cell)
        if found != cell:
            self._comma = self._comma or (line, cell)
            self._notes.count(DECIMAL_COMMA, line, f"{cell!r} is {found}")
        elif "." in cell and len(self._doubtful) < 20 and _GROUP_BY_POINT.fullmatch(cell):
            self._doubtful.append((line, cell))
        return found

    def whole(self, cell: str, line: int) -> int | None:
        """The whole number a cell writes, '1.0' and '1,0' too; None where it writes none."""
        text = self.text(cell, line)
        if not _POINT.fullmatch(text):
            return None
        number = float(text)
        return int(number) if number.is_integer() and abs(number) < 2**63 else None

    def check(self, problems: Problems) -> None:
        """Add a problem for each doubtful number."""
        if self._comma is None:
            return
        line, cell = self._comma
        for at, doubtful in self._doubtful:
            problems.add(
                at,
                f"{doubtful!r} may be a decimal or thousands, as line {line} writes decimals "
                f"behind a comma ({cell!r}): write all of them one way",
            )


def pair_of(cell: str) -> tuple[float, float] | None:
    """The two numbers of a pair (one's own, another's) where a cell shows them: '85|76',
    '100||50', or with the bars on lines of their own as survey tools export a slider; else None.

    Raises ValueError as `pointed` does.
    """
    if "|" not in cell:
        return None
    parts = [pointed(part) for part in _BARS.split(cell.strip())]
    if len(parts) != 2 or not all(_POINT.fullmatch(part) for part in parts):
        return None
    return float(parts[0]), float(parts[1])
