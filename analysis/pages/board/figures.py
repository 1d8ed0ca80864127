"""How each rater of a study judges, in figures: read from all that was judged.

The work of the quality board: seconds for a study of hundreds of thousands of judgments. So it is
done once for each state of the study (`analysis.data.fingerprint`), and kept for whoever looks
next.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from django.core.cache import cache

from analysis.data.fingerprint import fingerprint
from analysis.pages.board.quality import (
    Columns,
    Pace,
    WithOthers,
    longest_runs,
    paces,
    sensitivities,
    with_others,
)
from analysis.versions.versions import code_of
from annotations.judging.repeats import said_twice
from annotations.models import Item, Judgment, Rater, Study
from annotations.questions.controls import is_right
from annotations.questions.of_study import primary_question

CHUNK = 20_000

KEPT_SECONDS = 3600
"""How long the figures of a study at rest are kept for."""


@dataclass(slots=True)
class Controls:
    """How often somebody was right on items with a known answer of one kind."""

    right: int = 0
    of: int = 0

    @property
    def missed(self) -> int:
        return self.of - self.right


@dataclass(slots=True)
class Known:
    """What a rater did on items whose answer is known, and on their repeats."""

    gold: Controls = field(default_factory=Controls)
    attention: Controls = field(default_factory=Controls)
    repeats: Controls = field(default_factory=Controls)


@dataclass(frozen=True, slots=True)
class RaterFigures:
    """How one rater judges. ``sensitivity``: for each class."""

    pace: Pace
    longest_run: int
    known: Known
    others: WithOthers
    sensitivity: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of each rater, by key. ``classes`` name the sensitivities; ``no_classes`` says
    why there are none, ``note`` what to be careful about."""

    raters: dict[int, RaterFigures]
    classes: Sequence[str]
    no_classes: str
    note: str


def figures(study: Study, threshold: float) -> Figures:
    """The figures of *study* as it is now; *threshold*: seconds under which a judgment is too fast.

    The same whoever asks, as long as nothing changes in the study: its fingerprint is compared.
    """
    state = [fingerprint(study).sha256, code_of(__name__)]
    key = f"rater_figures:{study.pk}:{threshold!r}"
    kept = cache.get(key)
    if kept is None or kept[0] != state:
        kept = state, _computed(study, threshold)
        cache.set(key, kept, KEPT_SECONDS)
    found: Figures = kept[1]
    return found


def _computed(study: Study, threshold: float) -> Figures:
    raters = list(Rater.objects.filter(study=study).order_by("pk").values_list("pk", flat=True))
    columns, classes = _columns(study, raters)
    found = sensitivities(columns)
    known = _controls(study)
    rows = zip(
        raters,
        paces(columns, threshold),
        longest_runs(columns),
        with_others(columns),
        found.rows or [[]] * len(raters),
        strict=True,
    )
    return Figures(
        raters={
            rater: RaterFigures(pace, run, known[rater], others, sensitivity)
            for rater, pace, run, others, sensitivity in rows
        },
        classes=[] if found.reason else classes,
        no_classes=found.reason,
        note=found.note,
    )


def _columns(study: Study, raters: Sequence[int]) -> tuple[Columns, list[str]]:
    """The current judgments on regular items, by the order of handing out; and the classes."""
    numeric = study.scale == Study.Scale.INTERVAL
    rater_at = {rater: at for at, rater in enumerate(raters)}
    item_at: dict[int, int] = {}
    codes = {} if numeric else _declared(study)
    item, rater, code, given = array("q"), array("q"), array("q"), array("q")
    number, looked = array("d"), array("d")
    current = Judgment.objects.regular().filter(item__study=study).order_by()
    rows = current.values_list(
        "item_id", "rater_id", "label", "number", "seconds", "away_seconds", "assignment_id"
    )
    for item_id, rater_id, label, value, seconds, away, assignment in rows.iterator(CHUNK):
        if rater_id not in rater_at:
            continue
        item.append(item_at.setdefault(item_id, len(item_at)))
        rater.append(rater_at[rater_id])
        code.append(-1 if numeric else codes.setdefault(label, len(codes)))
        number.append(np.nan if value is None else value)
        looked.append(np.nan if seconds is None else max(0.0, seconds - (away or 0)))
        given.append(assignment)
    not_counted = current.with_counted().filter(is_counted=False)
    left_out = np.array(not_counted.values_list("assignment_id", flat=True), dtype=np.int64)
    handed = np.frombuffer(given, dtype=np.int64)
    order = np.argsort(handed)
    columns = Columns(
        item=np.frombuffer(item, dtype=np.int64)[order],
        rater=np.frombuffer(rater, dtype=np.int64)[order],
        code=np.frombuffer(code, dtype=np.int64)[order],
        number=np.frombuffer(number, dtype=np.float64)[order],
        seconds=np.frombuffer(looked, dtype=np.float64)[order],
        counted=~np.isin(handed, left_out)[order],
        items=len(item_at),
        raters=len(raters),
        categories=len(codes),
    )
    return columns, list(codes)


def _declared(study: Study) -> dict[str, int]:
    """Codes of the declared categories; the values of a vector become codes as they occur."""
    vector = study.scale == Study.Scale.VECTOR
    return {} if vector else {name: at for at, name in enumerate(study.categories)}


def _controls(study: Study) -> dict[int, Known]:
    """Results on gold items, attention checks and repeats, by rater; three queries."""
    question = primary_question(study)
    found: dict[int, Known] = defaultdict(Known)
    # The first answer counts: a rater who finds out which items these are could correct the rest.
    first = Judgment.objects.filter(item__study=study, is_regular=False, revision=1).order_by()
    controls = first.filter(item__kind__in=(Item.Kind.GOLD, Item.Kind.ATTENTION))
    answers = controls.values_list("rater_id", "item__kind", "item__expected", "label")
    for rater, kind, expected, label in answers.iterator(CHUNK):
        tally = found[rater].gold if kind == Item.Kind.GOLD else found[rater].attention
        tally.of += 1
        tally.right += is_right(question, expected, label)
    for pair in said_twice(study):
        tally = found[pair.rater_id].repeats
        tally.of += 1
        tally.right += question.scale.same(pair.again[0], pair.first[0])
    return found
