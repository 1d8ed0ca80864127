"""Warnings about one trial: a score that hangs by a thread, or answers that look at no payoffs.

Each function takes what it needs explicitly and never looks anything up: option numbers where the
meaning of the answer counts, shown indexes where the place on the screen counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, lgamma, log, log1p

from evaluations.instruments.svo.measure.cutoffs import CUT_OFFS, Orientation, orientation
from evaluations.instruments.svo.measure.geometry import UndefinedAngle, angle
from evaluations.instruments.svo.measure.items import Item
from evaluations.instruments.svo.measure.slider import SLIDER, Measure


@dataclass(frozen=True, slots=True)
class Flip:
    """One way to change the orientation: move one item's answer from one option to a neighbour."""

    item: int
    option: int
    becomes: Orientation


def boundary_flips(
    choices: Mapping[int, int | None], measure: Measure = SLIDER
) -> tuple[Flip, ...]:
    """Return every move of one answer by one option that changes the orientation of the trial.

    A trial is a *boundary case* when there is any. Choices are option numbers; primary items
    without a usable answer are left out, as they are when scoring what is there. Empty when no
    primary item is answered.
    """
    answered = {
        item: option
        for item in measure.primary
        if (option := choices.get(item.number)) is not None and 1 <= option <= len(item.options)
    }
    now = _orientation(answered, measure)
    if now is None:
        return ()
    flips = []
    for item, option in answered.items():
        for moved in (option - 1, option + 1):
            if not 1 <= moved <= len(item.options):
                continue
            then = _orientation({**answered, item: moved}, measure)
            if then is not None and then is not now:
                flips.append(Flip(item.number, moved, then))
    return tuple(flips)


def boundary_case(choices: Mapping[int, int | None], measure: Measure = SLIDER) -> bool:
    """Whether moving one answer by one option would change the orientation of the trial."""
    return bool(boundary_flips(choices, measure))


def _orientation(answered: Mapping[Item, int], measure: Measure) -> Orientation | None:
    try:
        return orientation(
            angle((item.options[option - 1] for item, option in answered.items()), measure.centre)
        )
    except UndefinedAngle:
        return None


def degrees_to_cut_off(degrees: float) -> float:
    """Return the distance in degrees from an angle to the nearest of the three cut-offs."""
    return min(abs(degrees - cut_off) for cut_off in CUT_OFFS)


def straight_lining(shown: Sequence[int | None], least: int = 3) -> bool:
    """Whether every answered item got the same place on the screen (the same shown letter).

    `shown` holds one shown index per item, None where there is no answer; fewer than `least`
    answers are never called straight-lining.
    """
    return _all_equal(shown, least)


def same_option(choices: Sequence[int | None], least: int = 3) -> bool:
    """Whether every answered item got the same option number, wherever it was shown.

    Differs from `straight_lining` as soon as options were reversed or shuffled between items.
    """
    return _all_equal(choices, least)


def _all_equal(values: Sequence[int | None], least: int) -> bool:
    answered = [value for value in values if value is not None]
    return len(answered) >= least and len(set(answered)) == 1


@dataclass(frozen=True, slots=True)
class PositionBias:
    """How one place on the screen is preferred over many answers.

    `index` is the most chosen shown index, `count` of `answers` chose it, `share` = count /
    answers, and `p_value` is the chance that some place is chosen so often if every answer
    fell on each of the places equally (binomial tail times the number of places, at most 1).
    All but `answers` are None, with a reason, when there is no answer.
    """

    index: int | None
    count: int | None
    answers: int
    share: float | None
    p_value: float | None
    reason: str


def position_bias(shown: Sequence[int | None], places: int = 9) -> PositionBias:
    """Return the most chosen place among shown indexes (0 to places - 1) of many answers.

    Meaningful over a cell or a run rather than one trial; a small p-value alone proves no bias
    unless the options were shuffled, because the same payoffs stood at the same place otherwise.
    Raises ValueError for an index outside the places.
    """
    answered = [index for index in shown if index is not None]
    for index in answered:
        if not 0 <= index < places:
            raise ValueError(f"shown index {index} is outside 0 to {places - 1}")
    if not answered:
        return PositionBias(None, None, 0, None, None, "no answer has a shown place")
    counts = [answered.count(index) for index in range(places)]
    count = max(counts)
    total = len(answered)
    return PositionBias(
        index=counts.index(count),
        count=count,
        answers=total,
        share=count / total,
        p_value=min(1.0, places * _binomial_tail(count, total, places)),
        reason="",
    )


def _binomial_tail(count: int, total: int, places: int) -> float:
    """P(X >= count) for X ~ Binomial(total, 1 / places), for a count of at least the mean.

    Above the mean the terms only shrink, each by the ratio of neighbouring binomial terms.
    """
    log_term = (
        lgamma(total + 1)
        - lgamma(count + 1)
        - lgamma(total - count + 1)
        - count * log(places)
        + (total - count) * log1p(-1 / places)
    )
    relative = terms = 1.0
    for hits in range(count, total):
        relative *= (total - hits) / ((hits + 1) * (places - 1))
        if relative < 1e-17 * terms:
            break
        terms += relative
    return exp(log_term) * terms
