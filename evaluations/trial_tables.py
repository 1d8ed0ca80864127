"""Trials as CSV: a row for each message, the rows of a conversation together and in order.

Pure: turns rows into the objects of `trial_files` and back, knows no database. What describes the
whole trial stands in its first row; further rows repeat it or leave it empty.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evaluations.outside import FiniteDecoder
from evaluations.trial_files import LineError

TRIAL_COLUMNS = (
    "conversation",
    "format",
    "model",
    "target_value",
    "trial",
    "goal_prompt",
    "induction",
    "value_place",
    "option_order",
    "constrained",
    "payoff_scale",
    "seed",
    "parameters",
    "model_returned",
    "system_fingerprint",
    "simulated",
)
MESSAGE_COLUMNS = ("role", "step", "item", "content", "call")
COLUMNS = (*TRIAL_COLUMNS, *MESSAGE_COLUMNS)
NEEDED = ("conversation", "model", "target_value", "trial", "role", "content")

LONGEST_CELL = 2**24
"""Characters; the reader's own limit of 131,072 is less than some models say."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")


class TableError(ValueError):
    """The file is no table of trials, or cannot be read any further from `line` on."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def marked(text: str) -> str:
    """The text as a cell that no spreadsheet runs as a formula: an apostrophe stands before it."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def unmarked(cell: str) -> str:
    """The text of a cell that `marked` made; any other cell as it is."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def csv_line(values: Sequence[object]) -> str:
    """One row of CSV with its line end."""
    return _row(marked(value) if isinstance(value, str) else value for value in values)


def _row(cells: Iterable[object]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


def rows_of(conversation: int, line: Mapping[str, Any]) -> Iterator[str]:
    """The rows of a trial, given as the object of a JSON line."""
    described = {**line, "conversation": conversation}
    whole = [_cell(described.get(name)) for name in TRIAL_COLUMNS]
    repeated = [described["conversation"], *[""] * (len(TRIAL_COLUMNS) - 1)]
    calls = iter(line["calls"])
    for message in line["messages"]:
        call = next(calls) if message["role"] == "assistant" else None
        entries = {**message, "call": call or None}
        yield csv_line([*whole, *(_cell(entries.get(name)) for name in MESSAGE_COLUMNS)])
        whole = repeated


def _cell(value: object) -> object:
    if value is None or isinstance(value, str):
        return value or ""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else _json(value)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


@dataclass
class Conversation:
    """The rows that belong together, with the line the first begins on."""

    line: int
    name: str
    rows: list[dict[str, str]] = field(default_factory=list)
    problem: str = ""

    @property
    def raw(self) -> str:
        """The rows as CSV, for a file of what was refused."""
        return "".join(_row(row.values()) for row in self.rows).rstrip("\n")

    def described(self) -> dict[str, Any]:
        """The trial as the object of a JSON line. Raises LineError."""
        if self.problem:
            raise LineError(self.problem)
        line: dict[str, Any] = {}
        for name in TRIAL_COLUMNS[1:]:
            found = {row[name] for row in self.rows if row.get(name)}
            if len(found) > 1:
                raise LineError(f"{name} differs between the rows of conversation {self.name!r}")
            if found or name == "target_value":
                text = unmarked(found.pop()) if found else ""
                line[name] = _READERS.get(name, _as_text)(name, text)
        line["messages"] = [self._message(row) for row in self.rows]
        if any(row.get("call") for row in self.rows):
            answers = (row for row in self.rows if row["role"] == "assistant")
            line["calls"] = [_as_object("call", row.get("call") or "{}") for row in answers]
        return line

    def _message(self, row: Mapping[str, str]) -> dict[str, Any]:
        message: dict[str, Any] = {"role": row["role"], "content": unmarked(row["content"])}
        if row.get("step"):
            message["step"] = row["step"]
        if row.get("item"):
            message["item"] = _as_whole("item", row["item"])
        return message


def _as_text(name: str, text: str) -> str:
    return text


def _as_whole(name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise LineError(f"{name} is {text[:40]!r}, must be a whole number") from None


def _as_number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise LineError(f"{name} is {text[:40]!r}, must be a number") from None


def _as_truth(name: str, text: str) -> bool:
    if text.casefold() not in ("true", "false"):
        raise LineError(f"{name} is {text[:40]!r}, must be true or false")
    return text.casefold() == "true"


def _as_object(name: str, text: str) -> Any:
    try:
        return json.loads(text, cls=FiniteDecoder)
    except json.JSONDecodeError as error:
        raise LineError(f"{name} is not JSON ({error.msg} at column {error.colno})") from None


_READERS: dict[str, Callable[[str, str], Any]] = {
    "trial": _as_whole,
    "seed": _as_whole,
    "payoff_scale": _as_number,
    "constrained": _as_truth,
    "simulated": _as_truth,
    "parameters": _as_object,
}


def conversations(lines: Iterable[str | bytes]) -> Iterator[Conversation]:
    """The conversations of a table, one in memory at a time; raises TableError.

    Rows of one conversation that do not stand together are a problem of the later ones.
    """
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_CELL))
    reader = csv.reader(_decoded(lines), strict=True)
    try:
        columns = _header(next(reader, []))
        present: Conversation | None = None
        seen: set[str] = set()
        start = reader.line_num + 1
        for cells in reader:
            line, start = start, reader.line_num + 1
            if not any(cells):
                continue
            row = dict(zip(columns, cells, strict=False))
            name = row.get("conversation", "")
            if present is None or name != present.name:
                if present is not None:
                    yield present
                present = Conversation(line, name)
                present.problem = _again(name, seen)
                seen.add(name)
            if len(cells) != len(columns):
                count = f"has {len(cells)} cells, the header has {len(columns)}"
                present.problem = present.problem or f"line {line} {count}"
            present.rows.append({column: row.get(column, "") for column in columns})
        if present is not None:
            yield present
    except csv.Error as error:
        raise TableError(reader.line_num, f"is not CSV ({error})") from None


def _again(name: str, seen: set[str]) -> str:
    if not name:
        return "conversation is empty: it tells which rows belong together"
    if name in seen:
        return f"conversation {name!r} has rows further up: the rows of one must stand together"
    return ""


def _decoded(lines: Iterable[str | bytes]) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        if isinstance(line, str):
            yield line if line.endswith("\n") else f"{line}\n"
            continue
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise TableError(number, f"is not UTF-8 (byte {error.start + 1})") from None


def _header(cells: Sequence[str]) -> list[str]:
    columns = [cell.strip() for cell in cells]
    expected = f"a table of trials has the columns {', '.join(COLUMNS)}"
    for mark, name in ((";", "semicolons"), ("\t", "tabs")):
        if len(columns) == 1 and mark in columns[0]:
            raise TableError(1, f"the columns are separated by {name}: separate them by commas")
    if unknown := [name for name in columns if name not in COLUMNS]:
        raise TableError(1, f"has the unknown column {unknown[0]!r}; {expected}")
    if twice := [name for name in columns if columns.count(name) > 1]:
        raise TableError(1, f"has the column {twice[0]!r} twice")
    if missing := [name for name in NEEDED if name not in columns]:
        raise TableError(1, f"lacks the column {missing[0]!r}; {expected}")
    return columns
