"""Consensus of human judgments by counting. The automated label is never among the votes.

A consensus that contains the automated label flatters it: kappa rose from .605 to .709 that way.
"""

from __future__ import annotations

import numpy as np

from analysis.statistics.ratings import IntArray

UNDECIDED = -1


def majority_labels(counts: IntArray) -> IntArray:
    """The category with more than half of the votes of each unit, ``UNDECIDED`` without one.

    ``counts``: units x categories, as ``Ratings.category_counts`` gives them.
    """
    more = 2 * counts.max(axis=1) > counts.sum(axis=1)
    return np.where(more, counts.argmax(axis=1), UNDECIDED)


def median_labels(counts: IntArray) -> IntArray:
    """The median of ordered categories of each unit, ``UNDECIDED`` where it falls between two or
    nobody voted."""
    upto, n = counts.cumsum(axis=1), counts.sum(axis=1)
    low = (upto <= ((n - 1) // 2)[:, None]).sum(axis=1)
    high = (upto <= (n // 2)[:, None]).sum(axis=1)
    return np.where((low == high) & (n > 0), low, UNDECIDED)
