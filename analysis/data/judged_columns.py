"""Judgments as columns of a data set: who judged what, in an order set by content alone."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotations.models import Study
from evaluations.text.natural_order import natural


class Kept:
    """Rows split into those kept and those left out; ``index`` maps a kept id to its row."""

    def __init__(self, rows: list[Any], wanted: Any) -> None:
        self.all = rows
        self.rows = [row for row in rows if wanted(row)]
        self.left_out = [row for row in rows if not wanted(row)]
        self.index = {row[0]: at for at, row in enumerate(self.rows)}


def categories_of(study: Study) -> list[str]:
    """The words of a scale that has any; the names of a vector's dimensions are none."""
    if study.scale == Study.Scale.VECTOR:
        return []
    return [str(category) for category in study.categories]


def judgments_of(
    study: Study, judged: dict[str, Any], items: Kept, raters: Kept
) -> tuple[dict[str, Any], list[int], int]:
    """Judgment columns sorted by item and rater, the raters that occur in them, and the number of
    judgments left out with an excluded item or rater."""
    item = _positions(np.frombuffer(judged["item"], dtype=np.int64), items.index)
    rater = _positions(np.frombuffer(judged["rater"], dtype=np.int64), raters.index)
    kept = np.nonzero((item >= 0) & (rater >= 0))[0]
    in_scope = np.isin(np.frombuffer(judged["item"], dtype=np.int64), [row[0] for row in items.all])
    order = kept[np.lexsort((rater[kept], item[kept]))]
    active, rater_code = np.unique(rater[order], return_inverse=True)
    labels, label_code = _labels(study, judged, order)
    number = np.frombuffer(judged["number"], dtype=np.float64)[order]
    confidence = np.frombuffer(judged["confidence"], dtype=np.int8)[order]
    columns = {
        "item": item[order].tolist(),
        "rater": rater_code.tolist(),
        "labels": labels,
        "label": label_code,
        "confidence": confidence.tolist() if confidence.any() else [],
        "number": [],
        "seconds": _or_none(judged["seconds"], order),
        "turn": [],
    }
    if study.source == Study.Source.TRIALS:  # rows of a file came in an order without a meaning
        columns["turn"] = _turns(judged["id"], order, rater_code)
    if study.scale == Study.Scale.INTERVAL:
        columns["number"] = [None if value != value else value for value in number.tolist()]
    return columns, active.tolist(), int(in_scope.sum()) - len(kept)


def given_on_by_rater(pairs: list[tuple[int, int]], items: Kept, raters: Kept) -> Counter[str]:
    """How many judgments of each rater are no part of the report because their place was given on
    to somebody else; '' counts those of raters who are left out anyway."""
    in_scope = {row[0] for row in items.all}
    return Counter(
        raters.rows[raters.index[rater]].pseudonym if rater in raters.index else ""
        for item, rater in pairs
        if item in in_scope
    )


def _or_none(column: Any, order: NDArray[np.int64]) -> list[float | None]:
    """A column of numbers in *order*, None for a missing one; empty when all are missing."""
    values = np.frombuffer(column, dtype=np.float64)[order]
    if np.isnan(values).all():
        return []
    return [None if value != value else value for value in values.tolist()]


def _turns(ids: Any, order: NDArray[np.int64], rater: NDArray[np.intp]) -> list[int]:
    """The place of each judgment among those of its rater, in the order they were given."""
    given = np.frombuffer(ids, dtype=np.int64)[order]
    by_time = np.lexsort((given, rater))
    starts = np.searchsorted(rater[by_time], rater[by_time])
    turn = np.empty(len(given), dtype=np.int64)
    turn[by_time] = np.arange(len(given)) - starts
    return turn.tolist()


def _positions(ids: NDArray[np.int64], index: dict[int, int]) -> NDArray[np.int64]:
    """The row of each id in *index*, -1 for an id that is not there."""
    if not len(index) or not len(ids):
        return np.full(len(ids), -1, dtype=np.int64)
    known = np.fromiter(index.keys(), dtype=np.int64, count=len(index))
    rows = np.fromiter(index.values(), dtype=np.int64, count=len(index))
    order = np.argsort(known)
    at = np.minimum(np.searchsorted(known[order], ids), len(known) - 1)
    return np.where(known[order][at] == ids, rows[order][at], -1)


def _labels(
    study: Study, judged: dict[str, Any], order: NDArray[np.int64]
) -> tuple[list[str], list[int]]:
    """Labels in the study's order, then others by name; and each judgment's code into them.

    On an interval scale the number says it all, so labels are kept only where there is no number:
    a label there is a way out ('unclear'), not a value.
    """
    code = np.frombuffer(judged["label"], dtype=f"i{judged['label'].itemsize}")[order]
    found: list[str] = judged["labels"]
    if study.scale == Study.Scale.INTERVAL:
        unnumbered = np.isnan(np.frombuffer(judged["number"], dtype=np.float64)[order])
        used = {found[at] for at in np.unique(code[unnumbered])}
    else:
        unnumbered = np.ones(len(code), dtype=bool)
        used = {found[at] for at in np.unique(code)}
    declared = categories_of(study)
    labels = declared + sorted(used - set(declared), key=natural)
    at_label = {label: at for at, label in enumerate(labels)}
    recode = np.array([at_label.get(label, -1) for label in found] or [-1])
    return labels, np.where(unnumbered, recode[code], -1).tolist()
