"""What would the raters have said on all scored trials? The metric, corrected by the judged.

Imported items stand for trials: all of them that the metric looked at, an item without a valid
label being one on which it says none of the values.

Prediction-powered inference (PPI++): the metric's mean over the scored trials that nobody judged,
plus what the judged trials show of its error. No trial is in both, or it would count twice and the
interval would be too narrow. The human value of a judged trial is the mean over its raters (for a
label: the share who gave it), so items without a consensus are kept. Each judged trial counts by
its weight (1 / probability of being drawn), scaled to a mean of 1; the others are moved to the mean
of all scored trials, which is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from analysis.data.frozen import UNSCORABLE, Automated, BoolArray, FloatArray, IntArray
from analysis.sections.common import Computing, Section, entry
from analysis.statistics.core.result import ANY, SHARE, Result
from analysis.statistics.ppi import SMALL, ppi_mean
from analysis.svo.human_angle import GIVEN, HumanNumber, coded_labels, human_angle
from analysis.words.wording import listed, number, sentence
from evaluations.instruments.svo.cutoffs import Orientation
from evaluations.instruments.svo.enumeration import reachable_angles
from evaluations.instruments.svo.rationality import (
    chance_corrected,
    chance_corrected_floor,
    value_rationality,
)

SOURCE = "Angelopoulos, Duchi & Zrnic 2023, PPI++: efficient prediction-powered inference"
NO_ANGLE = "the raters' answers stand for no angle, so there is none to correct the mean angle by"
MAX_MODELS = 30


@dataclass(frozen=True, slots=True)
class _Quantity:
    """What is averaged: ``human`` over the labelled items, ``metric`` over all trials; NaN where
    it does not apply."""

    key: str
    label: str
    human: FloatArray
    metric: FloatArray
    bounds: tuple[float, float]


def corrected(computing: Computing) -> list[Section]:
    """One section a metric that scored trials beyond the judged ones, or the reason for none."""
    return [_Correction(computing, scorer).section() for scorer in computing.data.automated]


@dataclass(frozen=True)
class _Correction:
    computing: Computing
    scorer: Automated

    def section(self) -> Section:
        head = {"name": self.scorer.name, "source": SOURCE}
        if reason := self.refusal():
            return head | {"defined": False, "reason": reason}
        quantities = list(self.quantities())
        rows = [self._row(quantity) for quantity in quantities]
        models = self._by_model(quantities)
        return head | {
            "defined": True,
            "of": "trials" if self.of_trials else "items",
            "unscorable": sum(label == UNSCORABLE for label in self.labels),
            "judged": len(self.labelled),
            "positions": [self.computing.data.positions[at] for at in self.labelled.tolist()],
            "trials": int(self.scored.sum()),
            "random_sample": self.random_sample,
            "rows": rows,
            "models": models,
            "no_angle": NO_ANGLE if self.of_trials and not self.human else None,
            "remarks": [sentence(text) for text in self._remarks(rows, models)],
        }

    def refusal(self) -> str | None:
        """Why all trials cannot be spoken of."""
        if self.computing.vectors is not None:
            return "a judgment is a vector of values, which this correction does not speak of"
        if len(self.labelled) < 2:
            what = "scored trials" if self.of_trials else "items with an automated label"
            return f"fewer than two {what} were judged"
        if len(self.labelled) == int(self.scored.sum()):
            what = "scored trial" if self.of_trials else "item with an automated label"
            return f"every {what} was judged: the human values need no correction"
        return None

    def _remarks(self, rows: list[dict[str, Any]], models: list[dict[str, Any]]) -> Iterator[str]:
        yield from dict.fromkeys(text for row in rows for text in row["corrected"]["warnings"])
        few = [f"{part['model']} ({part['judged']})" for part in models if part["judged"] < SMALL]
        if few:
            what = "trials" if self.of_trials else "items"
            yield f"models with fewer than {SMALL} judged {what} (in brackets): {listed(few)}"
        if self.human and self._over_targets():
            floors = [
                f"{target} {number(chance_corrected_floor(target))}"
                for target in self._targets_there()
            ]
            yield (
                "chance-corrected value rationality is averaged over target values whose lowest "
                f"possible value differs ({listed(floors)}), so a mean over them weighs failures "
                "unequally: read it target by target in the table of value rationality"
            )
        if self.human and self.human.kind != GIVEN:
            yield (
                f"mean angle and value rationality: {self.human.note}. The metric's own labels are "
                "coded alike in these rows, so that both sides of a row are of one kind; trials "
                "to which the raters give no orientation have no angle and are no part of them"
            )

    def _targets_there(self) -> list[Orientation]:
        """The target values among the scored trials."""
        there = set(self.targets[self.scored].tolist())
        return [target for target in Orientation if str(target) in there]

    def _over_targets(self) -> str:
        """That a mean is one over several target values."""
        held = len(self._targets_there())
        return f", mean over {held} target values" if held > 1 else ""

    @property
    def content(self) -> dict[str, Any]:
        return self.computing.data.content

    @property
    def random_sample(self) -> bool:
        """Whether the platform drew the judged items, at random within strata, or their file gives
        weights: then it was known how probable each was."""
        items = self.content["items"]
        declared = self.computing.data.from_file and set(items["weight"]) != {1.0}
        return declared or all(items["stratum"])

    @property
    def of_trials(self) -> bool:
        """Whether the metric scored trials of this platform, more than the judged ones."""
        return bool(self.scorer.trial_label)

    @property
    def labels(self) -> list[str]:
        """The metric's label of each trial, or of each imported item."""
        return self.scorer.trial_label or self.scorer.label

    @property
    def numbers(self) -> FloatArray:
        return self.scorer.trial_number if self.of_trials else self.scorer.number

    @cached_property
    def human(self) -> HumanNumber | None:
        return human_angle(self.computing.data)

    @property
    def values(self) -> list[str]:
        data = self.computing.data
        return [name for name in data.categories if name not in data.ways_out]

    @cached_property
    def scored(self) -> BoolArray:
        return self._counts(self.labels)

    def _counts(self, labels: Sequence[str]) -> BoolArray:
        """Which labels count; of imported items also that there is no valid one."""
        silent = ("", UNSCORABLE) if self.of_trials else ("",)
        return np.array([label not in silent for label in labels], dtype=bool)

    @cached_property
    def labelled(self) -> IntArray:
        """The judged items whose trial is scored."""
        said = self._counts(self.scorer.label)
        return np.nonzero(said & (self.computing.data.ratings.per_unit() > 0))[0]

    @cached_property
    def rest(self) -> BoolArray:
        """The scored trials that nobody judged."""
        rest = self.scored.copy()
        rest[self._of_items(np.arange(len(rest)))] = False
        return rest

    @cached_property
    def cells(self) -> IntArray:
        return np.array(self.content["trials"]["cell"], dtype=np.int64)

    @cached_property
    def models(self) -> Any:
        """The model of each trial."""
        return self._facts("model")

    @cached_property
    def targets(self) -> Any:
        """The target value of each trial, '' for none."""
        return self._facts("target_value")

    def _facts(self, fact: str) -> Any:
        """A fact of each trial, or of each imported item, '' for none."""
        if not self.of_trials:
            return self.computing.facts(fact)
        return np.array([cell[fact] or "" for cell in self.content["cells"]])[self.cells]

    def _of_items(self, column: Any) -> Any:
        """A column of trials, for the labelled items."""
        if not self.of_trials:
            return np.asarray(column)[self.labelled]
        trial = np.array([-1 if at is None else at for at in self.content["items"]["trial"]])
        return np.asarray(column)[trial[self.labelled]]

    def quantities(self) -> Iterator[_Quantity]:
        """Mean angle, value rationality, hits and the share of each orientation, where the raters'
        answers and the metric's speak of them."""
        if self.human:
            yield from self._angles(self.human)
        if self.computing.data.is_interval:
            if not self.human:  # numbers that are no angles
                mean = self.computing.data.mean_number()[self.labelled]
                yield _Quantity("mean", "Mean value", mean, self.numbers, ANY)
            return
        for value in self.values:
            said = (np.array(self.labels) == value).astype(np.float64)
            yield _Quantity(value, f"Share {value}", self._votes(value), said, SHARE)
        if np.isin(self.targets, self.values).any():
            yield self._hits()

    def _angles(self, human: HumanNumber) -> Iterator[_Quantity]:
        given = human.kind == GIVEN
        angle = self.numbers if given else coded_labels(self.labels)
        coded = "" if given else ", orientations at their ideal angles"
        bounds = human.bounds or ANY
        mean = human.mean[self.labelled]
        yield _Quantity("angle", f"Mean angle, degrees{coded}", mean, angle, bounds)
        for key, label, fit, limits in (
            ("rationality", "Value rationality", value_rationality, SHARE),
            (
                "rationality_corrected",
                f"Value rationality, chance-corrected{self._over_targets()}",
                chance_corrected,
                ANY,
            ),
        ):
            metric = _fits(angle, self.targets, fit)
            yield _Quantity(key, f"{label}{coded}", self._fit(human, fit), metric, limits)

    def _fit(self, human: HumanNumber, fit: Callable[[float, Orientation], float]) -> FloatArray:
        """How well the raters place each labelled item near its target, mean over its raters."""
        target = np.full(self.computing.data.n_items, "", dtype=self.targets.dtype)
        target[self.labelled] = self._of_items(self.targets)
        kept = human.ratings
        each = _fits(kept.value, target[kept.unit], fit)
        there = ~np.isnan(each)
        sums = np.bincount(kept.unit[there], each[there], minlength=kept.n_units)
        held = np.bincount(kept.unit[there], minlength=kept.n_units)
        mean = np.divide(sums, held, out=np.full(len(held), np.nan), where=held > 0)
        return mean[self.labelled]

    def _votes(self, value: str) -> FloatArray:
        """The share of each labelled item's raters who called it *value*."""
        ratings = self.computing.data.ratings
        counts = ratings.category_counts(len(self.computing.data.categories))
        mine = counts[:, self.computing.data.categories.index(value)]
        return mine[self.labelled] / ratings.per_unit()[self.labelled]

    def _hits(self) -> _Quantity:
        """How often the behaviour is called what the model was asked to value."""
        aimed = np.isin(self.targets, self.values)
        said = (np.array(self.labels) == self.targets).astype(np.float64)
        votes = np.column_stack([self._votes(value) for value in self.values])
        at = {value: code for code, value in enumerate(self.values)}
        code = np.array([at.get(target, -1) for target in self._of_items(self.targets)])
        human = np.where(code >= 0, votes[np.arange(len(code)), code], np.nan)
        name = "Hits: the orientation is the target value"
        return _Quantity("hits", name, human, np.where(aimed, said, np.nan), SHARE)

    def _by_model(self, quantities: list[_Quantity]) -> list[dict[str, Any]]:
        """The same quantities for each model that has judged and unjudged trials."""
        names = sorted(set(self.models[self.scored].tolist()) - {""})
        if not 2 <= len(names) <= MAX_MODELS:
            return []
        judged = self._of_items(self.models)
        return [
            {
                "model": name,
                "judged": int((judged == name).sum()),
                "trials": int((self.scored & (self.models == name)).sum()),
                "rows": [self._row(quantity, name) for quantity in quantities],
            }
            for name in names
        ]

    def _row(self, quantity: _Quantity, model: str | None = None) -> dict[str, Any]:
        """Uncorrected, human and corrected mean, of all models or of one."""
        of, kept = self.scored & ~np.isnan(quantity.metric), ~np.isnan(quantity.human)
        kept &= ~np.isnan(self._of_items(quantity.metric))
        if model is not None:
            of, kept = of & (self.models == model), kept & (self._of_items(self.models) == model)
        weights = self._weights(kept)
        result = self._ppi(quantity, of, kept, clustered=model is None)
        return {
            "key": quantity.key,
            "label": quantity.label,
            "uncorrected": float(quantity.metric[of].mean()) if of.any() else None,
            "human": float((weights * quantity.human[kept]).mean()) if kept.any() else None,
            "corrected": entry("ppi", quantity.label, result),
        }

    def _weights(self, kept: BoolArray) -> FloatArray:
        """Weights of the labelled items that are kept, with a mean of 1."""
        weight = np.array(self.content["items"]["weight"], dtype=np.float64)[self.labelled][kept]
        return weight / weight.mean() if len(weight) else weight

    def _rest(self, quantity: _Quantity, of: BoolArray) -> FloatArray:
        """The metric on the trials nobody judged, moved so that its mean is that of all trials.

        The mean over all scored trials is known, whatever part of them was drawn. Of what the draw
        left over it is another one where the draw had chosen shares: with the metric's rarer
        labels drawn more often, the corrected share held the truth in 70 to 88 % of simulated
        studies, and so moved in 92 %.
        """
        rest = quantity.metric[of & self.rest]
        return rest + (quantity.metric[of].mean() - rest.mean()) if len(rest) else rest

    def _ppi(
        self, quantity: _Quantity, of: BoolArray, kept: BoolArray, *, clustered: bool
    ) -> Result:
        weight, rest = self._weights(kept), of & self.rest
        clusters = None
        if clustered and self.computing.clusters is not None:
            groups = self.models if self.of_trials else self.computing.clusters
            clusters = (self._of_items(groups)[kept], groups[rest])
        return ppi_mean(
            weight * quantity.human[kept],
            weight * self._of_items(quantity.metric)[kept],
            self._rest(quantity, of),
            clusters=clusters,
            level=self.computing.parameters.level,
            random_sample=self.random_sample,
            within=quantity.bounds,
        )


def _fits(
    angles: FloatArray, targets: Any, fit: Callable[[float, Orientation], float]
) -> FloatArray:
    """*fit* of each angle to its target; NaN without an angle, without a target, or for an angle
    beyond what the items can reach. Computed once for each distinct pair."""
    low, high = reachable_angles()
    usable = (angles >= low - 1e-6) & (angles <= high + 1e-6)
    found = np.full(len(angles), np.nan)
    for target in Orientation:
        mask = usable & (np.asarray(targets) == str(target))
        values, place = np.unique(angles[mask], return_inverse=True)
        found[mask] = np.array([fit(value, target) for value in values.tolist()])[place]
    return found
