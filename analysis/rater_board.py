"""The quality board of a study: how far it is, and how each rater judges, while it runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import numpy as np
from django.db.models import Count, Q, Sum
from django.utils import timezone

from analysis.rater_quality import (
    SAME_IN_A_ROW,
    TOO_FAST_SHARE,
    Columns,
    Pace,
    WithOthers,
    longest_runs,
    paces,
    sensitivities,
    with_others,
)
from annotations.controls import is_right
from annotations.models import Assignment, Item, Judgment, Rater, Study
from annotations.questions import primary_question

USUAL_THRESHOLD = 3.0
"""Seconds under which a judgment is too fast, unless the page is asked for another threshold."""

CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class Stratum:
    """Progress of one stratum: places wanted, judged and reserved at this moment."""

    name: str
    items: int
    places: int
    judged: int
    reserved: int


@dataclass(slots=True)
class Controls:
    """How often somebody was right on items with a known answer of one kind."""

    right: int = 0
    of: int = 0

    @property
    def missed(self) -> int:
        return self.of - self.right


@dataclass(frozen=True, slots=True)
class RaterRow:
    """One rater on the board. ``notes``: what to look at, in words."""

    rater: Rater
    pace: Pace
    longest_run: int
    gold: Controls
    attention: Controls
    repeats: Controls
    others: WithOthers
    sensitivity: Sequence[float | None]
    notes: Sequence[str]


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the page shows. ``classes`` name the columns of the sensitivities; ``no_classes``
    says why there are none, ``note`` what to be careful about. ``last_hour``:
    judgments of the last hour."""

    strata: Sequence[Stratum]
    rows: Sequence[RaterRow]
    classes: Sequence[str]
    no_classes: str
    note: str
    threshold: float
    last_hour: int
    judged: int
    places: int


def rater_board(study: Study, threshold: float = USUAL_THRESHOLD) -> Board:
    """Compute the board in a fixed number of queries, however many judgments there are."""
    raters = list(Rater.objects.filter(study=study).order_by("pseudonym"))
    strata = _strata(study)
    columns, classes = _columns(study, raters)
    found = sensitivities(columns)
    known = _controls(study)
    rows = [
        _row(rater, known[rater.pk], pace, run, others, sensitivity)
        for rater, pace, run, others, sensitivity in zip(
            raters,
            paces(columns, threshold),
            longest_runs(columns),
            with_others(columns),
            found.rows or [[]] * len(raters),
            strict=True,
        )
    ]
    recent = Judgment.objects.filter(
        item__study=study, revision=1, created_at__gte=timezone.now() - timedelta(hours=1)
    )
    return Board(
        strata=strata,
        rows=sorted(rows, key=lambda row: (not row.notes, row.rater.pseudonym)),
        classes=[] if found.reason else classes,
        no_classes=found.reason,
        note=found.note,
        threshold=threshold,
        last_hour=recent.count(),
        judged=sum(stratum.judged for stratum in strata),
        places=sum(stratum.places for stratum in strata),
    )


def _strata(study: Study) -> list[Stratum]:
    regular = study.items.filter(kind=Item.Kind.REGULAR).order_by()
    held = Assignment.objects.filter(
        item__study=study, is_regular=True, state=Assignment.State.RESERVED
    )
    reserved = dict(held.order_by().values_list("item__stratum").annotate(n=Count("pk")))
    sums = regular.values_list("stratum").annotate(
        items=Count("pk"), places=Sum("places"), taken=Sum("taken")
    )
    return [
        Stratum(name, items, places, taken - reserved.get(name, 0), reserved.get(name, 0))
        for name, items, places, taken in sums.order_by("stratum")
    ]


def _columns(study: Study, raters: Sequence[Rater]) -> tuple[Columns, list[str]]:
    """The current judgments on regular items, by the order of handing out; and the classes."""
    rows = (
        Judgment.objects.current()
        .filter(item__study=study, is_regular=True)
        .with_counted()
        .order_by()
        .values_list(
            *("item_id", "rater_id", "label", "number", "seconds", "away_seconds"),
            *("is_counted", "assignment_id"),
        )
    )
    numeric = study.scale == Study.Scale.INTERVAL
    rater_at = {rater.pk: at for at, rater in enumerate(raters)}
    item_at: dict[int, int] = {}
    codes = {} if numeric else _declared(study)
    table: list[tuple[Any, ...]] = [
        (
            item_at.setdefault(item, len(item_at)),
            rater_at[rater],
            -1 if numeric else codes.setdefault(label, len(codes)),
            np.nan if number is None else number,
            np.nan if seconds is None else max(0.0, seconds - (away or 0)),
            is_counted,
            assignment,
        )
        for item, rater, label, number, seconds, away, is_counted, assignment in rows.iterator(
            CHUNK
        )
        if rater in rater_at
    ]
    table.sort(key=lambda row: row[6])
    parts = list(zip(*table, strict=True)) or [()] * 7
    columns = Columns(
        item=np.array(parts[0], dtype=np.int64),
        rater=np.array(parts[1], dtype=np.int64),
        code=np.array(parts[2], dtype=np.int64),
        number=np.array(parts[3], dtype=np.float64),
        seconds=np.array(parts[4], dtype=np.float64),
        counted=np.array(parts[5], dtype=bool),
        items=len(item_at),
        raters=len(raters),
        categories=len(codes),
    )
    return columns, list(codes)


def _declared(study: Study) -> dict[str, int]:
    """Codes of the declared categories; the values of a vector become codes as they occur."""
    vector = study.scale == Study.Scale.VECTOR
    return {} if vector else {name: at for at, name in enumerate(study.categories)}


@dataclass(slots=True)
class _Known:
    """What a rater did on items whose answer is known, and on their repeats."""

    gold: Controls = field(default_factory=Controls)
    attention: Controls = field(default_factory=Controls)
    repeats: Controls = field(default_factory=Controls)


def _controls(study: Study) -> dict[int, _Known]:
    """Results on gold items, attention checks and repeats, by rater; two queries."""
    question = primary_question(study)
    found: dict[int, _Known] = defaultdict(_Known)
    beside = Judgment.objects.current().filter(item__study=study, is_regular=False).order_by()
    controls = beside.filter(item__kind__in=(Item.Kind.GOLD, Item.Kind.ATTENTION))
    answers = controls.values_list("rater_id", "item__kind", "item__expected", "label")
    for rater, kind, expected, label in answers.iterator(CHUNK):
        tally = found[rater].gold if kind == Item.Kind.GOLD else found[rater].attention
        tally.of += 1
        tally.right += is_right(question, expected, label)
    for rater, same in _repeats(study):
        found[rater].repeats.of += 1
        found[rater].repeats.right += same
    return found


def _repeats(study: Study) -> list[tuple[int, bool]]:
    """(rater, whether they said the same again) for each repeated item."""
    again = Judgment.objects.current().filter(item__study=study, assignment__round=1)
    said = {
        (rater, item): label
        for rater, item, label in again.values_list("rater_id", "item_id", "label")
    }
    if not said:
        return []
    raters, items = {rater for rater, _ in said}, {item for _, item in said}
    first = Judgment.objects.current().filter(
        Q(rater__in=raters), item__in=items, assignment__round=0
    )
    pairs = first.values_list("rater_id", "item_id", "label")
    return [
        (rater, said[rater, item] == label) for rater, item, label in pairs if (rater, item) in said
    ]


def _row(
    rater: Rater,
    known: _Known,
    pace: Pace,
    longest_run: int,
    others: WithOthers,
    sensitivity: Sequence[float | None],
) -> RaterRow:
    notes = []
    if pace.too_fast is not None and pace.too_fast >= TOO_FAST_SHARE:
        notes.append(f"{pace.too_fast:.0%} too fast")
    if longest_run >= SAME_IN_A_ROW:
        notes.append(f"the same answer {longest_run} times in a row")
    if missed := known.attention.missed:
        notes.append(f"{missed} attention check{'' if missed == 1 else 's'} missed")
    if known.gold.missed * 2 > known.gold.of:
        notes.append("most gold items wrong")
    return RaterRow(
        rater,
        pace,
        longest_run,
        known.gold,
        known.attention,
        known.repeats,
        others,
        sensitivity,
        notes,
    )
