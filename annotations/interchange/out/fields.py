"""What each column of the table of judgments holds, in words and as a type. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from annotations.files.judgment_columns import ANSWER

TEXT, WHOLE, NUMBER, TIME = "text", "whole", "number", "time"


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its type (one of those above) and what it means."""

    name: str
    type: str
    meaning: str


RATER_KINDS = "person; simulated for a program; imported where the judgments were made elsewhere"

_KNOWN = (
    Field("item", TEXT, "Id of what was judged"),
    Field("rater", TEXT, "Pseudonym of the rater"),
    Field("value", TEXT, "What the rater said"),
    Field(
        "stage",
        TEXT,
        "judging; repeat: a second judgment of the same rater; practice, qualification, gold or "
        "attention: an item with a known answer",
    ),
    Field("text", TEXT, "What was judged"),
    Field("expected", TEXT, "The answer of an item with a known one"),
    Field("confidence", WHOLE, "How sure the rater was, 1 to 5"),
    Field("comment", TEXT, "The rater's words"),
    Field("seconds", NUMBER, "Time from shown to sent"),
    Field("away_seconds", NUMBER, "Of that the time away from the page"),
    Field("focus_losses", WHOLE, "How often the page was left"),
    Field("shown_at", TIME, "When the item was shown"),
    Field("sent_at", TIME, "When the judgment was sent"),
    Field("guideline", WHOLE, "Version of the guideline it was made under"),
    Field("left_out", TEXT, "Why no report counts it; empty for one that counts"),
    Field("language", TEXT, "Language of the rater's pages"),
    Field("consent", WHOLE, "Version of what the rater consented to"),
    Field("consented_at", TIME, "When the rater consented"),
    Field("rater_kind", TEXT, RATER_KINDS),
    Field("weight", NUMBER, "1 / probability of being drawn; empty for 1"),
    Field("revision", WHOLE, "How often the rater corrected the judgment"),
    Field("trial", WHOLE, "Number of the trial that is judged"),
    Field("answer", WHOLE, "Number of its answer, where one is judged"),
    Field("marks", TEXT, "What the rater pointed at: dimension and characters of the text"),
    Field("at_once", TEXT, "Dimensions that were said not to be involved in one act"),
    Field("model", TEXT, "Where the item comes from"),
    Field("target_value", TEXT, "What the model was asked to hold"),
    Field("condition", TEXT, "How it was asked"),
    Field("cluster", TEXT, "What the item belongs to, such as a document"),
)
FIELDS: Mapping[str, Field] = {one.name: one for one in _KNOWN}


def field_of(column: str) -> Field:
    """The field of a column; one that is not known is a question's answer or an item's property."""
    if column.startswith(ANSWER):
        words = f"Answer to the further question {column.removeprefix(ANSWER)!r}"
        return Field(column, TEXT, words)
    return FIELDS.get(column) or Field(column, TEXT, "Property of the item")


def typed(column: str, value: Any) -> Any:
    """A value in the type of its column; None where nothing is said."""
    if value is None or value == "":
        return None
    kind = field_of(column).type
    if kind == TIME:
        return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return {TEXT: str, WHOLE: int, NUMBER: float}[kind](value)


@dataclass(frozen=True)
class Described:
    """What is known of a study whose judgments are written.

    scale: its kind. licence: what may be done with the data, '' where nobody said.
    """

    name: str
    slug: str
    project: str
    question: str
    scale: str
    categories: Sequence[str] = ()
    ways_out: Sequence[str] = ()
    raters_are: str = ""
    licence: str = ""
    properties: Sequence[str] = ()


@dataclass
class Told:
    """What the rows told, as they passed: for descriptions that stand beside them."""

    judgments: int = 0
    items: set[str] = field(default_factory=set)
    raters: dict[str, dict[str, Any]] = field(default_factory=dict)
    first: datetime | None = None
    last: datetime | None = None

    def hear(self, row: Mapping[str, Any]) -> None:
        self.judgments += 1
        self.items.add(row["item"])
        rater = self.raters.setdefault(
            row["rater"],
            {
                "rater": row["rater"],
                "kind": row.get("rater_kind") or "person",
                "language": row.get("language") or "",
                "judgments": 0,
            },
        )
        rater["judgments"] += 1
        if sent := typed("sent_at", row.get("sent_at")):
            self.first = min(self.first or sent, sent)
            self.last = max(self.last or sent, sent)

    @property
    def simulated(self) -> int:
        """How many of the raters are programs."""
        return self._of_kind("simulated")

    @property
    def imported(self) -> int:
        """How many of the raters judged elsewhere: whether they are people was not said."""
        return self._of_kind("imported")

    def _of_kind(self, kind: str) -> int:
        return sum(1 for rater in self.raters.values() if rater["kind"] == kind)


def with_texts(rows: Iterable[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    """The rows, which stand together by item, each with the text that only the first of its item
    has in the table."""
    item, text = None, ""
    for row in rows:
        if row["item"] != item:
            item, text = row["item"], row.get("text") or ""
        yield {**row, "text": text}
