"""The consensus of Dawid and Skene beside the majority: a second opinion on what the raters say.

The majority counts every rater alike. The model weighs them by how they confuse the categories and
settles most ties; neither is the truth.
"""

from __future__ import annotations

import numpy as np

from analysis.data.frozen import Automated, FloatArray, IntArray
from analysis.sections.computing import Computing, entry
from analysis.sections.result.humans import Latent, MetricByBoth, Prevalence, Sensitivity, TwoRules
from analysis.sections.result.statistic import Statistic
from analysis.sections.section import Section
from analysis.statistics.agreement.dawid_skene import DawidSkene, dawid_skene
from analysis.statistics.agreement.kappa import cohen_kappa
from analysis.statistics.core.result import Undefined
from analysis.words.wording import sentence

TOLERANCE, MOST_STEPS = 1e-8, 500
LEAST_ITEMS = 1.0
"""Expected number of items of a category below which a rater's sensitivity is not shown."""

SOURCE = "Dawid & Skene 1979, Applied Statistics 28, 20-28"


def applies(computing: Computing) -> bool:
    """Whether judgments are categories."""
    return not computing.data.is_interval and computing.vectors is None


def latent(computing: Computing) -> Latent:
    """Prevalence, sensitivity of each rater, items on which the two consensus rules differ, and
    each metric against both."""
    data = computing.data
    model: DawidSkene | Undefined = (
        dawid_skene(
            data.ratings, len(data.categories), tolerance=TOLERANCE, max_iterations=MOST_STEPS
        )
        if data.categories and data.n_items
        else Undefined("nothing was judged", {"units": 0})
    )
    if isinstance(model, Undefined):
        return {"defined": False, "reason": model.reason, "source": SOURCE}
    return {
        "defined": True,
        "source": SOURCE,
        "iterations": model.iterations,
        "remarks": [sentence(text) for text in model.warnings],
        "prevalence": _prevalence(computing, model),
        "raters": _raters(computing, model),
        "items": _items(computing, model.labels),
        "metrics": [_metric(computing, scorer, model.labels) for scorer in data.automated],
    }


def _prevalence(computing: Computing, model: DawidSkene) -> list[Prevalence]:
    """Share of each category: by the model, and among the items that have a majority."""
    settled = computing.consensus.code[computing.consensus.settled]
    counts = np.bincount(settled, minlength=len(computing.data.categories))
    total = int(counts.sum())
    return [
        {
            "category": name,
            "latent": float(model.prevalence[at]),
            "majority": float(counts[at] / total) if total else None,
            "items": int(counts[at]),
        }
        for at, name in enumerate(computing.data.categories)
    ]


def _raters(computing: Computing, model: DawidSkene) -> list[Sensitivity]:
    """How often each rater finds each category, by the model; None where it met hardly any."""
    data = computing.data
    expected = np.zeros((len(data.pseudonyms), len(data.categories)))
    np.add.at(expected, data.ratings.rater, model.posterior[data.ratings.unit])
    diagonal: FloatArray = np.diagonal(model.confusion, axis1=1, axis2=2)
    return [
        {
            "rater": name,
            "sensitivity": [
                float(found) if held >= LEAST_ITEMS else None
                for found, held in zip(diagonal[at].tolist(), expected[at].tolist(), strict=True)
            ],
        }
        for at, name in enumerate(data.pseudonyms)
    ]


def _items(computing: Computing, labels: IntArray) -> TwoRules:
    """Where the two rules differ, and what becomes of the items without a majority."""
    consensus = computing.consensus
    differ = consensus.settled & (labels >= 0) & (labels != consensus.code)
    settles = consensus.split & (labels >= 0)
    tied = (consensus.judged > 0) & (labels < 0)
    return {
        "split": int(consensus.split.sum()),
        "settled_by_model": int(settles.sum()),
        "settled_positions": computing.data.positions_where(settles),
        "differ": int(differ.sum()),
        "differ_positions": computing.data.positions_where(differ),
        "tied_in_model": int(tied.sum()),
        "tied_positions": computing.data.positions_where(tied),
    }


def _metric(computing: Computing, scorer: Automated, labels: IntArray) -> MetricByBoth:
    """Kappa of a metric with each consensus, over the same kind of items: both gave a category."""
    names = computing.data.categories
    said = scorer.coded(names)
    ordered = computing.data.scale == "ordinal"

    def kappa(code: IntArray) -> Statistic:
        mask = (code >= 0) & (said >= 0)
        result = cohen_kappa(
            code[mask],
            said[mask],
            len(names),
            weights="quadratic" if ordered else "unweighted",
            clusters=computing.clusters_where(mask),
            level=computing.parameters.level,
            names=names,
        )
        return entry("kappa", "Cohen's kappa", result)

    return {
        "name": scorer.name,
        "majority": kappa(computing.consensus.code),
        "latent": kappa(labels),
    }


SECTION = Section("latent", "A second consensus (Dawid and Skene)", latent, applies)
