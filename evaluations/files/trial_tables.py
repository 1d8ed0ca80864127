"""Trials as CSV: a row for each message, the rows of a conversation together and in order.

Pure: turns rows into the objects of `trial_files` and back, knows no database. What describes the
whole trial stands in its first row; further rows repeat it or leave it empty.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evaluations.formats.lines import LineError, json_of
from evaluations.instruments.base import Kind
from evaluations.instruments.kinds import KINDS
from evaluations.text.table_cells import marked, unmarked
from evaluations.text.table_reader import Decimals, Notes, Source, Table, quoted_row

TRIAL_COLUMNS = (
    "conversation",
    "format",
    "model",
    "target_value",
    "trial",
    "goal_prompt",
    "induction",
    "value_place",
)
FRAME = "frame"
"""The column of the scene, of tables in which a trial was asked in one."""

CALL_COLUMNS = (
    "seed",
    "parameters",
    "model_returned",
    "system_fingerprint",
    "simulated",
)
MESSAGE_COLUMNS = ("role", "step", "item", "options", "content", "call")
REASONING = "reasoning"
"""The column of what models thought, the last one of a table that has it."""

NEEDED = ("conversation", "model", "target_value", "trial", "role", "content")


def trial_columns(kinds: Iterable[Kind], *, framed: bool = True) -> tuple[str, ...]:
    """The columns that describe a whole trial of one of these kinds; *framed*: with its scene."""
    own = dict.fromkeys(name for kind in kinds for name in kind.files.columns)
    return (*TRIAL_COLUMNS, *([FRAME] if framed else []), *own, *CALL_COLUMNS)


def columns(kinds: Iterable[Kind], *, reasons: bool = True, framed: bool = True) -> tuple[str, ...]:
    """All columns of a table of trials of these kinds; *reasons*: with what models thought;
    *framed*: with the scenes."""
    return (*trial_columns(kinds, framed=framed), *_message_columns(reasons))


def _message_columns(reasons: bool) -> tuple[str, ...]:
    return (*MESSAGE_COLUMNS, REASONING) if reasons else MESSAGE_COLUMNS


def csv_line(values: Sequence[object]) -> str:
    """One row of CSV with its line end."""
    return quoted_row(marked(value) if isinstance(value, str) else value for value in values)


def rows_of(
    conversation: int,
    line: Mapping[str, Any],
    kinds: Collection[Kind],
    *,
    reasons: bool = True,
    framed: bool = True,
) -> Iterator[str]:
    """The rows of a trial, given as the object of a JSON line, in a table with the `columns` of
    these kinds."""
    named = trial_columns(kinds, framed=framed)
    described = {**line, "conversation": conversation}
    whole = [_cell(described.get(name)) for name in named]
    repeated = [described["conversation"], *[""] * (len(named) - 1)]
    calls = iter(line["calls"])
    for message in line["messages"]:
        call = next(calls) if message["role"] == "assistant" else None
        options = " ".join(map(str, message.get("options", ())))
        entries = {**message, "options": options, "call": call or None}
        yield csv_line([*whole, *(_cell(entries.get(name)) for name in _message_columns(reasons))])
        whole = repeated


def _cell(value: object) -> object:
    if value is None or isinstance(value, str):
        return value or ""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else _json(value)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


@dataclass
class Conversation:
    """The rows that belong together, with the line the first begins on; `cells` are the rows as
    they stand in the file, whatever their number of cells."""

    line: int
    name: str
    decimals: Decimals
    rows: list[dict[str, str]] = field(default_factory=list)
    cells: list[list[str]] = field(default_factory=list)
    problem: str = ""

    @property
    def raw(self) -> str:
        """The rows as CSV, for a file of what was refused."""
        return "".join(map(quoted_row, self.cells)).rstrip("\n")

    def described(self) -> dict[str, Any]:
        """The trial as the object of a JSON line. Raises LineError."""
        if self.problem:
            raise LineError(self.problem)
        line: dict[str, Any] = {}
        for name in trial_columns(KINDS.values())[1:]:
            found = {row[name] for row in self.rows if row.get(name)}
            if len(found) > 1:
                raise LineError(f"{name} differs between the rows of conversation {self.name!r}")
            if found or name == "target_value":
                text = unmarked(found.pop()) if found else ""
                line[name] = self._read(name, text)
        line["messages"] = [self._message(row) for row in self.rows]
        if any(row.get("call") for row in self.rows):
            answers = (row for row in self.rows if row["role"] == "assistant")
            line["calls"] = [_as_object("call", row.get("call") or "{}") for row in answers]
        return line

    def _message(self, row: Mapping[str, str]) -> dict[str, Any]:
        message: dict[str, Any] = {"role": row["role"], "content": unmarked(row["content"])}
        if row.get(REASONING):
            message[REASONING] = unmarked(row[REASONING])
        if row.get("step"):
            message["step"] = row["step"]
        if row.get("item"):
            message["item"] = self._whole("item", row["item"])
        if row.get("options"):
            numbers = row["options"].replace(",", " ").split()
            message["options"] = [self._whole("options", number) for number in numbers]
        return message

    def _read(self, name: str, text: str) -> Any:
        if name in _WHOLE:
            return self._whole(name, text)
        own = next((k.files.columns[name] for k in KINDS.values() if name in k.files.columns), str)
        if own is float:
            return self._number(name, text)
        return _as_truth(name, text) if own is bool else _READERS.get(name, _as_text)(name, text)

    def _whole(self, name: str, text: str) -> int:
        try:
            found = self.decimals.whole(text, self.line)
        except ValueError:
            found = None
        if found is None:
            raise LineError(f"{name} is {text[:40]!r}, must be a whole number")
        return found

    def _number(self, name: str, text: str) -> float:
        try:
            return float(self.decimals.text(text, self.line))
        except ValueError:
            raise LineError(f"{name} is {text[:40]!r}, must be a number") from None


def _as_text(name: str, text: str) -> str:
    return text


def _as_truth(name: str, text: str) -> bool:
    if text.casefold() not in ("true", "false"):
        raise LineError(f"{name} is {text[:40]!r}, must be true or false")
    return text.casefold() == "true"


def _as_object(name: str, text: str) -> Any:
    try:
        return json_of(text)
    except LineError as error:
        raise LineError(f"{name} {error}") from None


_WHOLE = ("trial", "seed")
_READERS: dict[str, Callable[[str, str], Any]] = {
    "simulated": _as_truth,
    "parameters": _as_object,
}


@dataclass
class TrialTable:
    """A table of trials: its conversations one at a time, and its header as a row of CSV."""

    table: Table

    @property
    def head(self) -> str:
        return quoted_row(self.table.header)

    def __iter__(self) -> Iterator[Conversation]:
        """The conversations, one in memory at a time; raises RejectedFile for what is no CSV.

        Rows of one conversation that do not stand together are a problem of the later ones.
        """
        named = self.table.columns
        present: Conversation | None = None
        seen: set[str] = set()
        for found in self.table.rows():
            cells = self.table.cells_of(found)
            row = dict(zip(named, cells, strict=False))
            name = row.get("conversation", "")
            if present is None or name != present.name:
                if present is not None:
                    yield present
                present = Conversation(found.line, name, self.table.decimals)
                present.problem = _again(name, seen)
                seen.add(name)
            if found.problem:
                present.problem = present.problem or f"line {found.line} {found.problem}"
            present.rows.append({column: row.get(column, "") for column in named})
            present.cells.append(found.raw)
        if present is not None:
            yield present


def trial_table(
    source: Source,
    notes: Notes | None = None,
    on_read: Callable[[int], object] = lambda size: None,
) -> TrialTable:
    """Open a table of trials; raises RejectedFile for a header that is none of one."""
    optional = [name for name in columns(KINDS.values()) if name not in NEEDED]
    verbatim = ("content", "parameters", "call", REASONING)
    table = Table(
        source,
        NEEDED,
        optional,
        verbatim=verbatim,
        refuses_others=True,
        notes=notes,
        on_read=on_read,
    )
    return TrialTable(table)


def conversations(source: Source) -> Iterator[Conversation]:
    """The conversations of a table of trials; raises RejectedFile."""
    return iter(trial_table(source))


def _again(name: str, seen: set[str]) -> str:
    if not name:
        return "conversation is empty: it tells which rows belong together"
    if name in seen:
        return f"conversation {name!r} has rows further up: the rows of one must stand together"
    return ""
