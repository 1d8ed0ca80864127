"""The raters among themselves where a judgment is a vector: dimension by dimension."""

from __future__ import annotations

from analysis.sections.computing import Computing, entry
from analysis.sections.humans.confidence import confidence
from analysis.sections.result.humans import HumansByScale
from analysis.sections.result.statistic import Statistic
from analysis.sections.vector_table import Vectors
from analysis.statistics.agreement.vectors import VectorAgreement, vector_alpha

NO_PAIRS = "a judgment is a vector of values: see the table of its dimensions"


def human_vectors(computing: Computing, found: Vectors) -> HumansByScale:
    """The raters among themselves: the macro mean first, then a row for each dimension."""
    agreement = vector_alpha(
        found.unit,
        found.rater,
        found.table,
        n_units=computing.data.n_items,
        clusters=computing.clusters,
        **computing.bootstrapped,
    )
    rows, macro = by_dimension(found.names, agreement, "alpha", "Krippendorff's alpha, ordinal")
    return {
        "headline": "alpha_macro",
        "statistics": [macro, *rows],
        "categories": [],
        "pairs": [],
        "pairs_reason": NO_PAIRS,
        "confidence": confidence(computing),
        "warnings": [],
    }


def by_dimension(
    names: list[str], agreement: VectorAgreement, key: str, what: str
) -> tuple[list[Statistic], Statistic]:
    """A row for each dimension, and their mean; *what*: the name of the statistic."""
    rows: list[Statistic] = [
        {**entry(f"{key}_{at}", f"{what}: {name}", result), "dimension": name}
        for at, (name, result) in enumerate(zip(names, agreement.dimensions, strict=True), start=1)
    ]
    return rows, entry(f"{key}_macro", f"{what}, macro mean", agreement.macro)
