"""Simulated studies with known truth, one function a design, for the coverage study.

Each function draws one study and returns the intervals that a report would show for it, beside the
number that each should cover. ``SECTIONS`` holds them under the question that a report answers.
"""

from bench.analysis.designs import humans, metrics, models, numbers
from bench.analysis.designs.base import REPLICATES, Checked, Design

__all__ = ["REPLICATES", "SECTIONS", "Checked", "Design"]

SECTIONS: dict[str, tuple[Design, ...]] = {
    "Raters among themselves: labels": humans.LABELS,
    "Raters among themselves: vectors": humans.VECTORS,
    "Raters among themselves: the same item again": humans.REPEATS,
    "Raters among themselves: numbers": numbers.ANGLES,
    "A metric against the raters: labels": metrics.LABELS,
    "A metric against the raters: as a substitute": metrics.SUBSTITUTE,
    "A metric against the raters: degrees and vectors": numbers.DEGREES,
    "For all trials": metrics.CORRECTED,
    "Models compared": models.CONTRASTS,
    "Trials of a cell": models.TRIALS,
    "Side by side": metrics.SIDE_BY_SIDE,
    "Raters among themselves: thousands of items": numbers.THOUSANDS,
}
