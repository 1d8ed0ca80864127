"""Warnings that a reader needs beside an agreement coefficient, in plain words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.statistics.core.ratings import IntArray, Ratings
from analysis.statistics.core.result import Result

RARE = 5
PARADOX = 0.1


def category_name(code: int, names: Sequence[str] | None = None) -> str:
    """The name of a category code for a sentence."""
    return f"category {code}" if names is None else f"'{names[code]}'"


def rare_category_warnings(counts: IntArray, names: Sequence[str] | None = None) -> list[str]:
    """One warning for each category met on fewer than five units; ``counts`` is units x categories.

    A category that nobody used is named too: no rater agreed or disagreed about it.
    """
    return [
        f"{category_name(code, names)} was used on {units} unit(s), fewer than {RARE}"
        for code, units in enumerate(np.count_nonzero(counts, axis=0).tolist())
        if units < RARE
    ]


def constant_rater_warnings(ratings: Ratings) -> list[str]:
    """A warning that names the raters who gave the same value at least three times and no other."""
    if not ratings.n_judgments:
        return []
    order = np.argsort(ratings.rater, kind="stable")
    rater, value = ratings.rater[order], ratings.value[order]
    starts = np.nonzero(np.diff(rater, prepend=-1))[0]
    low, high = np.minimum.reduceat(value, starts), np.maximum.reduceat(value, starts)
    sizes = np.diff(np.append(starts, len(rater)))
    constant = rater[starts][(low == high) & (sizes >= 3)]
    if not len(constant):
        return []
    listed = ", ".join(str(number) for number in constant[:10])
    more = f" and {len(constant) - 10} more" if len(constant) > 10 else ""
    return [f"rater(s) {listed}{more} gave the same value every time"]


def order_warning() -> str:
    """What to say when an ordered scale is assumed but was not declared."""
    return "the order of the categories was not declared: an ordered scale is assumed"


def prevalence_warning(kappa: Result, ac1: Result) -> str | None:
    """The warning that kappa and AC1 differ by more than .1 (Feinstein & Cicchetti 1990).

    None when they agree or one of them is undefined.
    """
    if not kappa.defined or not ac1.defined or abs(kappa.value - ac1.value) <= PARADOX:
        return None
    return (
        f"kappa ({kappa.value:.2f}) and AC1 ({ac1.value:.2f}) differ by more than {PARADOX}: the "
        "categories are used very unequally, so read per-category agreement beside them"
    )
