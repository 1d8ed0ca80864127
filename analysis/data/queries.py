"""Reads for a data set: few queries, columns instead of objects, nothing concluded here.

Each function gives columns in a stable order that depends on what was judged, not on when.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import QuerySet

from analysis.data.whose_judgments import RaterRow
from annotations.judging.repeats import said_twice
from annotations.metrics.metric import in_cells_of
from annotations.models import (
    AutomatedLabel,
    Decision,
    Dispute,
    Item,
    Judgment,
    Rater,
    Study,
)
from evaluations.instruments.kinds import DEFAULT_KIND
from evaluations.models import Cell, Metric, Reading, Score, Trial
from evaluations.text.natural_order import natural

CHUNK = 20_000


def item_rows(study: Study) -> list[tuple[int, int, str, str, float, int | None]]:
    """(id, position, key, stratum, weight, trial id) of all regular items, by position."""
    regular = study.items.filter(kind=Item.Kind.REGULAR).order_by("position")
    rows = regular.values_list(
        "id", "position", "external_id", "stratum", "weight", "trial_id", "answer_number"
    )
    return [
        (item, position, external or _key(position, trial, answer), stratum, weight, trial)
        for item, position, external, stratum, weight, trial, answer in rows
    ]


def item_properties(study: Study) -> dict[int, dict[str, str]]:
    """What their file says of the regular items, by item id; items it says nothing of are left
    out."""
    if not study.properties:
        return {}
    rows = study.items.filter(kind=Item.Kind.REGULAR).order_by().values_list("id", "properties")
    return {item: said for item, said in rows.iterator(chunk_size=CHUNK) if said}


def _key(position: int, trial: int | None, answer: int | None) -> str:
    if trial is None:
        return f"item {position}"
    return f"trial {trial}" if answer is None else f"trial {trial} answer {answer}"


def rater_rows(study: Study) -> list[RaterRow]:
    """All raters, by pseudonym as a person would sort it."""
    rows = Rater.objects.filter(study=study).order_by().values_list(*RaterRow._fields)
    return sorted((RaterRow(*row) for row in rows), key=lambda row: natural(row.pseudonym))


def cultures(study: Study) -> dict[int, str]:
    """The culture of each rater who has one, by rater id."""
    rows = Rater.objects.filter(study=study).exclude(culture="").order_by("id")
    return dict(rows.values_list("id", "culture"))


def judgment_columns(study: Study) -> dict[str, Any]:
    """Judgments in place: typed columns ``item`` and ``rater`` (ids), ``label`` (code into
    ``labels``), ``number`` and ``seconds`` (NaN for none), ``confidence`` (0 for none) and ``id``
    (which says in what order they were given), in no order."""
    item, rater, label, confidence = array("q"), array("q"), array("l"), array("b")
    number, seconds, given = array("d"), array("d"), array("q")
    codes: dict[str, int] = {}
    rows = (
        _in_place(study)
        .order_by()
        .values_list("item_id", "rater_id", "label", "number", "confidence", "seconds", "id")
    )
    for item_id, rater_id, said, value, sure, took, judgment in rows.iterator(chunk_size=CHUNK):
        item.append(item_id)
        rater.append(rater_id)
        label.append(codes.setdefault(said, len(codes)))
        number.append(float("nan") if value is None else value)
        confidence.append(sure or 0)
        seconds.append(float("nan") if took is None else took)
        given.append(judgment)
    return {
        "item": item,
        "rater": rater,
        "label": label,
        "number": number,
        "confidence": confidence,
        "seconds": seconds,
        "id": given,
        "labels": list(codes),
    }


def _in_place(study: Study) -> QuerySet[Judgment]:
    return Judgment.objects.in_place().filter(item__study=study)


def given_on(study: Study) -> list[tuple[int, int]]:
    """(item id, rater id) of the judgments whose place was given on to somebody else, in order."""
    rows = Judgment.objects.given_on().filter(item__study=study)
    return list(rows.order_by("item__position", "rater_id").values_list("item_id", "rater_id"))


RepeatRow = tuple[int, int, str, float | None, str, float | None]


def repeat_rows(study: Study) -> list[RepeatRow]:
    """(item id, rater id, label and number first said, label and number said again) of the planned
    repeats whose first judgment counts, by item and rater."""
    pairs = said_twice(study)
    repeats = Judgment.objects.filter(item__study=study, assignment__round__gt=0)
    repeated = _in_place(study).filter(item__in=repeats.values("item_id"))
    counting = set(repeated.values_list("item_id", "rater_id"))
    return [
        (pair.item_id, pair.rater_id, *pair.first, *pair.again)
        for pair in pairs
        if (pair.item_id, pair.rater_id) in counting
    ]


def further_answers(study: Study) -> list[tuple[int, int, dict[str, Any]]]:
    """(item id, rater id, answers by key) of the judgments that count and answer a further
    question, in no order."""
    rows = _in_place(study).exclude(answers={}).order_by()
    return list(rows.values_list("item_id", "rater_id", "answers").iterator(chunk_size=CHUNK))


def reading_rows(study: Study) -> list[tuple[str, str, int, str, str]]:
    """(reader, version, item id, outcome, label) of how the study's answers were read."""
    answers = {
        (trial, answer): item
        for item, trial, answer in study.items.filter(
            kind=Item.Kind.REGULAR, answer_number__isnull=False
        ).values_list("id", "trial_id", "answer_number")
    }
    trials = Item.objects.filter(study=study, trial__isnull=False).values("trial_id")
    rows = Reading.objects.filter(answer__trial__in=trials).order_by("answer_id", "id")
    columns = ("reader", "version", "answer__trial_id", "answer__item_number")
    return [
        (reader, version, answers[trial, number], outcome, label)
        for reader, version, trial, number, outcome, label in rows.values_list(
            *columns, "outcome", "label"
        )
        if (trial, number) in answers
    ]


def automated_of_items(study: Study) -> list[tuple[str, int, str, float | None, str]]:
    """(scorer, item id, label, number, why it is no valid label) of imported automated labels."""
    rows = AutomatedLabel.objects.filter(item__study=study)
    return list(
        rows.order_by("scorer", "item__position").values_list(
            "scorer", "item_id", "label", "number", "reason"
        )
    )


def cell_rows(study: Study) -> list[Cell]:
    """The cells that the study's trials come from, with run, endpoint and language."""
    touched = Item.objects.filter(study=study, trial__isnull=False).values("trial__cell_id")
    return list(
        Cell.objects.filter(id__in=touched)
        .select_related("prompt_pack", "frame", "run__instrument", "endpoint")
        .defer("prompt_pack__definition", "frame__definition", "run__instrument__definition")
        .order_by("id")
    )


def kind_of_instrument(study: Study) -> str:
    """The kind of the instrument of the study's trials, which have one; the first kind where it
    has none or was not stored yet."""
    if study.pk is None:
        return DEFAULT_KIND
    of_trials = Item.objects.filter(study=study, trial__isnull=False).order_by("pk")
    kind = of_trials.values_list("trial__run__instrument__kind", flat=True).first()
    return kind or DEFAULT_KIND


def trial_rows(study: Study) -> list[tuple[int, int, int, bool, str]]:
    """(id, cell id, number, simulated, prompt) of every complete trial in the study's cells, by
    cell, number and prompt.

    The trials that were not drawn into the study are here too: how far the trials of a cell agree
    is asked of all of them.
    """
    rows = Trial.objects.filter(in_cells_of(study)).order_by()
    found = rows.values_list("id", "cell_id", "number", "is_simulated", "prompt")
    # By letters, not as a database collates them: the order is part of a data set's hash.
    return sorted(found, key=lambda row: (row[1], row[2], row[4]))


def metrics_of(study: Study) -> list[Metric]:
    """The metrics that scored some of the study's trials, by name and version."""
    scores = Score.objects.filter(in_cells_of(study, "trial__")).order_by()
    scored = scores.values_list("metric", flat=True).distinct()
    return sorted(Metric.objects.in_bulk(list(scored)).values(), key=lambda m: (m.name, m.version))


def has_vectors(study: Study) -> bool:
    """Whether a metric gave some of the study's trials a vector."""
    scores = Score.objects.filter(in_cells_of(study, "trial__"), vector__isnull=False)
    return scores.exists()


class ScoreRow(NamedTuple):
    """What a data set holds of a score; `vector` by the names of its dimensions."""

    trial_id: int
    label: str
    number: float | None
    vector: dict[str, float] | None
    reason: str
    flags: list[str]
    fit: float | None
    fit_corrected: float | None


def score_rows(study: Study, metric: Metric) -> Iterable[ScoreRow]:
    """The scores of the study's trials by one metric, in the order of its cells."""
    rows = (
        Score.objects.filter(in_cells_of(study, "trial__"), metric=metric)
        .order_by("trial__cell_id", "trial__number")
        .values_list(*ScoreRow._fields)
    )
    return (ScoreRow(*row) for row in rows.iterator(chunk_size=CHUNK))


def decision_rows(study: Study) -> list[tuple[int, str]]:
    """(item id, label) of the newest decision of each decided dispute, by item position."""
    rows = Decision.objects.filter(
        dispute__item__study=study, dispute__state=Dispute.State.DECIDED
    ).order_by("id")
    newest = dict(rows.values_list("dispute__item_id", "label"))
    return sorted(newest.items())
