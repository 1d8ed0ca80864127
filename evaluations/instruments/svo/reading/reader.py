"""From the words of an answer to the option it chose, as the scorers of this project read it: the
value of such a reading is the option's number in the instrument, its label the letter as shown.

Prose is read by `evaluations.instruments.svo.read_prose`; an answer that was constrained to a JSON
object is read as such first. Options come back as option numbers of the instrument, wherever they
were shown.
"""

import json
from dataclasses import dataclass
from functools import lru_cache

from evaluations.instruments.conditions import Condition
from evaluations.instruments.conversation import Option
from evaluations.instruments.readings import AnswerText, Reading, Span
from evaluations.instruments.svo import (
    READER,
    READER_VERSION,
    Measure,
    Outcome,
    read_prose,
    shown,
)
from evaluations.instruments.svo.conditions import own
from evaluations.instruments.svo.conversation import scaled, shown_options

FINAL = tuple(
    f"rule:{name}"
    for name in (
        "empty",
        "outside_list",
        "unfinished_thought",
        "cut_off",
        "too_long",
        "no_option",
    )
)
"""Readings nobody can mend: the letter is not there."""


@dataclass(frozen=True)
class RuleReader:
    """The rules of this room under their name and version."""

    name: str = READER
    version: str = READER_VERSION
    final = FINAL

    def read(self, answer: AnswerText, measure: Measure, condition: Condition) -> Reading:
        asked = own(condition)
        return read_answer(
            answer.text,
            scaled(measure, asked.payoff_scale),
            answer.item_number,
            tuple(answer.shown),
            constrained=asked.answer_format == "constrained",
            truncated=answer.truncated,
            refused=answer.refused,
        )

    def candidates(
        self, answer: AnswerText, measure: Measure, condition: Condition
    ) -> tuple[Option, ...]:
        """The options, as they were shown, that an answer's own words can bear.

        None where it neither names an option nor quotes what one pays: whoever then names one
        says more than the answer does.
        """
        asked = scaled(measure, own(condition).payoff_scale)
        order = tuple(answer.shown)
        read = read_prose(answer.text, shown(answer.item_number, order, measure=asked))
        options = shown_options(asked, answer.item_number, order)
        return tuple(options[index] for index in read.candidates)


@lru_cache(maxsize=4096)  # small models, and constrained ones, say the same thing again and again
def read_answer(
    text: str,
    measure: Measure,
    item_number: int,
    order: tuple[int, ...],
    *,
    constrained: bool = False,
    truncated: bool = False,
    refused: bool = False,
) -> Reading:
    """Read one answer to an item whose options were shown in the order *order*.

    A constrained answer cannot go on after its letter, so being cut off there means nothing.
    *refused* is what the endpoint itself reported. Raises ValueError for an unknown item.
    """
    options = shown(item_number, order, measure=measure)
    if constrained and (found := _json_choice(text, measure.labels)):
        label, span = found
        option = order[measure.labels.index(label)]
        evidence = (Span(*span),)
        return Reading(
            Outcome.CHOICE, option, label, "json", False, evidence, f"the JSON object holds {label}"
        )
    read = read_prose(text, options, truncated=truncated and not constrained)
    return Reading(
        outcome=read.outcome.value,
        value=None if read.index is None else order[read.index],
        label=read.label or "",
        method=read.method,
        refused=read.refused or (refused and read.index is None),
        evidence=(Span(*read.evidence),) if read.evidence else (),
        note=read.note,
    )


def _json_choice(text: str, labels: tuple[str, ...]) -> tuple[str, tuple[int, int]] | None:
    """The label in an object like {"choice": "C"}, and where it stands."""
    try:
        value = json.loads(text)
    except ValueError:
        return None
    if not isinstance(value, dict) or list(value) != ["choice"] or value["choice"] not in labels:
        return None
    label = value["choice"]
    start = text.rindex(f'"{label}"') + 1
    return label, (start, start + len(label))
