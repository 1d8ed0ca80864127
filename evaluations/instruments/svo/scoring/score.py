"""From the six choices of one trial to its angle and orientation, or to the reason there is none.

Undefined is a value: an item that was refused, unparsed or out of range has no allocation, and a
trial that misses one has no angle unless the researcher asked to score what is there.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from evaluations.instruments.svo.measure.cutoffs import Orientation, orientation
from evaluations.instruments.svo.measure.geometry import UndefinedAngle, angle_of, mean_allocation
from evaluations.instruments.svo.measure.items import Allocation, Item
from evaluations.instruments.svo.measure.slider import SLIDER, Measure

SCORER = "svo_slider"
"""Name under which scores of this module are stored."""
SCORER_VERSION = "1.0.0"
"""Changes whenever the same answers could give another score."""


@dataclass(frozen=True, slots=True)
class Score:
    """The score of one trial.

    `angle` is in unrounded degrees and None exactly when `reason` says why in words; `orientation`
    is None with it. `mean_self` and `mean_other` are means over the `items_used` answered primary
    items, in the measure's payoff units. `missing` holds the numbers of the primary items
    without a usable answer. With ``allow_incomplete`` an angle can rest on fewer than all items:
    show `items_used` beside it.
    """

    angle: float | None
    orientation: Orientation | None
    mean_self: float | None
    mean_other: float | None
    items_used: int
    missing: tuple[int, ...]
    reason: str

    @property
    def defined(self) -> bool:
        """Whether there is an angle."""
        return self.angle is not None


def score(
    choices: Mapping[int, int | None],
    *,
    measure: Measure = SLIDER,
    allow_incomplete: bool = False,
) -> Score:
    """Score option numbers given by item number; None, absent or out of range means no answer.

    Choices are option numbers (1 to n), not shown places: map a shuffled order back first.
    Secondary items are accepted and do not enter the angle. Raises ValueError for an item the
    measure does not have and TypeError for an option that is no whole number.
    """
    _check_choices(choices, measure)
    allocations: dict[int, Allocation | None] = {}
    out_of_range: dict[int, int] = {}
    for item in measure.primary:
        option = choices.get(item.number)
        allocations[item.number] = _allocation(item, option)
        if option is not None and allocations[item.number] is None:
            out_of_range[item.number] = option
    return _score(allocations, measure, allow_incomplete, out_of_range)


def score_allocations(
    allocations: Mapping[int, Allocation | None],
    *,
    measure: Measure = SLIDER,
    allow_incomplete: bool = False,
) -> Score:
    """Score payoffs given by primary item number, for data that hold payoffs instead of options.

    The payoffs are taken as they are and need not be among the printed options. Secondary items
    are accepted and do not enter the angle; ValueError for an item the measure does not have.
    """
    _check_choices(dict.fromkeys(allocations), measure)
    primary = {item.number: allocations.get(item.number) for item in measure.primary}
    return _score(primary, measure, allow_incomplete, {})


def _check_choices(choices: Mapping[int, int | None], measure: Measure) -> None:
    for number, option in choices.items():
        measure.item(number)
        if option is not None and (isinstance(option, bool) or not isinstance(option, int)):
            raise TypeError(
                f"item {number}: the option must be a whole number or None, got {option!r}"
            )


def _allocation(item: Item, option: int | None) -> Allocation | None:
    if option is None or not 1 <= option <= len(item.options):
        return None
    return item.options[option - 1]


def _score(
    allocations: Mapping[int, Allocation | None],
    measure: Measure,
    allow_incomplete: bool,
    out_of_range: Mapping[int, int],
) -> Score:
    answered = [allocation for allocation in allocations.values() if allocation is not None]
    missing = tuple(number for number, allocation in allocations.items() if allocation is None)
    if not answered:
        return Score(None, None, None, None, 0, missing, "no primary item has a usable answer")
    mean = mean_allocation(answered)
    degrees: float | None = None
    reason = ""
    if missing and not allow_incomplete:
        reason = _missing_reason(missing, out_of_range)
    else:
        try:
            degrees = angle_of(mean, measure.centre)
        except UndefinedAngle as error:
            reason = str(error)
    return Score(
        angle=degrees,
        orientation=None if degrees is None else orientation(degrees),
        mean_self=mean.self_,
        mean_other=mean.other,
        items_used=len(answered),
        missing=missing,
        reason=reason,
    )


def _missing_reason(missing: tuple[int, ...], out_of_range: Mapping[int, int]) -> str:
    names = ", ".join(
        f"{number} (answered {out_of_range[number]}, which is out of range)"
        if number in out_of_range
        else str(number)
        for number in missing
    )
    return f"no usable answer to primary item{'s' if len(missing) > 1 else ''} {names}"
