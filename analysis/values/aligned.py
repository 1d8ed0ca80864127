"""How near each model's values are to targets: by the metric, by people, and corrected
(`mean_vectors`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.data.frozen import FloatArray
from analysis.sections.computing import Computing, entry
from analysis.sections.section import Section
from analysis.statistics.core.result import Estimate, Result, Undefined
from analysis.statistics.numbers.profiles import (
    FEW,
    Profile,
    alignment_of,
    gain,
)
from analysis.statistics.ppi import SMALL
from analysis.values.mean_vectors import Group, MeanVectors
from analysis.values.result import (
    AlignedGroup,
    AlignedMetric,
    Alignment,
    AlignmentParts,
    AlignmentWithTarget,
    InducedGain,
    TargetFacts,
)
from analysis.values.targets import known_targets
from analysis.words.wording import count, estimate, listed
from evaluations.instruments.values.circle import VALUES
from evaluations.instruments.values.distances import alignment, published_distances
from evaluations.instruments.values.targets import ValueTarget

MAX_GROUPS = 30
SOURCE = (
    "concordance across dimensions: Lin 1989; corrected: Angelopoulos, Duchi & Zrnic 2023; the "
    "distances beside it: arXiv 2311.10766"
)


def applies(computing: Computing) -> bool:
    """Whether raters were asked for the ten values."""
    found = computing.vectors
    return found is not None and set(found.names) == set(VALUES)


def aligned(computing: Computing) -> Alignment:
    """Every metric's alignment with every target, model by model."""
    targets = known_targets(computing.data)
    return {
        "source": SOURCE,
        "targets": [_facts(target) for target in targets],
        "metrics": [
            Aligning(MeanVectors(computing, scorer), targets).metric()
            for scorer in computing.data.automated
        ],
    }


def _facts(target: ValueTarget) -> TargetFacts:
    return {
        "key": target.key,
        "name": target.name,
        "version": target.version,
        "source": target.source,
        "year": target.year,
        "scaling": target.scaling,
        "inference": target.inference,
        "vector": dict(zip(VALUES, _numbers(target).tolist(), strict=True)),
    }


def _numbers(target: ValueTarget) -> FloatArray:
    return np.array([target.vector[value] for value in VALUES], dtype=np.float64)


@dataclass(frozen=True)
class Aligning:
    """A metric's mean vectors beside targets."""

    vectors: MeanVectors
    targets: list[ValueTarget]

    def metric(self) -> AlignedMetric:
        names = self.vectors.groups
        groups = [self.vectors.group(*name) for name in names[:MAX_GROUPS]]
        return {
            "name": self.vectors.scorer.name,
            "groups": [self._row(group) for group in groups],
            "gains": [row for group in groups for row in self._gains(group, groups)],
            "words": [self._words(group) for group in groups],
            "warnings": list(self._warnings(groups, len(names))),
        }

    def _row(self, group: Group) -> AlignedGroup:
        return {
            "model": group.model,
            "induced": group.induced,
            "trials": group.trials,
            "judged": group.judged,
            "prompts": group.metric.clusters,
            "values": group.values,
            "targets": [self._with(group, target) for target in self.targets],
        }

    def _with(self, group: Group, target: ValueTarget) -> AlignmentWithTarget:
        best = group.corrected if isinstance(group.corrected, Profile) else group.people
        told = best or group.metric
        numbers = _numbers(target)
        of = "corrected" if told is group.corrected else "people" if told is best else "metric"
        return {
            "target": target.key,
            "metric": self._entry("alignment_metric", group.metric, numbers),
            "people": self._entry("alignment_people", group.people, numbers),
            "corrected": self._entry("alignment_corrected", group.corrected, numbers),
            "of": of,
            "made_of": _made_of(told, target),
        }

    def _entry(self, key: str, profile: Profile | str | None, target: FloatArray) -> Any:
        name = f"Alignment, {key.removeprefix('alignment_')}"
        if isinstance(profile, Profile):
            return entry(key, name, alignment_of(profile, target, self.vectors.how))
        return entry(key, name, Undefined(profile or "no answer of it was judged", {}))

    def _words(self, group: Group) -> str:
        """To which target a group is nearest, in a sentence."""
        if isinstance(group.corrected, Profile):
            told, by = group.corrected, "by what people would have said of all its answers"
        elif group.people is not None:
            told, by = group.people, "by what people said of the judged answers"
        else:
            told, by = group.metric, "by the metric alone, which no person checked on it"
        found = {
            target.name: alignment_of(told, _numbers(target), self.vectors.how)
            for target in self.targets
        }
        known = {name: one for name, one in found.items() if isinstance(one, Estimate)}
        if not known:
            return f"{group.called}: no mean vector, because values only have both signs at once."
        name, best = max(known.items(), key=lambda pair: pair[1].value)
        told_as = estimate(dict(entry("alignment", name, best)))
        return f"{group.called}: nearest to {name}, alignment {told_as}, {by}."

    def _gains(self, group: Group, groups: list[Group]) -> Iterator[InducedGain]:
        """By how much a model that was asked to hold a target came nearer to it than without."""
        target = next((one for one in self.targets if one.key == group.induced), None)
        without = next(
            (one for one in groups if one.model == group.model and not one.induced), None
        )
        if target is None or without is None:
            return
        numbers = _numbers(target)
        pairs = {
            "metric": (group.metric, without.metric),
            "people": (group.people, without.people),
            "corrected": (group.corrected, without.corrected),
        }
        found = {
            name: entry(f"gain_{name}", f"Gain, {name}", self._gain(*pair, numbers))
            for name, pair in pairs.items()
        }
        yield {
            "model": group.model,
            "target": target.key,
            "metric": found["metric"],
            "people": found["people"],
            "corrected": found["corrected"],
        }

    def _gain(
        self, one: Profile | str | None, other: Profile | str | None, target: FloatArray
    ) -> Result:
        for profile in (one, other):
            if not isinstance(profile, Profile):
                return Undefined(profile or "no answer of it was judged", {})
        assert isinstance(one, Profile) and isinstance(other, Profile)  # noqa: S101
        return gain(one, other, target, self.vectors.how)

    def _warnings(self, groups: list[Group], there_are: int) -> Iterator[str]:
        if there_are > len(groups):
            yield f"{there_are} models and induced targets: the first {len(groups)} are shown"
        few = [group.called for group in groups if group.metric.clusters < FEW]
        if few:
            yield f"fewer than {FEW} prompts, so that there is no interval: {listed(few)}"
        little = [f"{group.called} ({group.judged})" for group in groups if group.judged < SMALL]
        if little:
            yield f"fewer than {SMALL} judged answers (in brackets): {listed(little)}"
        silent = int((~self.vectors.scored).sum())
        if silent:
            yield f"{count(silent, 'trial')} without a vector of the metric: left out"
        if self._is_confounded(groups):
            yield (
                "no two models answered the same prompt: a difference of models may be one of "
                "prompts"
            )

    def _is_confounded(self, groups: list[Group]) -> bool:
        """Whether several models share no prompt."""
        models, found = sorted({group.model for group in groups}), self.vectors
        of_model = [found.scored & (found.of.models == model) for model in models]
        asked = [set(found.prompts[rows].tolist()) for rows in of_model]
        return len(models) > 1 and len(set().union(*asked)) == sum(map(len, asked))


def _made_of(profile: Profile, target: ValueTarget) -> AlignmentParts | None:
    if np.isnan(profile.value).any():
        return None
    vector = dict(zip(VALUES, profile.value.tolist(), strict=True))
    parts = alignment(vector, target.vector)
    distances = published_distances(vector, target.vector)
    return {
        "shape": parts.shape,
        "level": parts.level,
        "spread": parts.spread,
        "masked": distances.masked,
        "euclid": distances.euclid,
        "city_block": distances.city_block,
    }


SECTION = Section(
    "alignment",
    "Comparing with targets",
    aligned,
    applies,
    of_the_raters=True,
    optional=True,
)
