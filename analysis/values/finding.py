"""Does a metric find the answers of which most raters say that they support or oppose a value?

The majority is of the raters alone, value by value: an answer on which they are split over one
value is settled on the others.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.data.frozen import Automated, BoolArray
from analysis.sections.computing import Computing, entry
from analysis.sections.vector_table import said_by
from analysis.statistics.agreement.confusion import ClassScores, classification
from analysis.statistics.core.bootstrap import SumResampler, resampling_interval
from analysis.statistics.core.ratings import FloatArray, Ratings
from analysis.statistics.core.result import SHARE, Estimate, Result, Undefined
from analysis.values.result import Finding, LeftOut, MetricByValue, MetricMean, MetricOnValue
from analysis.values.signs import FEW, NAMES, OPPOSES, SIGNS, SUPPORTS, coded, majorities
from analysis.words.wording import count


def metric_by_value(
    computing: Computing, scorer: Automated, names: list[str], judged: list[Ratings]
) -> MetricByValue:
    """A metric against the majority; *judged*: codes of each of the values *names*."""
    truth = np.column_stack([majorities(ratings) for ratings in judged])
    said = coded(said_by(computing.data, scorer, len(names)))
    truth = np.where(np.isnan(said), np.nan, truth)
    rows = [_value(computing, name, truth[:, at], said[:, at]) for at, name in enumerate(names)]
    return {
        "name": scorer.name,
        "values": rows,
        "supports": _mean(computing, SUPPORTS, truth, said, rows),
        "opposes": _mean(computing, OPPOSES, truth, said, rows),
    }


def _value(computing: Computing, name: str, truth: FloatArray, said: FloatArray) -> MetricOnValue:
    classes = classification(
        truth,
        said,
        len(SIGNS),
        clusters=computing.clusters,
        names=NAMES,
        **computing.bootstrapped,
    ).classes
    few = [
        f"{NAMES[sign]} on {count(classes[sign].truth, 'answer')}"
        for sign in (SUPPORTS, OPPOSES)
        if classes[sign].truth < FEW
    ]
    return {
        "value": name,
        "items": int(np.count_nonzero(~np.isnan(truth))),
        "supports": _finding(classes[SUPPORTS]),
        "opposes": _finding(classes[OPPOSES]),
        "warnings": [f"fewer than ten cases by the majority: {', '.join(few)}"] if few else [],
    }


def _finding(scores: ClassScores) -> Finding:
    return {
        "cases": scores.truth,
        "found": scores.predicted,
        "precision": entry("precision", "Precision", scores.precision),
        "recall": entry("recall", "Recall", scores.recall),
        "f1": entry("f1", "F1", scores.f1),
    }


def _mean(
    computing: Computing,
    sign: int,
    truth: FloatArray,
    said: FloatArray,
    rows: list[MetricOnValue],
) -> MetricMean:
    """Mean F1 of a sign over the values with cases enough."""
    name = NAMES[sign]
    cases = np.count_nonzero(truth == sign, axis=0)
    left_out: list[LeftOut] = [
        {
            "value": row["value"],
            "reason": f"{name} on {count(int(n), 'answer')} by the majority, fewer than ten",
        }
        for row, n in zip(rows, cases, strict=True)
        if n < FEW
    ]
    kept = cases >= FEW
    known = ~np.isnan(truth[:, kept]).all(axis=1) if kept.any() else np.zeros(len(truth), bool)
    clusters = computing.clusters_where(known)
    result = mean_f1(
        truth[known][:, kept] == sign,
        (said[known][:, kept] == sign) & ~np.isnan(truth[known][:, kept]),
        clusters=None if clusters is None else np.unique(clusters, return_inverse=True)[1],
        **computing.bootstrapped,
    )
    return {"f1": entry(f"f1_{name}_macro", f"Mean F1 of {name}", result), "left_out": left_out}


def mean_f1(truth: BoolArray, said: BoolArray, **options: Any) -> Result:
    """Mean over values of 2 hits/(cases + found); *truth*, *said*: answers x values.

    Whole answers are resampled, or clusters of them. Undefined without a value.
    """
    units, values = truth.shape
    n = {"units": units, "values": values}
    if not values:
        return Undefined("no value has ten cases by the majority", n)

    def mean(sums: FloatArray) -> FloatArray:
        hits, held = np.split(sums, 2, axis=-1)
        each = np.divide(2 * hits, held, out=np.full(hits.shape, np.nan), where=held > 0)
        return np.asarray(each.mean(axis=-1))

    features = np.hstack([truth & said, truth.astype(np.float64) + said])
    resampler = SumResampler(features, mean, counted=True)
    interval, warnings, details = resampling_interval(resampler, **options)
    return Estimate.of(resampler.value(), interval, n, warnings, details, within=SHARE)
