"""What would the raters have said on all scored trials? The metric, corrected by the judged.

Prediction-powered inference (PPI++): the metric's mean over the scored trials that nobody judged,
plus what the judged trials show of its error. No trial is in both, or it would count twice and the
interval would be too narrow. The human value of a judged trial is the share of its raters who gave
the label, so items without a consensus are kept. Each judged trial counts by its weight (1 /
probability of being drawn), scaled to a mean of 1; each other trial so that its cell has the part
it has among all scored trials.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.frozen import UNSCORABLE, WAYS_OUT, Automated, BoolArray, FloatArray, IntArray
from analysis.sections.common import Computing, Section, entry
from analysis.statistics.ppi import ppi_mean
from analysis.statistics.result import Result
from analysis.wording import sentence

SOURCE = "Angelopoulos, Duchi & Zrnic 2023, PPI++: efficient prediction-powered inference"
NO_ANGLE = "raters choose a category here, so there is no human angle to correct the mean angle by"
SHARE = (0.0, 1.0)


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
        rows = [
            self._row(f"Share {value}", self._votes(value), self._is(value), value)
            for value in self.values
        ]
        targets = np.array([cell["target_value"] for cell in self.content["cells"]])
        wanted = targets[self._cells()]
        aimed = np.isin(wanted, self.values)
        if aimed.any():
            rows.append(self._hits(wanted, aimed))
        texts = dict.fromkeys(text for row in rows for text in row["corrected"]["warnings"])
        return head | {
            "defined": True,
            "judged": len(self.labelled),
            "trials": int(self.scored.sum()),
            "rows": rows,
            "no_angle": NO_ANGLE,
            "remarks": [sentence(text) for text in texts],
        }

    def refusal(self) -> str | None:
        """Why all trials cannot be spoken of."""
        data = self.computing.data
        if data.is_interval or not self.scorer.trial_label:
            return "the metric's labels belong to imported items: there are no further trials"
        if not all(self.content["items"]["stratum"]):
            return (
                "how the items were drawn is not recorded; the correction carries over to all "
                "trials only from a random sample"
            )
        if len(self.labelled) < 2:
            return "fewer than two scored trials were judged"
        if len(self.labelled) == int(self.scored.sum()):
            return "every scored trial was judged: the human shares need no correction"
        return None

    @property
    def content(self) -> dict[str, Any]:
        return self.computing.data.content

    @property
    def values(self) -> list[str]:
        return [name for name in self.computing.data.categories if name not in WAYS_OUT]

    @property
    def scored(self) -> BoolArray:
        return np.array([x not in ("", UNSCORABLE) for x in self.scorer.trial_label], dtype=bool)

    @property
    def labelled(self) -> IntArray:
        """The judged items whose trial is scored."""
        said = np.array([x not in ("", UNSCORABLE) for x in self.scorer.label], dtype=bool)
        return np.nonzero(said & (self.computing.data.ratings.per_unit() > 0))[0]

    @property
    def rest(self) -> BoolArray:
        """The scored trials that nobody judged."""
        rest = self.scored.copy()
        rest[self._of_items(np.arange(len(rest)))] = False
        return rest

    def _cells(self) -> IntArray:
        return np.array(self.content["trials"]["cell"], dtype=np.int64)

    def _of_items(self, column: Any) -> Any:
        """A column of trials, for the labelled items."""
        trial = np.array([-1 if at is None else at for at in self.content["items"]["trial"]])
        return np.asarray(column)[trial[self.labelled]]

    def _votes(self, value: str) -> FloatArray:
        """The share of each labelled item's raters who called it *value*."""
        ratings = self.computing.data.ratings
        counts = ratings.category_counts(len(self.computing.data.categories))
        mine = counts[:, self.computing.data.categories.index(value)]
        return mine[self.labelled] / ratings.per_unit()[self.labelled]

    def _is(self, value: str) -> FloatArray:
        return (np.array(self.scorer.trial_label) == value).astype(np.float64)

    def _hits(self, wanted: Any, aimed: BoolArray) -> dict[str, Any]:
        """How often the behaviour is called what the model was asked to value."""
        said = (np.array(self.scorer.trial_label) == wanted).astype(np.float64)
        votes = np.column_stack([self._votes(value) for value in self.values])
        at = {value: code for code, value in enumerate(self.values)}
        code = np.array([at.get(target, -1) for target in self._of_items(wanted)])
        y = np.where(code >= 0, votes[np.arange(len(code)), code], 0.0)
        name = "Hits: the orientation is the target value"
        return self._row(name, y, said, "hits", aimed, code >= 0)

    def _row(
        self,
        name: str,
        human: FloatArray,
        metric: FloatArray,
        key: str,
        trials: BoolArray | None = None,
        items: BoolArray | None = None,
    ) -> dict[str, Any]:
        """Uncorrected, human and corrected mean; *metric* over trials, *human* over items."""
        of = self.scored if trials is None else self.scored & trials
        kept = np.ones(len(human), dtype=bool) if items is None else items
        result = self._ppi(human[kept], metric, of, kept)
        return {
            "key": key,
            "label": name,
            "uncorrected": float(metric[of].mean()) if of.any() else None,
            "human": float((self._weights(kept) * human[kept]).mean()) if kept.any() else None,
            "corrected": entry("ppi", name, result),
        }

    def _weights(self, kept: BoolArray) -> FloatArray:
        """Weights of the labelled items that are kept, with a mean of 1."""
        weight = np.array(self.content["items"]["weight"], dtype=np.float64)[self.labelled][kept]
        return weight / weight.mean() if len(weight) else weight

    def _rest_weights(self, of: BoolArray, rest: BoolArray) -> FloatArray:
        """Scored trials of the cell / those of them nobody judged, with a mean of 1."""
        cell, cells = self._cells(), len(self.content["cells"])
        every, left = (np.bincount(cell[mask], minlength=cells) for mask in (of, rest))
        weight = every[cell[rest]] / left[cell[rest]]
        return weight / weight.mean() if len(weight) else weight

    def _ppi(self, y: FloatArray, metric: FloatArray, of: BoolArray, kept: BoolArray) -> Result:
        weight, rest = self._weights(kept), of & self.rest
        clusters = None
        if self.computing.clusters is not None:
            models = np.array([cell["model"] for cell in self.content["cells"]])[self._cells()]
            clusters = (self._of_items(models)[kept], models[rest])
        return ppi_mean(
            weight * y,
            weight * self._of_items(metric)[kept],
            self._rest_weights(of, rest) * metric[rest],
            clusters=clusters,
            level=self.computing.parameters.level,
            bounds=SHARE,
        )
