"""Everything that was judged in a study as one table, which `import_judgments` reads again.

One row for each current judgment, repeats and answers to items with a known answer included; they
say so in the column stage. Raters stand under their pseudonyms; nothing leads to a person.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from annotations.files.judgment_columns import (
    ANSWER,
    JUDGING,
    OF_JUDGMENT,
    OF_RATER,
    REPEAT,
    LeftOut,
)
from annotations.kinds import CONFIDENCE, REASON
from annotations.models import Assignment, Identity, Item, Judgment, Mark, Rater, Study
from annotations.questions.of_study import further_question
from annotations.scales.numerals import finite
from evaluations.text.passages.spans import Span, written
from evaluations.text.table_cells import marked
from evaluations.text.table_reader import quoted_row

HEAD = (
    *("item", "rater", "value", "stage", "text", "expected"),
    *(name for name in OF_JUDGMENT if name not in ("marks", "at_once")),
    *OF_RATER,
    *("weight", "revision", "trial", "answer"),
)

CHUNK = 2000


@dataclass(frozen=True)
class JudgedRows:
    """The names of the columns, and the rows one at a time; the text of an item stands in its first
    row alone."""

    columns: list[str]
    rows: Iterator[dict[str, Any]]


def judgment_table(study: Study) -> Iterator[str]:
    """The lines of the table with their line ends, the header first; one chunk is in memory."""
    table = judged_rows(study)
    yield quoted_row(table.columns)
    for row in table.rows:
        yield table_line(table.columns, row)


def table_line(columns: Sequence[str], row: Mapping[str, Any]) -> str:
    """A row as a line of the table."""
    return quoted_row(_cell(row.get(name)) for name in columns)


def judged_rows(study: Study, text_of: Callable[[Item], str] | None = None) -> JudgedRows:
    """The rows of the table as they are, before they are written. *text_of*: what stands as the
    text of an item; its own, which a part of a trial has not, where nothing is given."""
    keys, beside = further_keys(study), columns_beside(study)
    marks = [name for name in beside if name == "marks"]
    columns = [*HEAD, *beside, *study.properties, *(f"{ANSWER}{key}" for key in keys)]
    return JudgedRows(columns, _rows(study, marks, text_of or _own_text))


def columns_beside(study: Study) -> list[str]:
    """The columns of passages, and of what was said at once, where anybody said such a thing: a
    file without them stays what it was before there could be any."""
    judged = Judgment.objects.filter(item__study=study)
    there = {
        "marks": Mark.objects.filter(judgment__item__study=study).exists(),
        "at_once": judged.exclude(at_once=[]).exists(),
    }
    return [name for name, is_there in there.items() if is_there]


def _own_text(item: Item) -> str:
    return item.text


def further_keys(study: Study) -> list[str]:
    """The keys of the further questions that have answers of their own."""
    return [
        question.key
        for question in map(further_question, study.further_questions)
        if question.kind not in (CONFIDENCE, REASON)
    ]


def _rows(
    study: Study, marks: Sequence[str], text_of: Callable[[Item], str]
) -> Iterator[dict[str, Any]]:
    names, item = Names(study), None
    judgments = _judgments(study).prefetch_related(*marks)
    for judgment in judgments.iterator(chunk_size=CHUNK):
        is_first, item = judgment.item_id != item, judgment.item_id
        answers = {f"{ANSWER}{key}": value for key, value in judgment.answers.items()}
        text = text_of(judgment.item) if is_first else ""
        row = judgment.item.properties | _row(judgment, names, text) | answers
        row |= {"marks": _passages(judgment)} if marks else {}
        row["at_once"] = "; ".join(judgment.at_once)
        yield row


def _passages(judgment: Judgment) -> str:
    names = Span.__dataclass_fields__
    return written(
        sorted(Span(*(getattr(mark, name) for name in names)) for mark in judgment.marks.all())
    )


def _judgments(study: Study) -> QuerySet:
    identity = Identity.objects.filter(rater=OuterRef("rater_id"))
    return (
        Judgment.objects.current()
        .filter(item__study=study)
        .select_related("item__study", "rater__guideline", "assignment", "guideline")
        .annotate(has_identity=Exists(identity))
        .order_by("item__position", "item_id", "rater__pseudonym", "assignment__round")
    )


class Names:
    """What items are called: their id in the file they came from, or their position."""

    def __init__(self, study: Study) -> None:
        known = study.items.exclude(external_id="").values_list("external_id", flat=True)
        self._taken = set(known)

    def of(self, item: Item) -> str:
        name = item.external_id or str(item.position)
        while not item.external_id and name in self._taken:
            name = f"item {name}"
        return name


def _row(judgment: Judgment, names: Names, text: str) -> dict[str, Any]:
    item, rater, assignment = judgment.item, judgment.rater, judgment.assignment
    return {
        "item": names.of(item),
        "rater": rater.pseudonym,
        "value": judgment.label,
        "stage": _stage(judgment),
        "text": text,
        "expected": item.expected,
        "confidence": judgment.confidence,
        "comment": "" if _is_gone(judgment) else judgment.comment,
        "seconds": judgment.seconds,
        "away_seconds": judgment.away_seconds,
        "focus_losses": judgment.focus_losses,
        "shown_at": assignment.reserved_at,
        "sent_at": judgment.created_at,
        "guideline": judgment.guideline and judgment.guideline.version,
        "left_out": _why_left_out(judgment),
        "language": rater.language,
        "consent": rater.guideline and rater.guideline.version,
        "consented_at": rater.consented_at,
        "rater_kind": rater.kind,
        "weight": "" if item.weight == 1 else item.weight,
        "revision": judgment.revision,
        "trial": item.trial_id,
        "answer": item.answer_number,
    }


def _stage(judgment: Judgment) -> str:
    if judgment.assignment.round:
        return REPEAT
    kind = judgment.item.kind
    return JUDGING if kind == Item.Kind.REGULAR else kind


def _why_left_out(judgment: Judgment) -> str:
    """Why no report counts it; '' for one that is counted, and for what is never counted."""
    withdrawn = judgment.assignment.state == Assignment.State.WITHDRAWN
    return str(LeftOut(judgment.rater.excluded_reason, withdrawn))


def _is_gone(judgment: Judgment) -> bool:
    """Whether the person withdrew, or nothing leads to them any more: then their free words go."""
    return is_gone(judgment.rater, judgment.has_identity)  # type: ignore[attr-defined]


def is_gone(rater: Rater, has_identity: bool) -> bool:
    """Whether *rater* is a person who withdrew, or to whom nothing leads any more."""
    if rater.kind != Rater.Kind.PERSON:
        return False
    is_unknown = rater.user_id is None and not has_identity
    return rater.stage == Rater.Stage.WITHDRAWN or is_unknown


def gone_raters(study: Study) -> set[int]:
    """The ids of the study's raters whose free words are shown to nobody; one query."""
    identity = Identity.objects.filter(rater=OuterRef("pk"))
    raters = Rater.objects.filter(study=study, kind=Rater.Kind.PERSON)
    found = raters.annotate(has_identity=Exists(identity))
    return {rater.pk for rater in found if is_gone(rater, rater.has_identity)}


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str):
        return value if finite(value) is not None else marked(value)
    return "" if value is None else value
