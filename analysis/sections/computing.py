"""What every section needs: the data, the choices, and one shape for a statistic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar, cast

import numpy as np

from analysis.data.frozen import Consensus, Frozen, IntArray
from analysis.data.parameters import Parameters
from analysis.sections.human_number import HumanNumber
from analysis.sections.kind import Kind
from analysis.sections.result.statistic import Statistic, Warning
from analysis.sections.vector_table import Vectors, vectors_of
from analysis.statistics.core.bootstrap import MIN_CLUSTERS
from analysis.statistics.core.ratings import Ratings
from analysis.statistics.core.result import Result

SMALLEST = 10
"""Items below which a group gets a reason instead of a number."""

BY = {
    "model": "Model",
    "target_value": "Target value",
    "condition": "Condition",
    "language": "Language",
    "family": "Model family",
    "parameter_count": "Model size",
    "tuning_method": "Tuning",
    "reasoning_mode": "Reasoning mode",
    "release": "Release",
}
"""What items are grouped by: facts of the cell a trial comes from, with the heading of each. An
imported item has them as properties, and any further ones that its file declares."""

CLUSTERS = {"model": "model", "cluster": "cluster"}
"""Facts whose items belong together, the one that intervals go by first."""


@dataclass(frozen=True)
class Computing:
    """A data set, how to compute on it, and the kind that knows what its answers mean."""

    data: Frozen
    parameters: Parameters
    kind: Kind

    @cached_property
    def consensus(self) -> Consensus:
        return self.data.consensus()

    @cached_property
    def vectors(self) -> Vectors | None:
        """The judgments as vectors of values; None where they are single answers."""
        return vectors_of(self.data)

    @cached_property
    def number(self) -> HumanNumber | None:
        """The raters' number of each item; None where their answers stand for none."""
        return self.kind.number(self.data)

    @cached_property
    def models(self) -> list[str]:
        """The models whose responses were judged, by name; empty for imported items."""
        return sorted({model for model in self.data.item_column("model") if model})

    @cached_property
    def by(self) -> dict[str, str]:
        """What the items can be grouped by, with the heading of each."""
        return BY | {name: name for name in self.data.properties if name not in BY}

    @cached_property
    def cluster_by(self) -> str:
        """What intervals take for sampled: 'model' from four models on, else 'cluster' from four
        clusters on that a file declares; '' for the items themselves."""
        for fact in CLUSTERS:
            if len({word for word in self.data.item_column(fact) if word}) >= MIN_CLUSTERS:
                return fact
        return ""

    @cached_property
    def clusters(self) -> IntArray | None:
        """The cluster of each item, when intervals should speak of clusters. An item of no declared
        cluster is one by itself.

        As codes: sorting the names anew for each of a thousand statistics would take seconds.
        """
        if not self.cluster_by:
            return None
        said = self.data.item_column(self.cluster_by)
        alone = self.cluster_by == "cluster"
        names = [word or (f"\0{at}" if alone else "") for at, word in enumerate(said)]
        return np.unique(names, return_inverse=True)[1].astype(np.int64)

    def facts(self, of_cell: str) -> Any:
        """A fact of each item's cell as an array of words, '' where it is not known."""
        return facts_of(self.data, of_cell)

    def clusters_where(self, mask: Any) -> Any:
        """The clusters of the items that *mask* marks (or whose numbers it holds)."""
        return None if self.clusters is None else self.clusters[mask]

    def ratings_where(self, mask: Any) -> Ratings:
        """The judgments of the items that *mask* marks, items renumbered."""
        kept = self.data.ratings
        rows = mask[kept.unit]
        number = np.cumsum(mask) - 1
        return Ratings(
            number[kept.unit[rows]],
            kept.rater[rows],
            kept.value[rows],
            int(np.count_nonzero(mask)),
            kept.n_raters,
        )

    @property
    def bootstrapped(self) -> dict[str, Any]:
        """Arguments of a statistic whose interval is resampled."""
        chosen = self.parameters
        return {"level": chosen.level, "replicates": chosen.replicates, "seed": chosen.seed}


def facts_of(data: Frozen, of_cell: str) -> Any:
    """A fact of each item's cell in words; a condition without its target value, which is a fact of
    its own."""
    words = [str(fact or "") for fact in data.item_column(of_cell)]
    if of_cell == "condition":
        words = [
            words[at] if trial is None else words[at].partition(", ")[2] or words[at]
            for at, trial in enumerate(data.content["items"]["trial"])
        ]
    return np.array(words)


def entry(key: str, name: str, result: Result) -> Statistic:
    """A statistic as a row of the report: its key, its name, and the estimate or the reason.

    Statistics name raters by their number; the quality section names them by pseudonym.
    """
    facts = result.to_dict()
    facts["warnings"] = [text for text in facts["warnings"] if not text.startswith("rater(s) ")]
    return cast(Statistic, {"key": key, "name": name} | facts)


def warning(code: str, text: str) -> Warning:
    """A warning for the top of the report."""
    return {"code": code, "text": text}


T = TypeVar("T", bound=Mapping[str, Any])


def beside(section: T, more: Mapping[str, Any]) -> T:
    """*section* with what the kind of the instrument adds to it."""
    return cast(T, {**section, **more})
