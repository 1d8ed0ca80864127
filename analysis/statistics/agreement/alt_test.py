"""Can the automated metric stand in for one human? The alternative annotator test.

Calderon, Reichart & Dror 2025. Each human j is left out in turn; on every item the automated label
and human j are scored against the other humans. With W^f = 1 where the automated label is at least
as near to them and W^h = 1 where human j is, the advantage probability of the metric is mean W^f.
H0: mean W^f <= mean W^h - epsilon is tested by a one-sided t test, with Benjamini & Yekutieli 2001
over humans. The winning rate is the share of humans for whom H0 falls; .5 or more passes. The
authors advise three humans or more, because between two there is no consensus, and 30 items or more
for each, because of the t test: with fewer humans there is no winning rate here, and a human with
fewer items is left out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.core.bootstrap import REPLICATES, SumResampler, resampling_interval
from analysis.statistics.core.clustered import share_interval
from analysis.statistics.core.ratings import (
    FloatArray,
    IntArray,
    Ratings,
    RatingsLike,
    as_ratings,
    unit_clusters,
)
from analysis.statistics.core.result import (
    ANY,
    COEFFICIENT,
    SHARE,
    Estimate,
    Result,
    Undefined,
    json_safe,
)
from analysis.statistics.core.rounding import RELATIVE, SAME

EPSILON = {"crowd": 0.1, "skilled": 0.15, "expert": 0.2}
FDR = 0.05
PASSES = 0.5
"""Winning rate from which on the metric may stand in for a human."""
MIN_ITEMS = 30
MIN_HUMANS = 3

Scale = Literal["class", "number"]


@dataclass(frozen=True, slots=True)
class HumanComparison:
    """One left-out human: advantage = mean W^f, ``human_advantage`` = mean W^h, p of H0."""

    rater: int
    items: int
    advantage: float
    human_advantage: float
    p: float
    beaten: bool


@dataclass(frozen=True, slots=True)
class AltTest:
    """Winning rate, mean advantage probability, and the row of each compared human."""

    epsilon: float
    winning_rate: Result
    advantage: Result
    humans: tuple[HumanComparison, ...]
    skipped: tuple[int, ...]

    @property
    def passes(self) -> bool | None:
        """Whether the metric may stand in for a human; None when undefined."""
        return self.winning_rate.value >= PASSES if self.winning_rate.defined else None

    def to_dict(self) -> dict[str, Any]:
        fields = ("rater", "items", "advantage", "human_advantage", "p", "beaten")
        rows = [{name: getattr(row, name) for name in fields} for row in self.humans]
        return {
            "epsilon": self.epsilon,
            "winning_rate": self.winning_rate.to_dict(),
            "advantage": self.advantage.to_dict(),
            "passes": self.passes,
            "humans": json_safe(rows),
            "skipped": list(self.skipped),
        }


def alt_test(
    automated: ArrayLike,
    humans: RatingsLike,
    *,
    epsilon: float,
    scale: Scale = "class",
    fdr: float = FDR,
    min_items: int = MIN_ITEMS,
    clusters: ArrayLike | None = None,
    level: float = 0.95,
) -> AltTest:
    """The alternative annotator test of ``automated`` (units,) against ``humans`` (units x raters).

    ``epsilon``: fix it before seeing the data (``EPSILON``: crowd .1, skilled .15, expert .2).
    ``scale``: 'class' scores by the share of equal labels, 'number' by the negative root mean
    squared difference. Items need two humans and an automated value; humans with fewer than
    ``min_items`` such items are skipped and listed. The winning rate is undefined below three
    compared humans. ``humans`` must not hold the automated label.
    """
    data, own = _usable(automated, humans)
    rows = _indicators(data, own, scale)
    items = np.bincount(data.rater, minlength=data.n_raters)
    compared = np.nonzero(items >= min_items)[0]
    everyone = np.nonzero(np.bincount(as_ratings(humans).rater, minlength=data.n_raters))[0]
    skipped = tuple(int(rater) for rater in everyone if rater not in set(compared.tolist()))
    n = {"items": int(np.count_nonzero(data.per_unit())), "humans": len(compared)}
    warnings = _warnings(skipped, min_items)
    if not len(compared):
        reason = f"no human judged {min_items} items together with another human"
        nothing = Undefined(reason, n, tuple(warnings))
        return AltTest(epsilon, nothing, nothing, (), skipped)
    table = [_compare(int(rater), data, rows, epsilon) for rater in compared]
    beaten = benjamini_yekutieli([row.p for row in table], fdr)
    table = [_marked(row, bool(won)) for row, won in zip(table, beaten, strict=True)]
    rate = _winning_rate(beaten, fdr, min_items, n, warnings)
    codes = unit_clusters(clusters, data.n_units)
    advantage = _advantage(data, rows[0], compared, n, codes, level)
    return AltTest(epsilon, rate, advantage, tuple(table), skipped)


def held_together(tests: Sequence[AltTest], fdr: float = FDR) -> list[AltTest]:
    """The tests of several metrics on the same humans, held at one false discovery rate together.

    The p values of all metrics and humans go through Benjamini & Yekutieli 2001 as one family,
    which holds whatever the dependence between metrics that are compared with the same people. A
    single metric stays as it is. A metric without a winning rate adds no tests.
    """
    asked = [test for test in tests if test.winning_rate.defined]
    beaten = iter(benjamini_yekutieli([row.p for test in asked for row in test.humans], fdr))
    family = sum(len(test.humans) for test in asked)
    found = []
    for test in tests:
        if not test.winning_rate.defined:
            found.append(test)
            continue
        won = [next(beaten) for _ in test.humans]
        rows = tuple(_marked(row, one) for row, one in zip(test.humans, won, strict=True))
        known = test.winning_rate
        rate = Estimate.of(
            float(np.mean(won)),
            _outcome(family, fdr),
            known.n,
            known.warnings,
            {"tests": family},
            within=SHARE,
        )
        found.append(replace(test, winning_rate=rate, humans=rows))
    return found


def _winning_rate(
    beaten: list[bool], fdr: float, min_items: int, n: dict[str, int], warnings: list[str]
) -> Result:
    """Share of tests in which H0 fell; undefined below ``MIN_HUMANS`` of them."""
    if len(beaten) < MIN_HUMANS:
        return Undefined(_few_humans(len(beaten), min_items), n, tuple(warnings))
    tests = {"tests": len(beaten)}
    outcome = _outcome(len(beaten), fdr)
    return Estimate.of(float(np.mean(beaten)), outcome, n, warnings, tests, within=SHARE)


def _outcome(tests: int, fdr: float) -> str:
    """Why a winning rate has no interval."""
    return f"a count of {tests} tests held at a false discovery rate of {fdr:g}"


def _few_humans(compared: int, min_items: int) -> str:
    """Between fewer humans there is no consensus to be near to, only whom the metric is like."""
    have = "rater has" if compared == 1 else "raters have"
    return (
        f"too few raters: the test asks for {MIN_HUMANS} with {min_items} shared items each, and "
        f"{compared} {have} them"
    )


def agreement_gap(
    automated: ArrayLike,
    humans: RatingsLike,
    *,
    scale: Scale = "class",
    clusters: ArrayLike | None = None,
    level: float = 0.95,
    replicates: int = REPLICATES,
    seed: int = 0,
) -> Result:
    """Automated-human agreement minus human-human agreement, averaged over items with two humans.

    'class': shares of agreeing pairs. 'number': mean absolute difference human-human minus
    automated-human, so that positive always means that the metric is nearer to humans than they are
    to each other. ``details`` holds both sides.
    """
    data, own = _usable(automated, humans)
    n = {"items": int(np.count_nonzero(data.per_unit())), "judgments": data.n_judgments}
    if not data.n_judgments:
        return Undefined("no item has an automated value and two human judgments", n)
    keep = data.per_unit() > 0
    sides = _equal_pairs(data, own) if scale == "class" else _distances(data, own)
    machine, human = (side[keep] for side in sides)
    resampler = SumResampler(
        np.column_stack([machine, human, np.ones(len(human))]),
        lambda sums: (sums[..., 0] - sums[..., 1]) / sums[..., 2],
        counted=scale == "class",
        size=1.0 if scale == "class" else float(np.abs(data.value).max()),
    )
    codes = unit_clusters(clusters, data.n_units)
    interval, warnings, details = resampling_interval(
        resampler,
        level=level,
        replicates=replicates,
        seed=seed,
        clusters=None if codes is None else np.unique(codes[keep], return_inverse=True)[1],
    )
    means = {"automated_human": float(machine.mean()), "human_human": float(human.mean())}
    within = COEFFICIENT if scale == "class" else ANY
    return Estimate.of(resampler.value(), interval, n, warnings, details | means, within=within)


def _equal_pairs(data: Ratings, own: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Share of equal labels of each item: automated and human, human and human."""
    m = data.per_unit().astype(np.float64)
    pairs = np.column_stack([data.unit, data.value])
    _, code, held = np.unique(pairs, axis=0, return_inverse=True, return_counts=True)
    with_me = data.sums(held[code.ravel()].astype(np.float64) - 1)
    with_it = data.sums((data.value == own[data.unit]).astype(np.float64))
    return with_it / np.maximum(m, 1), with_me / np.maximum(m * (m - 1), 1)


def _distances(data: Ratings, own: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Minus the mean absolute difference of each item: automated and human, human and human."""
    apart = data.sums(np.abs(data.value - own[data.unit]))
    return -apart / np.maximum(data.per_unit(), 1), -_mean_absolute_difference(data)


def benjamini_yekutieli(p_values: list[float], fdr: float) -> list[bool]:
    """Which hypotheses fall at false discovery rate ``fdr`` under any dependence (2001, eq. 7)."""
    p = np.asarray(p_values, dtype=np.float64)
    m = len(p)
    order = np.argsort(p, kind="stable")
    limits = np.arange(1, m + 1) / m * fdr / np.sum(1 / np.arange(1, m + 1))
    below = np.nonzero(p[order] <= limits)[0]
    falls = np.zeros(m, dtype=bool)
    if len(below):
        falls[order[: below[-1] + 1]] = True
    return [bool(value) for value in falls]


def _usable(automated: ArrayLike, humans: RatingsLike) -> tuple[Ratings, FloatArray]:
    """Judgments on items with an automated value and at least two humans."""
    data, own = as_ratings(humans), np.asarray(automated, dtype=np.float64)
    if own.shape != (data.n_units,):
        raise ValueError(
            f"automated values need one entry for each of {data.n_units} items, got {own.shape}"
        )
    if np.isinf(own).any():
        raise ValueError("automated values must be finite; leave a missing one empty (NaN)")
    rows = ((data.per_unit() >= 2) & ~np.isnan(own))[data.unit]
    kept = Ratings(data.unit[rows], data.rater[rows], data.value[rows], data.n_units, data.n_raters)
    return kept, own


def _indicators(data: Ratings, own: FloatArray, scale: Scale) -> tuple[FloatArray, FloatArray]:
    """W^f and W^h of each judgment: its human left out, both sides scored against the others."""
    machine = own[data.unit]
    others = data.per_unit()[data.unit].astype(np.float64) - 1
    if scale == "class":
        human_score, machine_score = _class_scores(data, machine, others)
        gap = np.round((machine_score - human_score) * others)
    elif scale == "number":
        centre = data.value.mean() if data.n_judgments else 0.0
        x, f = data.value - centre, machine - centre
        s, ss = data.sums(x)[data.unit] - x, data.sums(x**2)[data.unit] - x**2
        mine, its = others * x**2 - 2 * x * s + ss, others * f**2 - 2 * f * s + ss
        rounding = SAME * (others * (x**2 + f**2) + np.abs(ss))
        gap = np.where(np.abs(mine - its) <= rounding, 0.0, mine - its)
    else:
        raise ValueError(f"scale is 'class' or 'number', not {scale!r}")
    return (gap >= 0).astype(np.float64), (gap <= 0).astype(np.float64)


def _class_scores(
    data: Ratings, machine: FloatArray, others: FloatArray
) -> tuple[FloatArray, FloatArray]:
    values, code = np.unique(np.concatenate([data.value, machine]), return_inverse=True)
    q, rows = len(values), data.n_judgments
    said, wanted = data.unit * q + code[:rows], data.unit * q + code[rows:]
    cells, held = np.unique(said, return_counts=True)
    own_votes = held[np.searchsorted(cells, said)] - 1
    at = np.minimum(np.searchsorted(cells, wanted), len(cells) - 1)
    machine_votes = np.where(cells[at] == wanted, held[at], 0) - (data.value == machine)
    return own_votes / others, machine_votes / others


def _compare(
    rater: int, data: Ratings, rows: tuple[FloatArray, FloatArray], epsilon: float
) -> HumanComparison:
    from scipy.special import stdtr

    mine = data.rater == rater
    machine, human = rows[0][mine], rows[1][mine]
    gap = human - machine - epsilon
    spread = float(gap.std(ddof=1)) if len(gap) > 1 else 0.0
    if spread > RELATIVE:  # of shares: they lie between 0 and 1
        p = float(stdtr(len(gap) - 1, gap.mean() / (spread / math.sqrt(len(gap)))))
    else:
        p = 0.0 if gap.mean() < 0 else 1.0
    return HumanComparison(
        rater, len(gap), float(machine.mean()), float(human.mean()), p, beaten=False
    )


def _marked(row: HumanComparison, beaten: bool) -> HumanComparison:
    return HumanComparison(row.rater, row.items, row.advantage, row.human_advantage, row.p, beaten)


def _advantage(
    data: Ratings,
    machine: FloatArray,
    compared: IntArray,
    n: dict[str, int],
    codes: IntArray | None,
    level: float,
) -> Result:
    """Mean over humans of mean W^f. Each item adds (W^f - the human's mean)/(their items x humans)
    for each of its humans, which gives the variance."""
    place = np.full(data.n_raters, -1)
    place[compared] = np.arange(len(compared))
    rows = place[data.rater] >= 0
    unit, human, wins = data.unit[rows], place[data.rater[rows]], machine[rows]
    held = np.bincount(human).astype(np.float64)
    means = np.bincount(human, weights=wins) / held
    adds = (wins - means[human]) / (held[human] * len(compared))
    used, item = np.unique(unit, return_inverse=True)
    influence = np.bincount(item, weights=adds).astype(np.float64)
    codes = None if codes is None else np.unique(codes[used], return_inverse=True)[1]
    interval, warnings, details = share_interval(float(means.mean()), influence, level, codes)
    return Estimate.of(float(means.mean()), interval, n, warnings, details, within=SHARE)


def _mean_absolute_difference(data: Ratings) -> FloatArray:
    """Mean |x_i - x_j| over the pairs of judgments of each unit, from sorted values in one pass."""
    order = np.lexsort((data.value, data.unit))
    m = data.per_unit().astype(np.float64)
    first = np.cumsum(m) - m
    place = np.arange(data.n_judgments) - first[data.unit]
    weights = (2 * place - m[data.unit] + 1) * data.value[order]
    pairs = m * (m - 1) / 2
    return np.divide(data.sums(weights), pairs, out=np.zeros(data.n_units), where=pairs > 0)


def _warnings(skipped: tuple[int, ...], min_items: int) -> list[str]:
    warnings = []
    if skipped:
        listed = ", ".join(str(rater) for rater in skipped[:10])
        more = f" and {len(skipped) - 10} more" if len(skipped) > 10 else ""
        warnings.append(f"left out with fewer than {min_items} shared items: {listed}{more}")
    if min_items < MIN_ITEMS:
        warnings.append(f"humans with fewer than {MIN_ITEMS} items are compared by a t test")
    return warnings
