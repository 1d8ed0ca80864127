"""The six forms of the intraclass correlation and what they share."""

from __future__ import annotations

from typing import Any, Literal

from analysis.statistics.core.result import COEFFICIENT, Range, Result

Form = Literal["ICC(1,1)", "ICC(A,1)", "ICC(C,1)", "ICC(1,k)", "ICC(A,k)", "ICC(C,k)"]
FORMS: tuple[Form, ...] = ("ICC(1,1)", "ICC(A,1)", "ICC(C,1)", "ICC(1,k)", "ICC(A,k)", "ICC(C,k)")
FEW_RATERS = 5

BEYOND_RANGE = (
    "raters differ far more within targets than targets differ, so the coefficient leaves the "
    "range from -1 to 1 and has no meaning"
)
ONE_RATER = "one rater alone: agreement needs at least two"
ONE_TARGET = "one target alone: differences between targets cannot be estimated"
NO_VARIATION = "every rating is the same: there is no variation to explain"
EQUAL_TARGETS = "the targets do not differ: every target has the same mean rating"


def few_raters_warnings(k: int) -> list[str]:
    """A warning below five raters: differences between raters are then hardly known."""
    if k >= FEW_RATERS:
        return []
    return [f"only {k} raters: differences between raters are estimated poorly below {FEW_RATERS}"]


def is_two_way(form: Form) -> bool:
    """Whether the form separates raters from residual variation."""
    return not form.startswith("ICC(1")


def range_of(form: Form, k: int) -> Range:
    """Between which numbers a form lies from a complete table of k raters.

    ICC(1,1) and ICC(C,1) cannot be lower than -1/(k - 1). The others are given down to -1, and
    undefined (BEYOND_RANGE) below it.
    """
    return (-1 / (k - 1), 1.0) if form in ("ICC(1,1)", "ICC(C,1)") else COEFFICIENT


def from_components(form: Form, target: Any, rater: Any, residual: Any, k: float) -> Any:
    """The coefficient from variance components, numbers or arrays (McGraw & Wong 1996, table 3).

    For ICC(1, .) give the one-way components, with a rater variance of zero.
    """
    error = residual if form.startswith("ICC(C") else rater + residual
    return target / (target + (error / k if form.endswith("k)") else error))


def rater_part(result: Result) -> float | None:
    """The variance of raters as a part of the residual one, from a two-way form; None if unknown.

    A form of a complete table tells it by its mean squares, one with missing cells by components.
    """
    details = result.details if result.defined else {}
    if "mean_squares" in details and result.n["units"]:
        squares = details["mean_squares"]
        residual = squares["residual"]
        rater = (squares["raters"] - residual) / result.n["units"]
    elif "var_rater" in details:
        rater, residual = details["var_rater"], details["var_residual"]
    else:
        return None
    return max(0.0, rater / residual) if residual > 0 else None
