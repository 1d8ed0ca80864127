"""How many targets, raters and trials a study needs.

ICC width: Bonett 2002 (expected width) and Zou 2012 (width with assurance, in the closed form of
Borg et al. 2022). Kappa: Donner & Rotondi 2010 (common-correlation model). Trials: MDC of a mean.
The simulations answer for any design of targets, raters and judgments a target.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.statistics.agreement.alpha import krippendorff_alpha
from analysis.statistics.core.ratings import FloatArray, IntArray, Ratings
from analysis.statistics.core.result import Result, json_safe
from analysis.statistics.numbers.icc import icc
from analysis.statistics.numbers.icc_forms import Form
from analysis.statistics.numbers.reliability import MDC_MULTIPLE

ASSURANCE = 0.8
_FEWEST_TARGETS = 11


@dataclass(frozen=True, slots=True)
class SampleSize:
    """``n`` whole targets, raters or trials; ``n_raw`` before rounding up."""

    n: int
    n_raw: float
    method: str
    warnings: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return json_safe(
            {
                "n": self.n,
                "n_raw": self.n_raw,
                "method": self.method,
                "warnings": self.warnings,
            }
        )


@dataclass(frozen=True, slots=True)
class SimulatedWidth:
    """What a design promises: mean and median interval width, share of studies within a width."""

    mean_width: float
    median_width: float
    assurance: float | None
    mean_value: float
    studies: int
    undefined: int

    def to_dict(self) -> dict[str, Any]:
        return json_safe({name: getattr(self, name) for name in self.__slots__})


def bonett_targets(icc: float, raters: int, width: float, *, level: float = 0.95) -> SampleSize:
    """Targets for an ICC interval of expected full ``width`` (Bonett 2002, eq. 3).

    n = 1 + 8 z^2 (1 - r)^2 (1 + (k - 1) r)^2 / (k (k - 1) w^2), plus 5 r for k = 2 and r >= .7.
    """
    _check_icc_plan(icc, raters, width, level)
    z, spread = _z((1 + level) / 2), (1 - icc) * (1 + (raters - 1) * icc)
    raw = 1 + 8 * z**2 * spread**2 / (raters * (raters - 1) * width**2)
    raw += 5 * icc if raters == 2 and icc >= 0.7 else 0.0
    warning = "this n reaches the wanted width in only about half of all studies"
    return SampleSize(_whole(raw), raw, "Bonett 2002", (warning,))


def zou_targets(
    icc: float, raters: int, width: float, *, assurance: float = ASSURANCE, level: float = 0.95
) -> SampleSize:
    """Targets for an ICC interval within ``width`` with probability ``assurance`` (Zou 2012)."""
    _check_icc_plan(icc, raters, width, level)
    _check_share(assurance, "assurance")
    k, r = raters, icc
    z, spread = _z((1 + level) / 2), (1 - icc) * (1 + (raters - 1) * icc)
    tilt = abs(k - 2 + 2 * r - 2 * k * r)
    root = math.sqrt(z**2 * spread**2 + 2 * width * z * _z(assurance) * spread * tilt)
    raw = 1 + 2 * (z * spread + root) ** 2 / (k * (k - 1) * width**2)
    return SampleSize(_whole(raw), raw, f"Zou 2012, assurance {assurance:g}")


def kappa_targets(
    kappa: float,
    low: float,
    shares: Sequence[float],
    raters: int,
    *,
    high: float | None = None,
    level: float = 0.95,
) -> SampleSize:
    """Targets so that a kappa of ``kappa`` excludes values below ``low`` (and above ``high``).

    ``shares``: expected share of each category. Donner & Rotondi 2010: under the common-correlation
    model the goodness-of-fit statistic between expected unanimous cells at ``kappa`` and at a limit
    must reach the chi-square quantile; one-sided without ``high``.
    """
    from scipy.special import ndtri

    props = np.asarray(shares, dtype=np.float64)
    _check_kappa_plan(kappa, low, high, props, raters)
    tail = (1 - level) / 2 if high is not None else 1 - level
    critical = float(ndtri(1 - tail)) ** 2
    limits = [low] if high is None else [low, high]
    needed = [critical / _misfit(kappa, limit, props, raters) for limit in limits]
    raw = max(needed)
    n = max(_FEWEST_TARGETS, _whole(raw))
    rare = float(props.min()) * n < 5
    warnings = ("fewer than 5 targets are expected in the rarest category",) if rare else ()
    return SampleSize(n, raw, "Donner & Rotondi 2010", warnings)


def units_to_settle(value: float, limit: float, cut: float, units: int) -> SampleSize | None:
    """Units at which the limit of an interval would reach *cut*, with *units* it is at *limit*.

    A width goes with 1/sqrt(units): n = units ((value - limit)/(value - cut))^2. It takes the
    estimate to stay what it is, so it is an order of size. None where the estimate is at the cut,
    or lies beyond it as seen from the limit: then no number of units moves the limit there.
    """
    if units < 1:
        raise ValueError(f"an interval rests on one unit or more, got {units}")
    away, wanted = value - limit, value - cut
    if wanted == 0 or away * wanted < 0 or abs(wanted) <= 1e-9 * abs(away):
        return None
    raw = units * (away / wanted) ** 2
    return SampleSize(max(units, _whole(raw)), raw, "width by the root of the units")


def raters_for_reliability(single: float, wanted: float) -> SampleSize:
    """Raters whose mean reaches reliability ``wanted``, from that of one (Spearman-Brown 1910)."""
    _check_share(single, "single-rater reliability")
    _check_share(wanted, "wanted reliability")
    raw = wanted * (1 - single) / (single * (1 - wanted))
    return SampleSize(max(1, _whole(raw)), raw, "Spearman-Brown")


def mdc_of_mean(within_sd: float, trials: int, *, multiple: float = MDC_MULTIPLE) -> float:
    """MDC between two cells whose score is the mean of ``trials`` trials, in units of the SD."""
    if within_sd < 0 or trials < 1:
        raise ValueError(f"need an SD of 0 or more and a trial, got {within_sd} and {trials}")
    return multiple * math.sqrt(2 / trials) * within_sd


def trials_for_mdc(within_sd: float, mdc: float, *, multiple: float = MDC_MULTIPLE) -> SampleSize:
    """Trials a cell so that the mean detects a change of ``mdc``: 2 (multiple SD/MDC)^2."""
    if within_sd < 0 or mdc <= 0:
        raise ValueError(f"need an SD of 0 or more and a positive MDC, got {within_sd} and {mdc}")
    raw = 2 * (multiple * within_sd / mdc) ** 2
    return SampleSize(max(1, _whole(raw)), raw, "MDC of a mean of trials")


def simulate_alpha_width(
    alpha: float,
    shares: Sequence[float],
    targets: int,
    per_target: int,
    *,
    width: float | None = None,
    studies: int = 200,
    replicates: int = 500,
    level: float = 0.95,
    seed: int = 0,
) -> SimulatedWidth:
    """Interval width of nominal alpha in simulated studies; ``per_target`` judgments a target.

    Common-correlation model: with probability sqrt(alpha) a judgment is the target's own category,
    else a draw from ``shares``, which gives an expected agreement beyond chance of ``alpha``.
    """
    props = np.asarray(shares, dtype=np.float64)
    _check_share(alpha, "alpha")
    _check_props(props)
    rng = np.random.default_rng(seed)

    def study() -> Result:
        own = rng.choice(len(props), size=(targets, 1), p=props)
        free = rng.choice(len(props), size=(targets, per_target), p=props)
        keep = rng.random((targets, per_target)) < math.sqrt(alpha)
        judged = np.where(keep, own, free).astype(np.float64)
        return krippendorff_alpha(judged, "nominal", level=level, replicates=replicates)

    return _summary([study() for _ in range(studies)], width)


def simulate_icc_width(
    variances: tuple[float, float, float],
    targets: int,
    raters: int,
    *,
    per_target: int | None = None,
    form: Form = "ICC(A,1)",
    width: float | None = None,
    studies: int = 200,
    replicates: int = 500,
    level: float = 0.95,
    seed: int = 0,
) -> SimulatedWidth:
    """Interval width of an ICC in simulated studies with the given design.

    ``variances``: of targets, raters and residual. ``per_target``: judgments a target, by raters
    drawn at random (default: all raters); fewer than ``raters`` makes an incomplete design. The
    intervals are those of a report: simulated pivots, ``replicates`` of them.
    """
    if min(variances) < 0 or targets < 2 or raters < 2:
        raise ValueError("variances are 0 or more, and a design has two targets and two raters")
    held = raters if per_target is None else per_target
    if not 2 <= held <= raters:
        raise ValueError(f"judgments a target lie between 2 and the {raters} raters, got {held}")
    rng = np.random.default_rng(seed)
    sd = [math.sqrt(variance) for variance in variances]

    def study() -> Result:
        unit, rater = _design(targets, raters, held, rng)
        value = sd[0] * rng.standard_normal(targets)[unit]
        value += sd[1] * rng.standard_normal(raters)[rater]
        value += sd[2] * rng.standard_normal(len(unit))
        data = Ratings.from_long(unit, rater, value, n_units=targets, n_raters=raters)
        return icc(data, level=level, limits="pivot", replicates=replicates)[form]

    return _summary([study() for _ in range(studies)], width)


def _design(
    targets: int, raters: int, held: int, rng: np.random.Generator
) -> tuple[IntArray, IntArray]:
    chosen = np.argsort(rng.random((targets, raters)), axis=1)[:, :held]
    return np.repeat(np.arange(targets), held), chosen.ravel()


def _summary(results: list[Result], width: float | None) -> SimulatedWidth:
    estimates = [result for result in results if result.defined]
    widths = np.array([e.interval.width for e in estimates if e.interval is not None])
    if not len(widths):
        raise ValueError("no simulated study gave an interval: the design is too small")
    # A study without an interval has not reached the width, so it counts against the assurance.
    reached = None if width is None else float(np.sum(widths <= width)) / len(results)
    return SimulatedWidth(
        mean_width=float(widths.mean()),
        median_width=float(np.median(widths)),
        assurance=reached,
        mean_value=float(np.mean([e.value for e in estimates])),
        studies=len(results),
        undefined=len(results) - len(widths),
    )


def _whole(raw: float) -> int:
    """Rounded up, unless rounding alone took it beyond a whole number."""
    return math.ceil(raw - 1e-9)


def _z(share: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(share))


def _misfit(kappa: float, limit: float, props: FloatArray, raters: int) -> float:
    """Chi-square distance a target between the cells at ``kappa`` and at ``limit``."""
    here, there = _unanimous(kappa, props, raters), _unanimous(limit, props, raters)
    here, there = np.append(here, 1 - here.sum()), np.append(there, 1 - there.sum())
    return float(np.sum((here - there) ** 2 / there))


def _unanimous(kappa: float, props: FloatArray, raters: int) -> FloatArray:
    """Probability that all raters choose each category (Dirichlet-multinomial)."""
    out = np.ones_like(props)
    for earlier in range(raters):
        out *= ((1 - kappa) * props + earlier * kappa) / (1 - kappa + earlier * kappa)
    return out


def _check_share(value: float, name: str) -> None:
    if not 0 < value < 1:
        raise ValueError(f"{name} lies between 0 and 1, got {value}")


def _check_props(props: FloatArray) -> None:
    if props.ndim != 1 or len(props) < 2 or (props <= 0).any() or abs(props.sum() - 1) > 1e-9:
        raise ValueError("category shares are two or more positive numbers that sum to 1")


def _check_icc_plan(icc: float, raters: int, width: float, level: float) -> None:
    _check_share(icc, "ICC")
    _check_share(level, "confidence level")
    if raters < 2:
        raise ValueError(f"an ICC needs at least two raters, got {raters}")
    if not 0 < width < 2:
        raise ValueError(f"the full width of an ICC interval lies between 0 and 2, got {width}")


def _check_kappa_plan(
    kappa: float, low: float, high: float | None, props: FloatArray, raters: int
) -> None:
    _check_props(props)
    _check_share(kappa, "kappa")
    _check_share(low, "lower kappa")
    if raters < 2:
        raise ValueError(f"kappa needs at least two raters, got {raters}")
    if low >= kappa or (high is not None and not kappa < high < 1):
        raise ValueError(f"kappa {kappa} must lie between its limits {low} and {high}")
