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

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from analysis.data.frozen import UNSCORABLE, Automated, BoolArray, FloatArray, IntArray
from analysis.sections.computing import Computing, beside, entry
from analysis.sections.kind import Kind
from analysis.sections.result.trials import Corrected, CorrectedModel, CorrectedRow
from analysis.sections.section import Section
from analysis.statistics.core.result import ANY, SHARE, Result
from analysis.statistics.ppi import SMALL, ppi_mean
from analysis.words.wording import listed, sentence

SOURCE = "Angelopoulos, Duchi & Zrnic 2023, PPI++: efficient prediction-powered inference"
MAX_MODELS = 30


@dataclass(frozen=True, slots=True)
class Quantity:
    """What is averaged: ``human`` over the labelled items, ``metric`` over all trials; NaN where
    it does not apply."""

    key: str
    label: str
    human: FloatArray
    metric: FloatArray
    bounds: tuple[float, float]


def corrected(computing: Computing) -> list[Corrected]:
    """One section a metric that scored trials beyond the judged ones, or the reason for none."""
    return [Correction(computing, scorer).section() for scorer in computing.data.automated]


@dataclass(frozen=True)
class Correction:
    """A metric, and what the raters say of the items that it looked at."""

    computing: Computing
    scorer: Automated

    def section(self) -> Corrected:
        name = self.scorer.name
        if reason := self.refusal():
            return {"name": name, "source": SOURCE, "defined": False, "reason": reason}
        quantities = list(self.quantities())
        rows = [self._row(quantity) for quantity in quantities]
        models = self._by_model(quantities)
        section: Corrected = {
            "name": name,
            "source": SOURCE,
            "defined": True,
            "of": "trials" if self.of_trials else "items",
            "unscorable": sum(label == UNSCORABLE for label in self.labels),
            "judged": len(self.labelled),
            "positions": [self.computing.data.positions[at] for at in self.labelled.tolist()],
            "trials": int(self.scored.sum()),
            "random_sample": self.random_sample,
            "rows": rows,
            "models": models,
            "remarks": [sentence(text) for text in self._remarks(rows, models)],
        }
        return beside(section, self.kind.beside_corrected(self))

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

    def _remarks(self, rows: list[CorrectedRow], models: list[CorrectedModel]) -> Iterator[str]:
        yield from dict.fromkeys(text for row in rows for text in row["corrected"]["warnings"])
        few = [f"{part['model']} ({part['judged']})" for part in models if part["judged"] < SMALL]
        if few:
            what = "trials" if self.of_trials else "items"
            yield f"models with fewer than {SMALL} judged {what} (in brackets): {listed(few)}"
        yield from self.kind.remarks(self)

    @property
    def kind(self) -> Kind:
        return self.computing.kind

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
        rest[self.of_items(np.arange(len(rest)))] = False
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

    def of_items(self, column: Any) -> Any:
        """A column of trials, for the labelled items."""
        if not self.of_trials:
            return np.asarray(column)[self.labelled]
        trial = np.array([-1 if at is None else at for at in self.content["items"]["trial"]])
        return np.asarray(column)[trial[self.labelled]]

    def quantities(self) -> Iterator[Quantity]:
        """What the kind knows to average, the share of each label and hits; of numbers that it does
        not know their mean."""
        known = list(self.kind.quantities(self))
        yield from known
        if self.computing.data.is_interval:
            if not known:
                mean = self.computing.data.mean_number()[self.labelled]
                yield Quantity("mean", "Mean value", mean, self.numbers, ANY)
            return
        for value in self.values:
            said = (np.array(self.labels) == value).astype(np.float64)
            yield Quantity(value, f"Share {value}", self._votes(value), said, SHARE)
        if np.isin(self.targets, self.values).any():
            yield self._hits()

    def _votes(self, value: str) -> FloatArray:
        """The share of each labelled item's raters who called it *value*."""
        ratings = self.computing.data.ratings
        counts = ratings.category_counts(len(self.computing.data.categories))
        mine = counts[:, self.computing.data.categories.index(value)]
        return mine[self.labelled] / ratings.per_unit()[self.labelled]

    def _hits(self) -> Quantity:
        """How often the behaviour is called what the model was asked to value."""
        aimed = np.isin(self.targets, self.values)
        said = (np.array(self.labels) == self.targets).astype(np.float64)
        votes = np.column_stack([self._votes(value) for value in self.values])
        at = {value: code for code, value in enumerate(self.values)}
        code = np.array([at.get(target, -1) for target in self.of_items(self.targets)])
        human = np.where(code >= 0, votes[np.arange(len(code)), code], np.nan)
        name = f"Hits: the {self.kind.label} is the target value"
        return Quantity("hits", name, human, np.where(aimed, said, np.nan), SHARE)

    def _by_model(self, quantities: list[Quantity]) -> list[CorrectedModel]:
        """The same quantities for each model that has judged and unjudged trials."""
        names = sorted(set(self.models[self.scored].tolist()) - {""})
        if not 2 <= len(names) <= MAX_MODELS:
            return []
        judged = self.of_items(self.models)
        return [
            {
                "model": name,
                "judged": int((judged == name).sum()),
                "trials": int((self.scored & (self.models == name)).sum()),
                "rows": [self._row(quantity, name) for quantity in quantities],
            }
            for name in names
        ]

    def _row(self, quantity: Quantity, model: str | None = None) -> CorrectedRow:
        """Uncorrected, human and corrected mean, of all models or of one."""
        of, kept = self.scored & ~np.isnan(quantity.metric), ~np.isnan(quantity.human)
        kept &= ~np.isnan(self.of_items(quantity.metric))
        if model is not None:
            of, kept = of & (self.models == model), kept & (self.of_items(self.models) == model)
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

    def _rest(self, quantity: Quantity, of: BoolArray) -> FloatArray:
        """The metric on the trials nobody judged, moved so that its mean is that of all trials.

        The mean over all scored trials is known, whatever part of them was drawn. Of what the draw
        left over it is another one where the draw had chosen shares: with the metric's rarer
        labels drawn more often, the corrected share held the truth in 70 to 88 % of simulated
        studies, and so moved in 92 %.
        """
        rest = quantity.metric[of & self.rest]
        return rest + (quantity.metric[of].mean() - rest.mean()) if len(rest) else rest

    def _ppi(
        self, quantity: Quantity, of: BoolArray, kept: BoolArray, *, clustered: bool
    ) -> Result:
        weight, rest = self._weights(kept), of & self.rest
        clusters = None
        if clustered and self.computing.clusters is not None:
            groups = self.models if self.of_trials else self.computing.clusters
            clusters = (self.of_items(groups)[kept], groups[rest])
        return ppi_mean(
            weight * quantity.human[kept],
            weight * self.of_items(quantity.metric)[kept],
            self._rest(quantity, of),
            clusters=clusters,
            level=self.computing.parameters.level,
            random_sample=self.random_sample,
            within=quantity.bounds,
        )


SECTION = Section(
    "corrected", "Correcting the results for all trials", corrected, of_the_raters=True
)
