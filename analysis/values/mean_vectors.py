"""Mean vectors of each model by a metric, by people, and corrected.

A group is a model under one induced target, or under none. Its mean vector over all trials is the
metric's, over the judged ones the people's (each judged answer counts by its weight), and the
corrected one says what people would have said on all of them (`statistics.numbers.profiles`).
*Both* lies nowhere between the signs, and is left out of the mean of its value. Prompts are
resampled, for answers to one prompt belong together.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.data.frozen import Automated, BoolArray, FloatArray, IntArray
from analysis.sections.computing import Computing, entry
from analysis.sections.corrected import Correction
from analysis.statistics.core.result import COEFFICIENT, Estimate, Result
from analysis.statistics.numbers.profiles import (
    Judged,
    Profile,
    Resampled,
    corrected_profile,
    mean_profile,
)
from analysis.statistics.ppi import ppi_mean
from analysis.values.result import MeanValue
from annotations.scales.vectors import Vector as VectorScale
from evaluations.instruments.values.circle import VALUES


@dataclass(frozen=True)
class Group:
    """A model under an induced target ('' for none), with its mean vectors; None where there is no
    vector to take a mean of, or the reason why there is no correction."""

    model: str
    induced: str
    trials: int
    judged: int
    metric: Profile
    people: Profile | None
    corrected: Profile | str
    values: list[MeanValue]

    @property
    def called(self) -> str:
        return f"{self.model}, {self.induced}" if self.induced else self.model


@dataclass(frozen=True)
class MeanVectors:
    """A metric, and what people said of the answers that it looked at."""

    computing: Computing
    scorer: Automated

    @cached_property
    def how(self) -> Resampled:
        chosen = self.computing.parameters
        return Resampled(chosen.replicates, chosen.level, chosen.seed)

    @cached_property
    def of(self) -> Correction:
        return Correction(self.computing, self.scorer)

    @cached_property
    def scale(self) -> VectorScale:
        asked = self.computing.data.asked
        assert isinstance(asked, VectorScale)  # noqa: S101  (applies)
        return asked

    @cached_property
    def order(self) -> list[int]:
        """Where each of the ten values stands among the study's dimensions."""
        return [list(self.scale.dimensions).index(value) for value in VALUES]

    @cached_property
    def said(self) -> FloatArray:
        """The metric's vector of each trial (or imported item), NaN rows where it gave none."""
        known = {label: self.scale.numbers(label) for label in set(self.of.labels)}
        nothing = (np.nan,) * len(VALUES)
        rows = [known[label] for label in self.of.labels]
        table = np.array([nothing if row is None else row for row in rows], dtype=np.float64)
        return table.reshape(len(rows), -1)[:, self.order]

    @cached_property
    def people(self) -> FloatArray:
        """The raters' mean vector of each item, NaN rows where nobody gave one."""
        found = self.computing.vectors
        assert found is not None  # noqa: S101  (applies)
        return found.means(self.computing.data.n_items)[:, self.order]

    @cached_property
    def scored(self) -> BoolArray:
        return np.asarray(~np.isnan(self.said).all(axis=1))

    @cached_property
    def judged(self) -> IntArray:
        """The items that people gave a vector of and the metric as well."""
        at = np.nonzero(~np.isnan(self.people).all(axis=1))[0]
        return at[self.scored[self.row_of[at]]]

    @cached_property
    def row_of(self) -> IntArray:
        """Of each item, its row among the trials; of an import the items stand for themselves."""
        if not self.of.of_trials:
            return np.arange(self.computing.data.n_items)
        trial = self.of.content["items"]["trial"]
        return np.array([-1 if at is None else at for at in trial], dtype=np.int64)

    @cached_property
    def prompts(self) -> IntArray:
        """A code of the prompt of each trial; one whose prompt is not known stands by itself."""
        size = len(self.said)
        named = self.of.content["trials"].get("prompt") if self.of.of_trials else None
        words = [word or f"\0{at}" for at, word in enumerate(named or [""] * size)]
        return np.unique(words, return_inverse=True)[1].astype(np.int64)

    @cached_property
    def groups(self) -> list[tuple[str, str]]:
        """Each model that the metric scored, without an induced target first."""
        pairs = zip(self.of.models[self.scored], self.of.targets[self.scored], strict=True)
        return sorted({(str(model), str(target)) for model, target in pairs})

    def group(self, model: str, induced: str) -> Group:
        rows = self.scored & (self.of.models == model) & (self.of.targets == induced)
        items = self.judged[rows[self.row_of[self.judged]]]
        at = self.row_of[items]
        said, prompts = self.said[rows], self.prompts
        weight = np.array(self.of.content["items"]["weight"], dtype=np.float64)[items]
        judged = Judged(self.people[items], self.said[at], prompts[at], weight)
        people = (
            mean_profile(judged.human, judged.clusters, self.how, weight) if len(items) else None
        )
        metric = mean_profile(said, prompts[rows], self.how)
        rest = rows.copy()
        rest[at] = False
        results = self._values(judged, said, rest)
        reason = _why_uncorrected(len(items), int(rest.sum()))
        lam = np.array([_lam(result) for result in results])
        corrected: Profile | str = reason or corrected_profile(
            said, prompts[rows], judged, lam, self.how
        )
        return Group(
            model,
            induced,
            int(rows.sum()),
            len(items),
            metric,
            people,
            corrected,
            [
                {
                    "value": value,
                    "metric": _number(metric, which),
                    "people": _number(people, which),
                    "corrected": entry("ppi", value, results[which]),
                }
                for which, value in enumerate(VALUES)
            ],
        )

    def _values(self, judged: Judged, said: FloatArray, rest: BoolArray) -> list[Result]:
        """The corrected mean of each value."""
        left, groups = self.said[rest], self.prompts[rest]
        shared = len(np.unique(groups)) < len(groups) or (
            len(np.unique(judged.clusters)) < len(judged.clusters)
        )
        results: list[Result] = []
        for which in range(len(VALUES)):
            human, metric = judged.human[:, which], judged.metric[:, which]
            kept, known = ~np.isnan(human - metric), ~np.isnan(left[:, which])
            weight, column = judged.weights[kept], left[known, which]
            weight = weight / weight.mean() if len(weight) else weight
            # The mean over all trials is known, whatever part of them was drawn.
            gap = np.nanmean(said[:, which]) - column.mean() if len(column) else 0.0
            results.append(
                ppi_mean(
                    weight * human[kept],
                    weight * metric[kept],
                    column + gap,
                    clusters=(judged.clusters[kept], groups[known]) if shared else None,
                    level=self.how.level,
                    random_sample=self.of.random_sample,
                    within=COEFFICIENT,
                )
            )
        return results


def _number(profile: Profile | None, which: int) -> float | None:
    """The mean of one value; None where nobody gave it a sign alone."""
    if profile is None or np.isnan(profile.value[which]):
        return None
    return float(profile.value[which])


def _why_uncorrected(judged: int, rest: int) -> str:
    if judged < 2:
        return "fewer than two answers of it were judged"
    return "" if rest else "every answer was judged: what people said needs no correction"


def _lam(result: Result) -> float:
    return float(str(result.details["lam"])) if isinstance(result, Estimate) else 0.0
