"""Plans in the terms of a study: items, raters and trials for a wanted precision, and their price.

Thin and pure: the formulas and their sources are in ``statistics.planning``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from analysis.statistics.planning import (
    SimulatedWidth,
    bonett_targets,
    kappa_targets,
    mdc_of_mean,
    raters_for_reliability,
    simulate_alpha_width,
    simulate_icc_width,
    trials_for_mdc,
    zou_targets,
)

FEW_RATERS = 5
SIMULATED_STUDIES = 60
_SIMULATED_REPLICATES = 200
_MAX_SIMULATED = 1500
_MAX_RATERS = 60
_TOO_LARGE = "The design is too large to be simulated while you wait."
_UNREACHABLE = 1_000_000


ItemsFor = Callable[[int], int]
"""Items that a number of raters needs."""


class NoPlan(ValueError):
    """No plan answers this question; the message says why and what to change."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds that one judgment or trial takes, and what an hour of it costs."""

    seconds: float
    price_per_hour: float

    def hours(self, count: int) -> float:
        return count * self.seconds / 3600

    def cost(self, count: int) -> float:
        return self.hours(count) * self.price_per_hour


@dataclass(frozen=True, slots=True)
class Option:
    """One design that gives the wanted width; ``beside``: items by the other formula, if any."""

    raters: int
    items: int
    judgments: int
    hours: float
    cost: float
    chosen: bool
    beside: int | None = None


@dataclass(frozen=True, slots=True)
class Simulated:
    """What simulated studies of the chosen design gave."""

    studies: int
    median_width: float
    within: float


@dataclass(frozen=True, slots=True)
class Plan:
    """The chosen design among its neighbours, and what to know before trusting it."""

    options: tuple[Option, ...]
    notes: tuple[str, ...]
    simulated: Simulated | None = None
    raters_for_mean: int | None = None

    @property
    def chosen(self) -> Option:
        return next(option for option in self.options if option.chosen)


@dataclass(frozen=True, slots=True)
class TrialsPlan:
    """Trials a cell and in all; ``ladder``: (trials a cell, MDC in the unit of a trial) around
    them."""

    per_cell: int
    trials: int
    hours: float
    cost: float
    ladder: tuple[tuple[int, float], ...]


def plan_agreement(
    expected: float,
    width: float,
    shares: Sequence[float],
    raters: int,
    pace: Pace,
    *,
    level: float = 0.95,
) -> Plan:
    """Items for an interval of kappa or nominal alpha of full ``width`` around ``expected``.

    ``shares``: expected share of each category, in any unit. Donner & Rotondi 2010 with the limits
    ``expected`` -+ width/2; the chosen design is also simulated. NoPlan when no design gives it.
    """
    low, high = expected - width / 2, expected + width / 2
    if low <= 0:
        raise NoPlan(
            f"An interval of width {width:g} around {expected:g} reaches below 0, where nothing is "
            "left to show. Choose a smaller width."
        )
    total = sum(shares)
    props = tuple(share / total for share in shares)
    notes: list[str] = []
    upper = high if high < 1 else None
    if upper is None:
        notes.append(
            f"An interval of width {width:g} around {expected:g} reaches 1, so only its lower end, "
            f"{low:.2f}, is planned for."
        )

    def items(k: int) -> int:
        return kappa_targets(expected, low, props, k, high=upper, level=level).n

    options = _options(items, raters, pace)
    chosen = next(option for option in options if option.chosen)
    planned = kappa_targets(expected, low, props, raters, high=upper, level=level)
    notes += [f"{warning.capitalize()}: plan more items." for warning in planned.warnings]
    simulated = None
    if chosen.judgments <= 4 * _MAX_SIMULATED and chosen.items <= _MAX_SIMULATED:
        simulated = _simulated_alpha(expected, props, chosen.items, raters, width, level)
    else:
        notes.append(_TOO_LARGE)
    return Plan(options, tuple(notes), simulated)


def plan_numbers(
    expected: float,
    width: float,
    raters: int,
    pace: Pace,
    *,
    assurance: float = 0.8,
    reliability: float = 0.9,
    pool: int = 0,
    differ: float = 0.0,
    level: float = 0.95,
) -> Plan:
    """Items for an ICC interval within ``width`` with probability ``assurance`` (Zou 2012).

    Bonett's 2002 number stands beside it. ``raters_for_mean``: raters whose mean is reliable to
    ``reliability`` (Spearman-Brown). The chosen design is also simulated: ``pool`` raters share the
    items (as many as an item has, unless more are given), and their variance is ``differ`` times
    the residual one.
    """

    def items(k: int) -> int:
        return zou_targets(expected, k, width, assurance=assurance, level=level).n

    def beside(k: int) -> int:
        return bonett_targets(expected, k, width, level=level).n

    notes = ["Bonett's number of items reaches the wanted width in only about half of all studies."]
    if raters < FEW_RATERS:
        notes.append(
            f"With {raters} raters little is known of how raters differ. More items do not mend "
            f"that: the interval of ICC(A,1) stays wide below {FEW_RATERS} raters."
        )
    notes.append(
        "The formulas take raters as alike in their mean. Where they differ, ICC(A,1) needs more "
        "raters than this says, not more items."
    )
    for_mean = raters_for_reliability(expected, reliability).n
    options = _options(items, raters, pace, beside)
    chosen, pool = next(option for option in options if option.chosen), max(pool, raters)
    simulated = None
    if chosen.judgments <= 4 * _MAX_SIMULATED and min(pool, chosen.items) <= _MAX_RATERS:
        simulated = _simulated_icc(expected, differ, chosen.items, raters, pool, width, level)
    else:
        notes.append(_TOO_LARGE)
    return Plan(options, tuple(notes), simulated, for_mean)


def plan_trials(within_sd: float, mdc: float, cells: int, pace: Pace) -> TrialsPlan:
    """Trials a cell so that a difference of ``mdc`` between two cell means is not noise.

    ``within_sd``: SD of single trials within a cell, in the same unit.
    """
    wanted = trials_for_mdc(within_sd, mdc).n
    if wanted > _UNREACHABLE:
        raise NoPlan(f"{wanted:,} trials a cell would be needed. Choose a larger difference.")
    steps = sorted({max(1, round(wanted * share)) for share in (0.25, 0.5, 1, 2, 4)})
    ladder = tuple((step, mdc_of_mean(within_sd, step)) for step in steps)
    trials = wanted * cells
    return TrialsPlan(wanted, trials, pace.hours(trials), pace.cost(trials), ladder)


def _options(
    items: ItemsFor, raters: int, pace: Pace, beside: ItemsFor | None = None
) -> tuple[Option, ...]:
    """The chosen number of raters among four others."""
    first = max(2, raters - 2)
    options = []
    for k in range(first, first + 5):
        n = items(k)
        if k == raters and n > _UNREACHABLE:
            raise NoPlan(f"{n:,} items would be needed. Choose a larger width.")
        other = None if beside is None else beside(k)
        hours, cost = pace.hours(n * k), pace.cost(n * k)
        options.append(Option(k, n, n * k, hours, cost, k == raters, other))
    return tuple(options)


@lru_cache(maxsize=256)
def _simulated_alpha(
    alpha: float, shares: tuple[float, ...], items: int, raters: int, width: float, level: float
) -> Simulated | None:
    """Studies of nominal labels, by the interval of alpha."""
    return _simulated(partial(simulate_alpha_width, alpha, shares, items, raters), width, level)


@lru_cache(maxsize=256)
def _simulated_icc(
    expected: float,
    differ: float,
    items: int,
    raters: int,
    pool: int,
    width: float,
    level: float,
) -> Simulated | None:
    """Studies of numbers, by that of ICC(A,1), whose error is what raters and residual share."""
    residual = (1 - expected) / (1 + differ)
    parts = (expected, differ * residual, residual)
    return _simulated(
        partial(simulate_icc_width, parts, items, pool, per_target=raters), width, level
    )


def _simulated(
    simulate: Callable[..., SimulatedWidth], width: float, level: float
) -> Simulated | None:
    """Seeded, so the same question always has the same answer; None where no study works out."""
    try:
        found = simulate(
            width=width, studies=SIMULATED_STUDIES, replicates=_SIMULATED_REPLICATES, level=level
        )
    except ValueError:
        return None
    return Simulated(found.studies, found.median_width, found.assurance or 0.0)
