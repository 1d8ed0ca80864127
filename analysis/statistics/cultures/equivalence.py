"""Is a scene answered as the anchor is? Two one-sided tests on the same targets.

Schuirmann 1987: a mean difference is equivalent to none within a bound fixed beforehand where both
'as low as -bound' and 'as high as bound' are rejected at 5 %, that is, where the 90 % interval lies
inside. Targets are paired; each counts once. Not different is not the same as equivalent.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from numpy.typing import ArrayLike

from analysis.statistics.core.pairs import mean_difference
from analysis.statistics.core.ratings import FloatArray, as_matrix
from analysis.statistics.core.result import ANY, Range, Result, of_difference
from analysis.statistics.numbers.contrasts import holm

BOUND = 5.0
"""By how much the mean of a scene may differ from the anchor's and still be the same, in the unit
of the scores."""
SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True)
class Equivalence:
    """Scene minus anchor in the unit of the scores. ``p``: of the worse one-sided test; ``p_holm``:
    corrected for all scenes. ``equivalent``: whether ``p_holm`` is below 5 %; None where unknown.
    """

    difference: Result
    p: float | None
    p_holm: float | None
    equivalent: bool | None

    def to_dict(self) -> dict[str, Any]:
        return {
            "difference": self.difference.to_dict(),
            "p": self.p,
            "p_holm": self.p_holm,
            "equivalent": self.equivalent,
        }


def scenes_against_anchor(
    values: ArrayLike,
    names: Sequence[str],
    anchor: str,
    *,
    bound: float = BOUND,
    level: float = 0.95,
    within: Range = ANY,
) -> Mapping[str, Equivalence]:
    """Each column of ``values`` (targets x scenes, NaN = missing) against that of the anchor.

    ``bound``: in the unit of the values, above 0; ``within``: their range. ValueError where names
    and columns differ in number, the anchor is none of them or the bound is not positive.
    """
    table = as_matrix(values)
    if table.shape[1] != len(names) or anchor not in names:
        raise ValueError(f"{table.shape[1]} columns, names {list(names)}, anchor {anchor!r}")
    if not (math.isfinite(bound) and bound > 0):
        raise ValueError(f"the bound is a number above 0, not {bound}")
    own = table[:, list(names).index(anchor)]
    between = of_difference(within, within)
    tested = {
        name: _tested(table[:, at], own, bound, level, between)
        for at, name in enumerate(names)
        if name != anchor
    }
    corrected = iter(holm([p for _, p in tested.values() if p is not None]))
    return {
        name: _answer(difference, p, None if p is None else next(corrected))
        for name, (difference, p) in tested.items()
    }


def _answer(difference: Result, p: float | None, p_holm: float | None) -> Equivalence:
    return Equivalence(difference, p, p_holm, None if p_holm is None else p_holm < SIGNIFICANT)


def _tested(
    scene: FloatArray, anchor: FloatArray, bound: float, level: float, within: Range
) -> tuple[Result, float | None]:
    from scipy.special import stdtr

    found, freedom = mean_difference(scene, anchor, "targets", level=level, within=within)
    if freedom is None or not found.defined:
        return found, None
    found = replace(found, details={**found.details, "bound": bound})
    return found, float(stdtr(freedom, -(bound - abs(found.value)) / found.details["se"]))
