"""The scorer 'svo-slider': the angle of the chosen allocations, and what warns about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evaluations.instruments.readings import Reading
from evaluations.instruments.scored import AnsweredTrial
from evaluations.instruments.svo import (
    READER,
    READER_VERSION,
    SCORER_VERSION,
    Orientation,
    Score,
    assess,
    boundary_flips,
    position_bias,
    same_option,
    score,
    secondary_index,
    straight_lining,
    transitivity,
)
from evaluations.instruments.svo.conditions import own

POSITION_BIAS_P = 0.01
"""A place chosen this improbably often is flagged: five of six answers or more. No ideal type puts
more than four answers at one place when the options stand as printed."""

FLAGS = {
    "boundary_case": "one answer moved by one option would change the orientation",
    "straight_lining": "every item was answered with the same letter",
    "position_bias": "one place on the screen was chosen far more often than chance allows",
    "intransitive": "the choices prefer the value orientations in a circle",
    "truncated": "an answer was cut off at the length limit",
    "refused": "an item was refused",
    "filtered": "a content filter withheld an answer or a part of it",
    "out_of_range": "an answer named an option that was not offered",
    "incomplete": "the angle rests on fewer than all primary items",
}
"""What each flag of this scorer means, in words for pages and reports."""


@dataclass(frozen=True)
class SvoSliderScorer:
    """Scores the primary items: the label is the orientation, the number its angle in degrees. The
    detail holds the mean payoffs, the items used, and the index of the secondary ones.

    `reader` names what read the answers.
    """

    name: str = "svo-slider"
    version: str = f"{SCORER_VERSION}+ext.{READER_VERSION}"
    reader: str = f"{READER} {READER_VERSION}"

    def resting_on(self, reader: str, *, name: str, version: str) -> "SvoSliderScorer":
        return replace(self, reader=reader, name=name, version=version)

    def score(self, trial: AnsweredTrial) -> Mapping[str, object]:
        choices = {answer.item_number: answer.reading.value for answer in trial.answers}
        result = score(choices, measure=trial.measure, allow_incomplete=trial.score_incomplete)
        fields: dict[str, object] = {
            "outcome": "scored" if result.defined else "unscorable",
            "reason": "" if result.defined else _reason(trial, result),
            "label": result.orientation.value if result.orientation else "",
            "number": result.angle,
            "flags": _flags(trial, choices, result),
            "detail": _detail(trial, choices, result),
        }
        if result.angle is not None and trial.condition.target:
            fit = assess(result.angle, Orientation(trial.condition.target))
            fields |= {
                "distance": fit.degrees,
                "fit": fit.raw,
                "fit_corrected": fit.corrected,
                "hit": fit.hit,
            }
        return fields


_WORDS = {
    "ambiguous": ("is ambiguous", "are ambiguous"),
    "none": ("names no option", "name no option"),
    "refused": ("was refused", "were refused"),
    "filtered": ("was withheld by a content filter", "were withheld by a content filter"),
    "absent": ("was not answered", "were not answered"),
}


def _reason(trial: AnsweredTrial, result: Score) -> str:
    """Why there is no angle: what became of the primary items that have no choice."""
    outcomes = {answer.item_number: _became(answer.reading) for answer in trial.answers}
    groups: dict[str, list[int]] = {}
    for number in result.missing:
        groups.setdefault(outcomes.get(number, "absent"), []).append(number)
    parts = [_part(numbers, *_WORDS[outcome]) for outcome, numbers in groups.items()]
    return "; ".join(parts) or result.reason


def _became(reading: Reading) -> str:
    if reading.refused:
        return "refused"
    return "filtered" if reading.filtered else reading.outcome


def _part(numbers: Sequence[int], one: str, several: str) -> str:
    if len(numbers) == 1:
        return f"item {numbers[0]} {one}"
    return f"items {', '.join(map(str, numbers[:-1]))} and {numbers[-1]} {several}"


def _shown_places(trial: AnsweredTrial) -> list[int | None]:
    """The place on the screen each primary item was answered at; None without a choice."""
    primary = {item.number for item in trial.measure.primary}
    return [
        None if answer.reading.value is None else answer.shown.index(answer.reading.value)
        for answer in trial.answers
        if answer.item_number in primary
    ]


def _flags(trial: AnsweredTrial, choices: Mapping[int, int | None], result: Score) -> list[str]:
    places = _shown_places(trial)
    bias = position_bias(places, len(trial.measure.labels))
    readings = [answer.reading for answer in trial.answers]
    found = {
        "boundary_case": result.defined and bool(boundary_flips(choices, trial.measure)),
        "straight_lining": straight_lining(places),
        "position_bias": bias.p_value is not None and bias.p_value < POSITION_BIAS_P,
        "intransitive": transitivity(choices, measure=trial.measure).transitive is False,
        "truncated": any(answer.truncated for answer in trial.answers),
        "refused": any(reading.refused for reading in readings),
        "filtered": any(reading.filtered for reading in readings),
        "out_of_range": any(reading.out_of_range for reading in readings),
        "incomplete": result.defined and bool(result.missing),
    }
    return [flag for flag in FLAGS if found[flag]]


def _detail(
    trial: AnsweredTrial, choices: Mapping[int, int | None], result: Score
) -> dict[str, Any]:
    places = _shown_places(trial)
    detail: dict[str, Any] = {
        "items_used": result.items_used,
        "letters": _letters(places, trial.measure.labels),
        "choices": {str(number): option for number, option in choices.items()},
        "missing": list(result.missing),
        "same_option": same_option([choices.get(item.number) for item in trial.measure.primary]),
    }
    if result.mean_self is not None:
        detail["mean_self"], detail["mean_other"] = result.mean_self, result.mean_other
    if result.defined:
        detail["boundary_flips"] = [
            {"item": flip.item, "option": flip.option, "becomes": flip.becomes.value}
            for flip in boundary_flips(choices, trial.measure)
        ]
        order = transitivity(choices, measure=trial.measure)
        detail["transitive"], detail["transitivity_reason"] = order.transitive, order.reason
    if own(trial.condition).item_set == "all" and trial.measure.secondary:
        index = secondary_index(choices)
        detail["secondary_index"], detail["secondary_reason"] = index.index, index.reason
    return detail


def _letters(places: Sequence[int | None], labels: Sequence[str]) -> str:
    return "".join("?" if place is None else labels[place] for place in places)
