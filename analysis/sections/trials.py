"""Does a model give the same angle again? Internal consistency over the trials of a cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from analysis.data.frozen import UNSCORABLE, Automated, FloatArray, IntArray
from analysis.sections.common import Computing, Section, entry, warning
from analysis.sections.crosscheck import crosscheck, impossible
from analysis.statistics.core.ratings import Ratings
from analysis.statistics.core.result import Result, Undefined
from analysis.statistics.numbers.reliability import within_cell
from analysis.words.wording import count, sentence

REFERENCE = {
    "value": 0.78,
    "text": "test-retest ICC of people on the SVO slider measure, N = 495",
    "source": "de Matos Fernandes et al. 2022",
    "caution": (
        "The two are not the same thing: the ICC of people sets their scatter between two sittings "
        "against differences between persons, the one here sets the scatter of trials against "
        "differences between cells, which the target values are meant to make large."
    ),
}


def trials(computing: Computing) -> Section | None:
    """Within-cell SD, MDC95 (degrees) and ICC(1,1) over the scored trials of the study's cells.

    Targets are the cells, repeats are their trials. None when no metric gives angles of trials.
    """
    for scorer in computing.data.automated:
        if len(scorer.trial_number):
            return _Cells(computing, scorer).section()
    return None


class _Cells:
    """The scored trials of one metric, by cell."""

    def __init__(self, computing: Computing, scorer: Automated) -> None:
        self.computing, self.scorer = computing, scorer
        self.cell: IntArray = np.array(computing.data.content["trials"]["cell"], dtype=np.int64)
        self.angle: FloatArray = scorer.trial_number
        self.scored = ~np.isnan(self.angle)

    def section(self) -> Section:
        statistics = self.statistics(self.ratings())
        return {
            "scorer": self.scorer.name,
            "trials": len(self.cell),
            "scored": int(self.scored.sum()),
            "statistics": statistics,
            "reference": REFERENCE,
            "cells": self.table(),
            "crosscheck": self.crosscheck(),
            "warnings": self.warnings(statistics),
        }

    def ratings(self) -> Ratings:
        """Angles as targets (cells with a scored trial) x repeats."""
        cell = self.cell[self.scored]
        present, unit = np.unique(cell, return_inverse=True)
        return Ratings.from_long(
            unit, _running_number(unit), self.angle[self.scored], n_units=len(present)
        )

    def statistics(self, ratings: Ratings) -> list[dict[str, Any]]:
        names = {
            "within_sd": "Within-cell SD, degrees (the SEM of one trial)",
            "mdc95": "MDC95, degrees",
            "icc_1_1": "ICC(1,1) of the trials of a cell",
        }
        found: Sequence[Result]
        if reason := self.nothing_repeated(ratings):
            found = [Undefined(reason, ratings.n())] * len(names)
        else:
            within = within_cell(ratings, **self.computing.bootstrapped)
            found = (within.sd, within.mdc, within.icc)
        return [
            entry(key, name, result)
            for (key, name), result in zip(names.items(), found, strict=True)
        ]

    def nothing_repeated(self, ratings: Ratings) -> str | None:
        """Why trials that have no angle leave nothing to compare."""
        if not self.scored.any():
            return "no trial of the cells has an angle"
        if not (ratings.per_unit() > 1).any():
            return "no cell has two trials with an angle, so nothing is repeated"
        return None

    def table(self) -> list[dict[str, Any]]:
        """One row a cell: how many trials, how many scored, mean, SD and range of the angles."""
        cells = self.computing.data.content["cells"]
        simulated = np.array(self.computing.data.content["trials"]["simulated"], dtype=bool)
        return [
            {name: facts[name] for name in ("run", "model", "condition", "target_value")}
            | {"simulated": bool(simulated[self.cell == at].any())}
            | self._row(self.cell == at)
            for at, facts in enumerate(cells)
        ]

    def _row(self, mask: Any) -> dict[str, Any]:
        angles = self.angle[mask & self.scored]
        labels = [
            label
            for label, here in zip(self.scorer.trial_label, mask.tolist(), strict=True)
            if here and label not in ("", UNSCORABLE)
        ]
        return {
            "trials": int(mask.sum()),
            "scored": len(angles),
            "mean": float(angles.mean()) if len(angles) else None,
            "sd": float(angles.std(ddof=1)) if len(angles) > 1 else None,
            "low": float(angles.min()) if len(angles) else None,
            "high": float(angles.max()) if len(angles) else None,
            "orientations": {label: labels.count(label) for label in sorted(set(labels))},
        }

    def crosscheck(self) -> dict[str, Any]:
        """pingouin needs as many trials in each cell: the largest complete table there is."""
        table = largest_complete(self.cell[self.scored], self.angle[self.scored])
        if table is None:
            return impossible("no two cells have two scored trials each")
        what = f"the first {table.shape[1]} scored trials of {table.shape[0]} cells"
        return crosscheck(table, what)

    def warnings(self, statistics: list[dict[str, Any]]) -> list[dict[str, str]]:
        texts = dict.fromkeys(text for row in statistics for text in row["warnings"])
        found = [warning("trials", sentence(text)) for text in texts]
        frozen = [
            facts["model"]
            for facts in self.computing.data.content["cells"]
            if facts["temperature"] == 0
        ]
        if frozen:
            found.append(
                warning(
                    "temperature_0",
                    f"{', '.join(sorted(set(frozen)))} answered at temperature 0: trials repeat "
                    "themselves, and their agreement is no evidence of a stable value.",
                )
            )
        missing = len(self.cell) - int(self.scored.sum())
        if missing:
            rest = "; consistency over trials speaks of the others" if self.scored.any() else ""
            found.append(
                warning(
                    "trials_without_angle",
                    f"{missing:,} of {count(len(self.cell), 'trial')} have no angle by "
                    f"{self.scorer.name}{rest}.",
                )
            )
        return found


def _running_number(unit: IntArray) -> IntArray:
    """0, 1, 2 ... within each unit, in the order of the rows."""
    order = np.argsort(unit, kind="stable")
    starts = np.searchsorted(unit[order], unit[order])
    number = np.empty(len(unit), dtype=np.int64)
    number[order] = np.arange(len(unit)) - starts
    return number


def largest_complete(unit: IntArray, value: FloatArray) -> FloatArray | None:
    """The complete table (units x first k values) that holds most values; at least 2 x 2."""
    sizes = np.bincount(unit) if len(unit) else np.empty(0, dtype=np.int64)
    held = {k: int((sizes >= k).sum()) for k in set(sizes.tolist())}
    usable = [(units * k, k) for k, units in held.items() if k >= 2 and units >= 2]
    if not usable:
        return None
    k = max(usable)[1]
    number = _running_number(unit)
    kept = (sizes[unit] >= k) & (number < k)
    order = np.lexsort((number[kept], unit[kept]))
    return value[kept][order].reshape(-1, k)
