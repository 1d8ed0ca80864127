"""Value vectors: raters and metrics give a number to each of several named values.

A label is then canonical text such as '1,0,-1'. Each dimension is a question of its own: ten rows
and their mean, never one pool of ten times as many items.
"""

from __future__ import annotations

import numpy as np

from analysis.data.frozen import Automated
from analysis.sections.computing import Computing
from analysis.sections.humans.dimensions import by_dimension
from analysis.sections.result.metrics import DimensionUsed, VectorMetric
from analysis.sections.result.metrics import Vectors as VectorsSection
from analysis.sections.section import Section
from analysis.sections.vector_table import Vectors, said_by
from analysis.statistics.agreement.vectors import vector_concordance

NOTE = (
    "Each dimension has its own row and the macro mean counts them alike. They are never pooled: "
    "the dimensions of one text are no independent items."
)


def applies(computing: Computing) -> bool:
    """Whether judgments are vectors."""
    return computing.vectors is not None


def vectors(computing: Computing) -> VectorsSection:
    """How often each dimension got which value, and the concordance of each metric with the raters'
    mean vector."""
    found = computing.vectors
    assert found is not None  # noqa: S101  (applies)
    return {
        "note": NOTE,
        "names": found.names,
        "judgments": len(found.table),
        "left_out": found.left_out,
        "used": _used(found),
        "metrics": [_metric(computing, scorer, found) for scorer in computing.data.automated],
    }


def _metric(computing: Computing, scorer: Automated, found: Vectors) -> VectorMetric:
    """A metric's vectors beside the raters' mean vector, on the items that have both."""
    said = said_by(computing.data, scorer, len(found.names))
    mean = found.means(computing.data.n_items)
    both = np.asarray(~np.isnan(np.hstack([said, mean])).any(axis=1))
    together = vector_concordance(
        said[both],
        mean[both],
        clusters=computing.clusters_where(both),
        **computing.bootstrapped,
    )
    rows, macro = by_dimension(
        found.names, together, "ccc", "Lin's concordance with the raters' mean"
    )
    return {
        "name": scorer.name,
        "items": int(both.sum()),
        "positions": computing.data.positions_where(both),
        "rows": rows,
        "macro": macro,
    }


def _used(found: Vectors) -> list[DimensionUsed]:
    """How often each dimension got which value."""
    steps = np.unique(found.table[~np.isnan(found.table)]).tolist()
    return [
        {
            "dimension": name,
            "counts": {f"{step:g}": int((column == step).sum()) for step in steps},
        }
        for name, column in zip(found.names, found.table.T, strict=True)
    ]


SECTION = Section("vectors", "Value vectors, dimension by dimension", vectors, applies)
