"""What a study that has been judged a little says about a larger one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from django.core.cache import cache

from analysis.data import queries
from analysis.data.extreme_numbers import reason_of
from analysis.data.fingerprint import fingerprint
from analysis.data.parameters import DEFAULTS
from analysis.data.whose_judgments import reason_left_out
from analysis.report.own_stack import on_own_stack
from analysis.statistics.agreement.alpha import krippendorff_alpha
from analysis.statistics.core.ratings import Ratings
from analysis.statistics.core.result import Result, Undefined
from analysis.statistics.numbers.icc import icc
from analysis.statistics.numbers.reliability import within_cell
from analysis.versions.versions import code_of
from annotations.kinds import scale_of_study
from annotations.metrics.metric import metric_of
from annotations.models import Study
from annotations.scales.numbers import Number
from annotations.scales.scale import Scale
from annotations.scales.vectors import Vector
from evaluations.models import Trial

_REPLICATES = 500
_HELD = 24 * 60 * 60
_NOT_ASKED: Result = Undefined("it is no part of this question", {})


@dataclass(frozen=True, slots=True)
class Pilot:
    """Estimates from a study. ``instrument``: of which kind that of its trials is; ``shares``:
    (category, share of judgments) of those that occur; ``seconds``: median of a judgment, None when
    never measured; ``trial_seconds`` of a trial."""

    study: Study
    instrument: str
    judgments: int
    raters_per_item: int
    agreement: Result
    consistency: Result
    within_sd: Result
    shares: tuple[tuple[str, float], ...]
    seconds: float | None
    trial_seconds: float | None
    cells: int


def pilot_of(study: Study, question: str) -> Pilot:
    """Read *study* as a pilot for *question* (agreement, numbers or trials): the judgments that a
    report counts, and the scores of its trials. Held until the study changes."""
    facts = [fingerprint(study).sha256, code_of(__name__), question]
    key = f"pilot:{study.pk}:{':'.join(facts)}"
    found: Pilot | None = cache.get(key)
    if found is None:
        found = _pilot_of(study, question)
        cache.set(key, found, _HELD)
    return found


def _pilot_of(study: Study, question: str) -> Pilot:
    """Only what the question needs is computed: the ICC of 500 raters takes seconds."""
    judged = _counted(study)
    labels, code, seconds = judged["labels"], judged["label"], judged["seconds"]
    counts = np.bincount(code, minlength=len(labels))
    scale = scale_of_study(study)
    ratings = _ratings(judged, judged["number"] if isinstance(scale, Number) else code)
    has_shares = len(code) and not isinstance(scale, Number | Vector)
    return Pilot(
        study=study,
        instrument=queries.kind_of_instrument(study),
        judgments=len(code),
        raters_per_item=study.overlap,
        agreement=_agreement(ratings, scale) if question == "agreement" else _NOT_ASKED,
        consistency=_consistency(ratings, scale) if question == "numbers" else _NOT_ASKED,
        within_sd=_within_sd(study) if question == "trials" else _NOT_ASKED,
        shares=tuple(
            (labels[at], float(counts[at] / len(code))) for at in np.argsort(-counts, kind="stable")
        )
        if has_shares
        else (),
        seconds=_median(seconds),
        trial_seconds=_trial_seconds(study),
        cells=len(queries.cell_rows(study)),
    )


def _counted(study: Study) -> dict[str, Any]:
    """The columns of the judgments whose raters a report counts, as arrays, and ``labels``."""
    judged = queries.judgment_columns(study)
    kinds = {"label": f"i{judged['label'].itemsize}", "item": "i8", "rater": "i8"}
    columns = {
        name: np.frombuffer(judged[name], dtype=kinds.get(name, "f8"))
        for name in ("item", "rater", "label", "number", "seconds")
    }
    kept = [row.id for row in queries.rater_rows(study) if not reason_left_out(row, DEFAULTS)]
    there = np.isin(columns["rater"], kept)
    return {name: column[there] for name, column in columns.items()} | {"labels": judged["labels"]}


def _ratings(judged: dict[str, Any], values: Any) -> Ratings:
    units, raters = (np.unique(judged[name], return_inverse=True)[1] for name in ("item", "rater"))
    return Ratings.from_long(units, raters, np.asarray(values, dtype=np.float64))


def _agreement(ratings: Ratings, scale: Scale) -> Result:
    if isinstance(scale, Number):
        return Undefined("this study judges numbers, not categories", ratings.n())
    if isinstance(scale, Vector):
        return Undefined(
            "this study judges vectors: to say the same of a whole vector is not to agree on its "
            "dimensions, each of which is a question of its own",
            ratings.n(),
        )
    return krippendorff_alpha(ratings, "nominal", replicates=_REPLICATES)


def _consistency(ratings: Ratings, scale: Scale) -> Result:
    if not isinstance(scale, Number):
        return Undefined("this study judges categories, not numbers", ratings.n())
    if reason := reason_of(ratings.value, "the raters'"):
        return Undefined(reason, ratings.n())
    return on_own_stack(lambda: icc(ratings, limits="pivot", replicates=_REPLICATES)["ICC(A,1)"])


def _within_sd(study: Study) -> Result:
    metric = metric_of(study).metric
    if metric is None:
        return Undefined("no metric has scored a trial of this study", {})
    cell_of = {trial: (cell, number) for trial, cell, number, *_ in queries.trial_rows(study)}
    rows = [
        (*cell_of[row.trial_id], row.number)
        for row in queries.score_rows(study, metric)
        if row.number is not None
    ]
    if not rows:
        return Undefined("no trial of this study could be scored", {})
    cells = np.unique([row[0] for row in rows], return_inverse=True)[1]
    numbers = np.array([row[1] for row in rows])
    scores = np.array([row[2] for row in rows], dtype=np.float64)
    return within_cell(Ratings.from_long(cells, numbers, scores), replicates=_REPLICATES).sd


def _trial_seconds(study: Study) -> float | None:
    rows = Trial.objects.filter(
        item__study=study, started_at__isnull=False, finished_at__isnull=False
    ).values_list("started_at", "finished_at")
    took = [(end - start).total_seconds() for start, end in rows if start and end]
    return _median(np.array(took))


def _median(seconds: Any) -> float | None:
    known = seconds[np.isfinite(seconds) & (seconds > 0)]
    return float(np.median(known)) if len(known) else None
