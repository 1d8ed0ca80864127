"""pingouin's ICC beside ours: a second, independent implementation of the same formulas.

Loading pingouin takes seconds of processor time, so a section only says which table could be
checked (``crosscheck``), and the report has it done where that was asked for (``settled``).
"""

from __future__ import annotations

import math
import warnings
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from analysis.sections.result.trials import CheckedForm, Crosscheck, Three
from analysis.statistics.core.result import Result
from analysis.statistics.numbers.icc import FORMS, icc

AGREES = 1e-8
PINGOUIN_LEVEL = 0.95
FloatArray = NDArray[np.float64]


NOT_ASKED = "it was not asked for, because loading pingouin takes seconds"


def crosscheck(table: FloatArray, what: str) -> Crosscheck:
    """A complete targets x raters *table* to be checked; *what* says which table it is. It holds
    the table until it is ``settled``."""
    return cast(Crosscheck, {"what": what, "table": table})


def settled(check: dict[str, Any], asked: bool) -> Crosscheck:
    """What becomes of a check in the report: both implementations, or why there is none."""
    if "table" not in check:
        return cast(Crosscheck, check)
    if not asked:
        return {**impossible(NOT_ASKED), "possible": True}
    return compared(check["table"], check["what"])


def compared(table: FloatArray, what: str) -> Crosscheck:
    """Both implementations on a complete targets x raters *table*.

    Each row holds a form, both values with their 95 % limits, the largest difference between them
    and whether it is below 1e-8. pingouin answers inf or NaN where the ICC is undefined: such a
    value is named in ``note`` and not printed as a number.
    """
    ours = icc(table, level=PINGOUIN_LEVEL)
    theirs = _pingouin(table)
    rows = [_row(form, ours[form], theirs.get(form)) for form in FORMS]
    return {
        "what": what,
        "targets": table.shape[0],
        "raters": table.shape[1],
        "rows": rows,
        "agrees": all(row["agrees"] for row in rows if row["difference"] is not None),
    }


def impossible(reason: str) -> Crosscheck:
    """The cross-check when there is no complete table to run it on."""
    return {"what": "", "targets": 0, "raters": 0, "rows": [], "agrees": None, "reason": reason}


def _row(form: str, ours: Result, theirs: tuple[float, float, float] | None) -> CheckedForm:
    mine = None
    if ours.defined and ours.interval is not None:
        mine = (ours.value, ours.interval.low, ours.interval.high)
    elif ours.defined:
        mine = (ours.value, math.nan, math.nan)
    printed = theirs if theirs and all(map(math.isfinite, theirs)) else None
    difference = _difference(mine, printed)
    return {
        "form": form,
        "ours": _numbers(mine),
        "pingouin": _numbers(printed),
        "difference": difference,
        "agrees": difference is not None and difference <= AGREES,
        "note": _note(ours, mine, theirs, printed),
    }


def _difference(
    mine: tuple[float, float, float] | None, printed: tuple[float, float, float] | None
) -> float | None:
    if mine is None or printed is None or not all(map(math.isfinite, mine)):
        return None
    return max(abs(a - b) for a, b in zip(mine, printed, strict=True))


def _numbers(values: tuple[float, float, float] | None) -> Three | None:
    if values is None:
        return None
    finite = [value if math.isfinite(value) else None for value in values]
    return {"value": finite[0], "low": finite[1], "high": finite[2]}


def _note(ours: Result, mine: Any, theirs: Any, printed: Any) -> str:
    if theirs is None:
        return "pingouin gave no result"
    shown = ", ".join(f"{value:.3g}" for value in theirs)
    if mine is None and not ours.defined:
        return f"undefined here ({ours.reason}); pingouin prints {shown}"
    if printed is None:
        return f"pingouin prints {shown}, which is no valid estimate with limits"
    return ""


def _pingouin(table: FloatArray) -> dict[str, tuple[float, float, float]]:
    """pingouin's value and 95 % limits of each form; empty when it refuses the table."""
    import pandas as pd
    import pingouin

    targets, raters = np.indices(table.shape)
    frame = pd.DataFrame({"t": targets.ravel(), "r": raters.ravel(), "v": table.ravel()})
    rounding = pingouin.options["round.column.CI95"]
    # Two decimals are its default, which would hide any difference below .005.
    pingouin.options["round.column.CI95"] = None
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            found = pingouin.intraclass_corr(frame, targets="t", raters="r", ratings="v")
    except (ValueError, AssertionError, ZeroDivisionError):
        return {}
    finally:
        pingouin.options["round.column.CI95"] = rounding
    return {
        row["Type"]: (float(row["ICC"]), float(row["CI95"][0]), float(row["CI95"][1]))
        for row in found.to_dict("records")
    }
