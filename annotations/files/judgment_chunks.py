"""Everything that was judged in a study as columns, as fast as a database gives them: for programs
(`judgment_table` is the file that can be imported again).

A row is never an object. What a column holds and where it comes from stands here once; each form of
file is written from its type. The database writes times and JSON as text, so that no value is made
here to be written again there.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum, auto
from itertools import groupby, islice
from typing import Any, NamedTuple

from django.db.models import F, Func, IntegerField, TextField
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from annotations.files.judgment_table import columns_beside, gone_raters
from annotations.models import Judgment, Mark, Study
from evaluations.text.passages.spans import Span, written

CHUNK = 5_000
"""Rows that are in memory at once."""


class Held(Enum):
    """What the values of a column are. None stands for nothing in any of them but TRUTH."""

    WHOLE = auto()
    NUMBER = auto()
    TRUTH = auto()
    """0 or 1."""
    TEXT = auto()
    JSON = auto()
    """Its text."""
    TIME = auto()
    """The text that ``datetime.isoformat`` gives of it in UTC."""


class Column(NamedTuple):
    name: str
    held: Held
    source: str = ""
    """The path from a judgment; '' where the database has no column of it."""


COLUMNS = (
    Column("id", Held.WHOLE, "pk"),
    Column("item", Held.WHOLE, "item__position"),
    Column("item_key", Held.TEXT, "item__external_id"),
    Column("trial", Held.WHOLE, "item__trial_id"),
    Column("rater", Held.TEXT, "rater__pseudonym"),
    Column("label", Held.TEXT, "label"),
    Column("number", Held.NUMBER, "number"),
    Column("confidence", Held.WHOLE, "confidence"),
    Column("answers", Held.JSON, "answers"),
    Column("comment", Held.TEXT, "comment"),
    Column("seconds", Held.NUMBER, "seconds"),
    Column("away_seconds", Held.NUMBER, "away_seconds"),
    Column("revision", Held.WHOLE, "revision"),
    Column("is_current", Held.TRUTH, "is_current"),
    Column("is_regular", Held.TRUTH, "is_regular"),
    Column("is_counted", Held.TRUTH, "is_counted"),
    Column("created_at", Held.TIME, "created_at"),
)

BESIDE = {
    "marks": Column("marks", Held.JSON),
    "at_once": Column("at_once", Held.JSON, "at_once"),
}
"""Columns that only some studies have (`columns_beside`)."""

Chunk = list[Sequence[Any]]
"""The values of some rows, a sequence for each column."""


def columns_of(study: Study) -> list[Column]:
    """What stands in its files, in order."""
    return [*COLUMNS, *(BESIDE[name] for name in columns_beside(study))]


def judgment_chunks(study: Study, columns: Sequence[Column]) -> Iterator[Chunk]:
    """The rows by id, with earlier revisions and what does not count. One chunk is in memory; none
    is empty."""
    gone = gone_raters(study)
    names = [column.name for column in columns]
    kept = [column for column in columns if column.source]
    rows = iter(_rows(study, kept))
    while batch := list(islice(rows, CHUNK)):
        *values, raters = zip(*batch, strict=True)
        known: dict[str, Sequence[Any]] = {
            column.name: value for column, value in zip(kept, values, strict=True)
        }
        if gone:
            said = zip(raters, known["comment"], strict=True)
            known["comment"] = ["" if rater in gone else words for rater, words in said]
        if "marks" in names:
            known["marks"] = _marks(study, known["id"])
        yield [known[name] for name in names]


def _rows(study: Study, columns: Iterable[Column]) -> Iterable[tuple[Any, ...]]:
    """The columns of each judgment, and the id of its rater last."""
    found = Judgment.objects.filter(item__study=study).with_counted().order_by("pk")
    said = {f"said_{column.name}": _AS_SAID[column.held](column.source) for column in columns}
    return found.annotate(**said).values_list(*said, "rater_id").iterator(chunk_size=CHUNK)


def _marks(study: Study, judgments: Sequence[int]) -> list[str]:
    """The passages of judgments, whose ids are in order, as JSON lists."""
    names = Span.__dataclass_fields__
    of_study = Mark.objects.filter(judgment__item__study=study)
    found = of_study.filter(judgment__gte=judgments[0], judgment__lte=judgments[-1])
    rows = found.order_by("judgment_id").values_list("judgment_id", *names).iterator()
    marked = {
        judgment: written(sorted(Span(*row[1:]) for row in of_one))
        for judgment, of_one in groupby(rows, key=lambda row: row[0])
    }
    return [marked.get(judgment, "[]") for judgment in judgments]


class _IsoTime(Func):
    """A time as ``datetime.isoformat`` writes it: without a fraction where that is 0."""

    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        shown = """to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')"""
        template = f"replace({shown}, '.000000', '') || '+00:00'"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "replace(%(expressions)s, ' ', 'T') || '+00:00'"
        return self.as_sql(compiler, connection, template=template, **context)


def _as_text(source: str) -> Combinable:
    return Cast(source, TextField())


# Annotated as what needs no look at each value: Django makes truth values and times one by one.
_AS_SAID: Mapping[Held, Any] = {
    Held.WHOLE: F,
    Held.NUMBER: F,
    Held.TRUTH: lambda source: Cast(F(source), IntegerField()),
    Held.TEXT: F,
    Held.JSON: _as_text,
    Held.TIME: _IsoTime,
}
