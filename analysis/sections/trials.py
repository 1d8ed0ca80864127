"""Does a model give the same number again? Internal consistency over the trials of a cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from analysis.data.frozen import UNSCORABLE, Automated, FloatArray, IntArray
from analysis.sections.computing import Computing, beside, entry, warning
from analysis.sections.crosscheck import crosscheck, impossible
from analysis.sections.result.statistic import Statistic, Warning
from analysis.sections.result.trials import Cell, Crosscheck, Trials
from analysis.sections.section import Section
from analysis.statistics.core.ratings import Ratings
from analysis.statistics.core.result import Result, Undefined
from analysis.statistics.numbers.reliability import within_cell
from analysis.words.wording import count, sentence


def has_numbers(computing: Computing) -> bool:
    """Whether any metric gives numbers of trials."""
    return any(len(scorer.trial_number) for scorer in computing.data.automated)


def trials(computing: Computing) -> Trials:
    """Within-cell SD, MDC95 (in the unit of the kind) and ICC(1,1) over the scored trials of the
    study's cells, of the first metric that gives numbers of trials.

    Targets are the cells, repeats are their trials.
    """
    scored = (scorer for scorer in computing.data.automated if len(scorer.trial_number))
    return _Cells(computing, next(scored)).section()


class _Cells:
    """The scored trials of one metric, by cell."""

    def __init__(self, computing: Computing, scorer: Automated) -> None:
        self.computing, self.scorer = computing, scorer
        self.unit = computing.kind.unit
        self.cell: IntArray = np.array(computing.data.content["trials"]["cell"], dtype=np.int64)
        self.number: FloatArray = scorer.trial_number
        self.scored = ~np.isnan(self.number)

    def section(self) -> Trials:
        statistics = self.statistics(self.ratings())
        return {
            "scorer": self.scorer.name,
            "trials": len(self.cell),
            "scored": int(self.scored.sum()),
            "statistics": statistics,
            "reference": self.computing.kind.reference,
            "cells": self.table(),
            "crosscheck": self.crosscheck(),
            "warnings": self.warnings(statistics),
        }

    def ratings(self) -> Ratings:
        """Numbers as targets (cells with a scored trial) x repeats."""
        cell = self.cell[self.scored]
        present, unit = np.unique(cell, return_inverse=True)
        return Ratings.from_long(
            unit, _running_number(unit), self.number[self.scored], n_units=len(present)
        )

    def statistics(self, ratings: Ratings) -> list[Statistic]:
        names = {
            "within_sd": f"Within-cell SD, {self.unit.name} (the SEM of one trial)",
            "mdc95": f"MDC95, {self.unit.name}",
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
        """Why trials that have no number leave nothing to compare."""
        if not self.scored.any():
            return f"no trial of the cells has {self.unit.a_value}"
        if not (ratings.per_unit() > 1).any():
            return f"no cell has two trials with {self.unit.a_value}, so nothing is repeated"
        return None

    def table(self) -> list[Cell]:
        """One row a cell: how many trials, how many scored, mean, SD and range of the numbers."""
        cells = self.computing.data.content["cells"]
        simulated = np.array(self.computing.data.content["trials"]["simulated"], dtype=bool)
        return [
            self._row(facts, self.cell == at, bool(simulated[self.cell == at].any()))
            for at, facts in enumerate(cells)
        ]

    def _row(self, facts: dict[str, Any], mask: Any, simulated: bool) -> Cell:
        numbers = self.number[mask & self.scored]
        labels = [
            label
            for label, here in zip(self.scorer.trial_label, mask.tolist(), strict=True)
            if here and label not in ("", UNSCORABLE)
        ]
        row: Cell = {
            "run": facts["run"],
            "model": facts["model"],
            "condition": facts["condition"],
            "target_value": facts["target_value"],
            "simulated": simulated,
            "trials": int(mask.sum()),
            "scored": len(numbers),
            "mean": float(numbers.mean()) if len(numbers) else None,
            "sd": float(numbers.std(ddof=1)) if len(numbers) > 1 else None,
            "low": float(numbers.min()) if len(numbers) else None,
            "high": float(numbers.max()) if len(numbers) else None,
        }
        return beside(row, self.computing.kind.beside_cell(dict(sorted(Counter(labels).items()))))

    def crosscheck(self) -> Crosscheck:
        """pingouin needs as many trials in each cell: the largest complete table there is."""
        table = largest_complete(self.cell[self.scored], self.number[self.scored])
        if table is None:
            return impossible("no two cells have two scored trials each")
        what = f"the first {table.shape[1]} scored trials of {table.shape[0]} cells"
        return crosscheck(table, what)

    def warnings(self, statistics: list[Statistic]) -> list[Warning]:
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
                    f"trials_without_{self.unit.value}",
                    f"{missing:,} of {count(len(self.cell), 'trial')} have no {self.unit.value} by "
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


SECTION = Section("trials", "Trials of a cell among themselves", trials, has_numbers)
