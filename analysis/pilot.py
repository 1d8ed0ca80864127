"""What a study that has been judged a little says about a larger one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis import queries
from analysis.beyond import reason_of
from analysis.statistics.alpha import krippendorff_alpha
from analysis.statistics.icc import icc
from analysis.statistics.ratings import Ratings
from analysis.statistics.reliability import within_cell
from analysis.statistics.result import Result, Undefined
from annotations.models import Study
from evaluations.models import Trial
from evaluations.natural import natural

_REPLICATES = 500


@dataclass(frozen=True, slots=True)
class Pilot:
    """Estimates from a study. ``shares``: (category, share of judgments) of those that occur;
    ``seconds``: median of a judgment, None when never measured; ``trial_seconds`` of a trial."""

    study: Study
    judgments: int
    raters_per_item: int
    agreement: Result
    consistency: Result
    within_sd: Result
    shares: tuple[tuple[str, float], ...]
    seconds: float | None
    trial_seconds: float | None
    cells: int


def pilot_of(study: Study) -> Pilot:
    """Read *study* as a pilot: its current judgments, and the scores of its trials."""
    judged = queries.judgment_columns(study)
    labels: list[str] = judged["labels"]
    code = np.frombuffer(judged["label"], dtype=f"i{judged['label'].itemsize}")
    seconds = np.frombuffer(judged["seconds"], dtype=np.float64)
    counts = np.bincount(code, minlength=len(labels))
    interval = study.scale == Study.Scale.INTERVAL
    values = np.frombuffer(judged["number"], dtype=np.float64) if interval else code
    ratings = _ratings(judged, values)
    return Pilot(
        study=study,
        judgments=len(code),
        raters_per_item=study.overlap,
        agreement=_agreement(ratings, interval),
        consistency=_consistency(ratings, interval),
        within_sd=_within_sd(study),
        shares=()
        if interval
        else tuple(
            (labels[at], float(counts[at] / len(code))) for at in np.argsort(-counts, kind="stable")
        ),
        seconds=_median(seconds),
        trial_seconds=_trial_seconds(study),
        cells=len(queries.cell_rows(study)),
    )


def _ratings(judged: dict[str, Any], values: Any) -> Ratings:
    item, rater = (np.frombuffer(judged[name], dtype=np.int64) for name in ("item", "rater"))
    units, raters = (np.unique(column, return_inverse=True)[1] for column in (item, rater))
    return Ratings.from_long(units, raters, np.asarray(values, dtype=np.float64))


def _agreement(ratings: Ratings, interval: bool) -> Result:
    if interval:
        return Undefined("this study judges numbers, not categories", ratings.n())
    return krippendorff_alpha(ratings, "nominal", replicates=_REPLICATES)


def _consistency(ratings: Ratings, interval: bool) -> Result:
    if not interval:
        return Undefined("this study judges categories, not numbers", ratings.n())
    if reason := reason_of(ratings.value, "the raters'"):
        return Undefined(reason, ratings.n())
    return icc(ratings, limits="pivot", replicates=_REPLICATES)["ICC(A,1)"]


def _within_sd(study: Study) -> Result:
    versions = [pair for pair in queries.scorer_versions(study) if pair[0] == study.scorer]
    if not versions:
        return Undefined("no trial of this study has a score in degrees", {})
    newest = max(versions, key=lambda pair: natural(pair[1]))
    cell_of = {trial: (cell, number) for trial, cell, number, _ in queries.trial_rows(study)}
    rows = [
        (*cell_of[trial], angle)
        for trial, _, angle, *_ in queries.score_rows(study, *newest)
        if angle is not None
    ]
    if not rows:
        return Undefined("no trial of this study could be scored", {})
    cells = np.unique([row[0] for row in rows], return_inverse=True)[1]
    numbers = np.array([row[1] for row in rows])
    angles = np.array([row[2] for row in rows], dtype=np.float64)
    return within_cell(Ratings.from_long(cells, numbers, angles), replicates=_REPLICATES).sd


def _trial_seconds(study: Study) -> float | None:
    rows = Trial.objects.filter(
        item__study=study, started_at__isnull=False, finished_at__isnull=False
    ).values_list("started_at", "finished_at")
    took = [(end - start).total_seconds() for start, end in rows if start and end]
    return _median(np.array(took))


def _median(seconds: Any) -> float | None:
    known = seconds[np.isfinite(seconds) & (seconds > 0)]
    return float(np.median(known)) if len(known) else None
