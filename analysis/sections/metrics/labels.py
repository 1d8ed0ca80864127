"""How well does a metric that gives labels agree with the raters?

The human consensus is the criterion and the metric is never part of it. Nothing is left out of the
confusion matrix: items without a consensus and items without a label have a row and a column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.data.frozen import UNSCORABLE, Automated, BoolArray, FloatArray, IntArray
from analysis.sections.computing import Computing, beside, entry, warning
from analysis.sections.result.metrics import (
    Decided,
    Everything,
    LabelsMetric,
    Matrix,
    ValueClass,
    WithRater,
)
from analysis.sections.result.statistic import Statistic, Warning
from analysis.statistics.agreement.alpha import krippendorff_alpha
from analysis.statistics.agreement.coefficients import gwet_ac
from analysis.statistics.agreement.confusion import Classification, accuracy, classification
from analysis.statistics.agreement.kappa import cohen_kappa
from analysis.statistics.core.diagnostics import RARE, prevalence_warning
from analysis.statistics.core.ratings import Ratings
from analysis.statistics.core.result import Result, Undefined
from analysis.words.wording import count
from evaluations.text.natural_order import natural

NO_CONSENSUS, NO_LABEL = "no consensus", "no label"


@dataclass(frozen=True)
class Comparison:
    """One metric beside the raters, on one list of categories for both."""

    computing: Computing
    scorer: Automated

    @cached_property
    def columns(self) -> list[str]:
        """Every label the metric can be met with: the study's categories, its own others, and
        'unscorable' and 'no label' where they occur."""
        known = self.computing.data.categories
        found = set(self.scorer.label) - set(known)
        others = sorted(found - {"", UNSCORABLE}, key=natural)
        ends = [UNSCORABLE] * (UNSCORABLE in found) + [NO_LABEL] * ("" in found)
        return [*known, *others, *ends]

    @cached_property
    def rows(self) -> list[str]:
        return [*self.computing.data.categories, NO_CONSENSUS]

    @cached_property
    def truth(self) -> IntArray:
        """Row of each item: its consensus or 'no consensus'; -1 where nobody judged."""
        consensus = self.computing.consensus
        row = np.where(consensus.settled, consensus.code, len(self.rows) - 1)
        return np.where(consensus.judged > 0, row, -1)

    @cached_property
    def said(self) -> IntArray:
        """Column of each item's automated label."""
        at = {label: code for code, label in enumerate(self.columns)} | {"": len(self.columns) - 1}
        return np.array([at[label] for label in self.scorer.label], dtype=np.int64)

    @property
    def looked_at(self) -> BoolArray:
        """Items the metric labelled or found unscorable."""
        return np.array([label != "" for label in self.scorer.label], dtype=bool)

    @cached_property
    def values(self) -> list[str]:
        """The labels that are values: no way out, no end of the metric's knowledge."""
        ends = {*self.computing.data.ways_out, UNSCORABLE, NO_LABEL}
        return [label for label in self.columns if label not in ends]

    @property
    def ends(self) -> list[str]:
        """The classes that are no values: the ways out, and 'unscorable' where it occurs."""
        return [label for label in self.columns if label not in (*self.values, NO_LABEL)]

    @cached_property
    def decided(self) -> BoolArray:
        """Items to which both the raters and the metric gave a value."""
        value = np.array([label in self.values for label in self.columns], dtype=bool)
        settled = self.computing.consensus.settled
        truth = np.where(settled, self.truth, 0)
        return settled & value[truth] & value[self.said] & self.looked_at

    def section(self) -> LabelsMetric:
        scores = self._classification()
        section: LabelsMetric = {
            "kind": "labels",
            "scorer": self.scorer.scorer,
            "version": self.scorer.version,
            "name": self.scorer.name,
            "matrix": self._matrix(),
            "values": self.values,
            "ways_out": self.computing.data.ways_out,
            "ends": self.ends,
            "decided": self._decided(scores),
            "everything": self._everything(),
            "classes": self._classes(scores),
            "raters": self._raters(),
            "as_rater": self._as_rater(),
            "warnings": self._warnings(),
        }
        return beside(section, self.computing.kind.beside_labels(self.computing, self.scorer))

    def _matrix(self) -> Matrix:
        """Counts of judged items and the positions behind each count."""
        n_rows, n_columns = len(self.rows), len(self.columns)
        judged = np.nonzero(self.truth >= 0)[0]
        cell = self.truth[judged] * n_columns + self.said[judged]
        counts = np.bincount(cell, minlength=n_rows * n_columns)
        order = judged[np.argsort(cell, kind="stable")]
        positions = np.array(self.computing.data.positions, dtype=np.int64)[order]
        behind = np.split(positions, np.cumsum(counts)[:-1]) if len(counts) else []
        return {
            "rows": self.rows,
            "columns": self.columns,
            "counts": counts.reshape(n_rows, n_columns).tolist(),
            "positions": [
                [behind[row * n_columns + column].tolist() for column in range(n_columns)]
                for row in range(n_rows)
            ]
            if n_columns
            else [[] for _ in self.rows],
            "items": len(judged),
            "split": int(self.computing.consensus.split.sum()),
            "unjudged": int((self.truth < 0).sum()),
        }

    def codes(self, column: IntArray, labels: Sequence[str], mask: BoolArray) -> IntArray:
        """*column* (codes of ``columns``) of the masked items as codes of *labels*."""
        recode = np.array([labels.index(x) if x in labels else -1 for x in self.columns])
        return recode[column[mask]]

    def _classification(self) -> Classification:
        return classification(
            self.codes(self.truth, self.values, self.decided),
            self.codes(self.said, self.values, self.decided),
            len(self.values),
            clusters=self.computing.clusters_where(self.decided),
            names=self.values,
            **self.computing.bootstrapped,
        )

    def _kappa(self, mask: BoolArray, labels: list[str], weights: str = "unweighted") -> Result:
        return cohen_kappa(
            self.codes(self.truth, labels, mask),
            self.codes(self.said, labels, mask),
            len(labels),
            weights=weights,
            clusters=self.computing.clusters_where(mask),
            level=self.computing.parameters.level,
            names=labels,
        )

    @cached_property
    def kappa(self) -> Result:
        return self._kappa(self.decided, self.values)

    @cached_property
    def both(self) -> FloatArray:
        """Consensus and metric as two raters of the decided items, in codes of the values."""
        columns = (self.truth, self.said)
        both = [self.codes(column, self.values, self.decided) for column in columns]
        return np.column_stack(both).astype(np.float64)

    def _alpha(self) -> Result:
        """Alpha of consensus and metric as two raters."""
        return krippendorff_alpha(
            self.both,
            self.computing.data.scale,  # type: ignore[arg-type]
            clusters=self.computing.clusters_where(self.decided),
            names=self.values,
            **self.computing.bootstrapped,
        )

    @cached_property
    def ac1(self) -> Result:
        """AC1 of consensus and metric as two raters."""
        if not self.values:
            return Undefined("there is no value to agree on", {"units": 0})
        return gwet_ac(
            self.both,
            len(self.values),
            clusters=self.computing.clusters_where(self.decided),
            level=self.computing.parameters.level,
            names=self.values,
        )

    def _decided(self, scores: Classification) -> Decided:
        """Statistics over the items to which both sides gave a value."""
        found = [
            entry("macro_f1", "Macro F1", scores.macro_f1),
            entry("accuracy", "Agreement with the consensus", scores.accuracy),
            entry("balanced_accuracy", "Balanced accuracy", scores.balanced_accuracy),
            entry("kappa", "Cohen's kappa", self.kappa),
            entry("gwet_ac", "Gwet's AC1", self.ac1),
            entry("alpha", f"Krippendorff's alpha, {self.computing.data.scale}", self._alpha()),
        ]
        if self.computing.data.scale == "ordinal":
            weighted = self._kappa(self.decided, self.values, "quadratic")
            found.insert(4, entry("kappa_quadratic", "Cohen's kappa, quadratic weights", weighted))
        return {"items": int(self.decided.sum()), "statistics": found}

    def _everything(self) -> Everything:
        """Statistics over every item with a consensus, what is no value being classes."""
        mask = self.computing.consensus.settled & self.looked_at
        labels = [label for label in self.columns if label != NO_LABEL]
        truth, said = self.codes(self.truth, labels, mask), self.codes(self.said, labels, mask)
        same = accuracy(
            truth,
            said,
            len(labels),
            clusters=self.computing.clusters_where(mask),
            level=self.computing.parameters.level,
        )
        return {
            "items": int(mask.sum()),
            "same_as_decided": bool(np.array_equal(mask, self.decided)),
            "statistics": [
                entry("kappa", "Cohen's kappa", self._kappa(mask, labels)),
                entry("accuracy", "Agreement with the consensus", same),
            ],
        }

    def _classes(self, scores: Classification) -> list[ValueClass]:
        """Precision, recall and F1 of each value, and how often the metric gave none at all."""
        settled = self.computing.consensus.settled
        silent = settled & ~np.isin(self.said, [self.columns.index(v) for v in self.values])
        return [
            {
                "category": name,
                "consensus": row.truth,
                "automated": row.predicted,
                "without_label": int((silent & (self.truth == self.columns.index(name))).sum()),
                "precision": entry("precision", "Precision", row.precision),
                "recall": entry("recall", "Recall", row.recall),
                "f1": entry("f1", "F1", row.f1),
            }
            for name, row in zip(self.values, scores.classes, strict=True)
        ]

    def _raters(self) -> list[WithRater]:
        """Kappa of the metric with each rater alone, over what both looked at."""
        data = self.computing.data
        labels = [label for label in self.columns if label != NO_LABEL]
        order = np.argsort(data.ratings.rater, kind="stable")
        ends = np.cumsum(data.ratings.per_rater())
        looked_at, found = self.looked_at, list[WithRater]()
        for rater, rows in enumerate(np.split(order, ends[:-1]) if len(ends) else []):
            kept = rows[looked_at[data.ratings.unit[rows]]]
            unit = data.ratings.unit[kept]
            kappa = cohen_kappa(
                data.ratings.value[kept],
                self.said[unit],
                len(labels),
                weights="quadratic" if self._ordered(unit) else "unweighted",
                clusters=self.computing.clusters_where(unit),
                level=self.computing.parameters.level,
                names=labels,
            )
            found.append(
                {
                    **entry("kappa", "Cohen's kappa", kappa),
                    "rater": data.pseudonyms[rater],
                    "kind": data.content["raters"]["kind"][rater],
                }
            )
        return found

    def _ordered(self, unit: IntArray) -> bool:
        """Whether the metric stays on the study's ordered scale for these items."""
        data = self.computing.data
        on_scale = bool((self.said[unit] < len(data.categories)).all())
        return data.scale == "ordinal" and on_scale

    def _as_rater(self) -> Statistic:
        """Alpha of the raters and the metric together, as if the metric were one more rater."""
        data = self.computing.data
        ordinal = data.scale == "ordinal"
        joins = self.looked_at & (self.said < len(data.categories)) if ordinal else self.looked_at
        unit = np.nonzero(joins & (self.truth >= 0))[0]
        people, n_raters = data.ratings, data.ratings.n_raters
        together = Ratings.from_long(
            np.concatenate([people.unit, unit]),
            np.concatenate([people.rater, np.full(len(unit), n_raters)]),
            np.concatenate([people.value, self.said[unit].astype(np.float64)]),
            n_units=data.n_items,
            n_raters=n_raters + 1,
        )
        alpha = krippendorff_alpha(
            together,
            data.scale,  # type: ignore[arg-type]
            clusters=self.computing.clusters,
            names=self.columns,
            **self.computing.bootstrapped,
        )
        name = f"Krippendorff's alpha, {data.scale}, raters and {self.scorer.scorer} together"
        return entry("alpha_together", name, alpha)

    def _warnings(self) -> list[Warning]:
        found = []
        if text := prevalence_warning(self.kappa, self.ac1):
            found.append(warning("prevalence", f"Between {self.scorer.name} and consensus {text}."))
        codes = self.codes(self.truth, self.values, self.decided)
        targets = np.bincount(codes, minlength=len(self.values)).tolist()
        rare = [f"'{v}' ({n})" for v, n in zip(self.values, targets, strict=True) if n < RARE]
        if rare and len(self.scorer.label):
            found.append(
                warning(
                    "rare_targets",
                    f"{self.scorer.name}: fewer than {RARE} items have the consensus (items in "
                    f"brackets) {', '.join(rare)}: read their precision and recall as anecdotes.",
                )
            )
        if split := int(self.computing.consensus.split.sum()):
            found.append(
                warning(
                    "no_consensus",
                    f"The raters came to no consensus on {count(split, 'item')}. They have a row "
                    "of their own in the confusion matrix and are no part of precision and recall.",
                )
            )
        single = int((self.computing.consensus.judged == 1).sum())
        if single:
            found.append(
                warning(
                    "single_judgment",
                    f"The consensus on {single} items rests on a single judgment.",
                )
            )
        return found
