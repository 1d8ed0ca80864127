"""Conversations of the slider measure in trial files: which item a message asks, in which order.

The options are recognised by their payoffs, as the lines of a message show them or as it states
beside its words.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from evaluations.formats import lines
from evaluations.formats.lines import LineError
from evaluations.instruments.svo import Measure
from evaluations.instruments.svo.conditions import LARGEST_SCALE, LEAST_SCALE, SliderCondition
from evaluations.instruments.svo.conversation import scaled

SHOWN_AS = "lines like 'A: you get 85, the other person gets 76'"

_NUMBER = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_OPTION_LINE = re.compile(
    r"^\W*(?P<label>[A-Za-z])\W{0,3}\s*you get (?P<self>\d+(?:\.\d+)?)"
    r",?\s*(?:and )?the other person gets (?P<other>\d+(?:\.\d+)?)\W*$",
    re.IGNORECASE | re.MULTILINE,
)

STEPS = {"describe": "induction", "pretend": "task"} | {
    step: step for step in ("induction", "task", "goal", "item")
}

Payoffs = tuple[tuple[float, float], ...]


def _as_printed(payoff: float) -> float:
    """A payoff as a conversation shows it, in six digits: a rescaled one carries more."""
    return float(f"{payoff:g}")


@lru_cache(maxsize=64)
def _printed(measure: Measure) -> dict[Payoffs, dict[int, Payoffs]]:
    """By the payoffs of an item in ascending order: the items that have them, as printed."""
    found: dict[Payoffs, dict[int, Payoffs]] = {}
    for item in measure.items:
        options = tuple(
            (_as_printed(option.self_), _as_printed(option.other)) for option in item.options
        )
        found.setdefault(tuple(sorted(options)), {})[item.number] = options
    return found


def _in_order(pairs: Iterable[tuple[float, ...]], numbers: Iterable[float]) -> bool:
    """Whether the payoffs stand among *numbers*, in their order."""
    rest = iter(numbers)
    return all(payoff in rest for pair in pairs for payoff in pair)


class SliderFiles:
    """See `evaluations.instruments.trial_files.TrialFiles`."""

    steps: Mapping[str, str] = STEPS
    item_step = "item"
    aliases: Mapping[str, str] = {"hyper-competitive": "competitive"}
    columns: Mapping[str, type] = {"option_order": str, "constrained": bool, "payoff_scale": float}
    fields = (*columns, "reversed_options")
    scores: Mapping[str, str] = {
        "label": "orientation",
        "number": "angle",
        "distance": "distance",
        "fit": "value_rationality",
        "fit_corrected": "value_rationality_corrected",
    }

    dimensions: Sequence[str] = ()
    prompt_column = ""

    def how_to_show(self, measure: Measure) -> str:
        numbers = ", ".join(str(number) for number in range(1, len(measure.labels) + 1))
        return (
            f"show the options in {SHOWN_AS}, or write its item and, as options, their numbers in "
            f"the order shown ([{numbers}])"
        )

    def recognise(
        self,
        line: Mapping[str, Any],
        questions: Sequence[Mapping[str, Any]],
        measure: Measure,
    ) -> list[tuple[int, list[int]] | None]:
        """Two items of the published measure (5 and 13) have the same options in opposite orders. A
        message can name its item; otherwise the first of them that was not asked yet is meant,
        unless the very same list of options was shown before: that is one item asked twice.
        """
        reader = _Options(scaled(measure, _scale(line)))
        found: list[tuple[int, list[int]] | None] = []
        asked: dict[int, tuple[int, ...]] = {}
        for question in questions:
            fitting = reader.stated(question) or reader.fitting(question)
            stated = question.get("item")
            if stated is not None and stated not in fitting:
                raise LineError(f"a message is said to ask item {stated!r}, but does not show it")
            again = [number for number in fitting if asked.get(number) == fitting[number]]
            fresh = [number for number in fitting if number not in asked]
            number = stated if stated is not None else next(iter(again or fresh or fitting), None)
            found.append(None if number is None else (number, list(fitting[number])))
            if number is not None:
                asked[number] = fitting[number]
        return found

    def own(
        self, line: Mapping[str, Any], shown: Mapping[int, Sequence[int]], measure: Measure
    ) -> SliderCondition:
        primary = {item.number for item in measure.primary}
        orders = {tuple(order) for order in shown.values()}
        return SliderCondition(
            option_order=_option_order(line, orders, len(measure.labels)),
            answer_format="constrained" if lines.boolean(line, "constrained") else "free",
            item_set="primary" if set(shown) <= primary else "all",
            payoff_scale=_scale(line),
        )

    def written(self, own: SliderCondition) -> dict[str, Any]:
        return {
            "option_order": own.option_order,
            "constrained": own.answer_format == "constrained",
            "payoff_scale": own.payoff_scale,
        }


@dataclass
class _Options:
    """Recognises the options of a measure, in the payoffs of the line."""

    measure: Measure

    def __post_init__(self) -> None:
        self._printed = _printed(self.measure)

    def stated(self, question: Mapping[str, Any]) -> dict[int, tuple[int, ...]]:
        """The item and the order of its options as the message states them beside its words, which
        may be in any language: the payoffs must stand in them in that order."""
        stated, number = question.get("options"), question.get("item")
        if stated is None:
            return {}
        count = len(self.measure.labels)
        if not isinstance(stated, list) or sorted(map(repr, stated)) != sorted(
            map(repr, range(1, count + 1))
        ):
            raise LineError(
                f"options of a message are {stated!r}, must be the numbers 1 to {count} in the "
                "order shown"
            )
        by_number = {n: options for found in self._printed.values() for n, options in found.items()}
        if isinstance(number, bool) or number not in by_number:
            raise LineError(f"options are stated of item {number!r}, which the instrument has not")
        pairs = [by_number[number][option - 1] for option in stated]
        shown = [_as_printed(float(found)) for found in _NUMBER.findall(question["content"])]
        if not any(_in_order(order, shown) for order in (pairs, [pair[::-1] for pair in pairs])):
            raise LineError(
                f"the options of item {number} are said to be shown as {stated}, but their payoffs "
                "do not stand in the message in that order"
            )
        return {number: tuple(stated)}

    def fitting(self, question: Mapping[str, Any]) -> dict[int, tuple[int, ...]]:
        """The items whose options a question shows, each with its option numbers as shown."""
        lines = list(_OPTION_LINE.finditer(question["content"]))
        labels = tuple(line["label"].upper() for line in lines)
        if labels != tuple(label.upper() for label in self.measure.labels):
            return {}
        pairs = [(_as_printed(float(x["self"])), _as_printed(float(x["other"]))) for x in lines]
        return {
            number: tuple(options.index(pair) + 1 for pair in pairs)
            for number, options in self._printed.get(tuple(sorted(pairs)), {}).items()
        }


def _option_order(line: Mapping[str, Any], orders: set[tuple[int, ...]], options: int) -> str:
    """The order the line states, checked against the options the messages really show."""
    printed = tuple(range(1, options + 1))
    found = "shuffled"
    if orders == {printed}:
        found = "printed"
    elif orders == {printed[::-1]}:
        found = "reversed"
    stated = line.get("option_order")
    if stated is None and "reversed_options" in line:
        stated = "reversed" if lines.boolean(line, "reversed_options") else "printed"
    if stated is not None and stated != found and stated != "shuffled":
        raise LineError(f"the options are said to be {stated}, but the messages show them {found}")
    return stated or found


def _scale(line: Mapping[str, Any]) -> float:
    value = line.get("payoff_scale", 1)
    known = not isinstance(value, bool) and isinstance(value, int | float)
    if not known or not LEAST_SCALE <= value <= LARGEST_SCALE:
        raise LineError(f"payoff_scale is {value!r}, must be a number from 0.01 to 1000")
    return float(value)
