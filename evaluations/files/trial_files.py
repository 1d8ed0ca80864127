"""Trials made elsewhere: one JSON object a line (docs/reference/trial-files.md), read strictly.

Pure: knows the file format and the instrument, no database. What a line says about its steps and
options is checked against the conversation itself; a contradiction rejects the line.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from evaluations.instruments.base import Condition
from evaluations.instruments.svo import Measure
from evaluations.instruments.svo.conditions import SliderCondition
from evaluations.instruments.svo.protocol import scaled
from evaluations.text.storable import (
    FiniteDecoder,
    RepeatedName,
    each_once,
    storable_values,
    token_counts,
)

FORMAT = "valuecheck-trial/1"

KINDS = {"describe": "induction", "pretend": "task"} | {
    step: step for step in ("induction", "task", "goal", "item")
}
"""Names of steps in `calls[].kind` and `messages[].step`, and what they are called here."""

TARGETS = {"hyper-competitive": "competitive", "none": "", "": ""} | {
    value: value for value in ("altruistic", "prosocial", "individualistic", "competitive")
}

LARGEST_TRIAL = 2**31 - 1
"""The largest number a database keeps a trial's in."""

NEEDED = ("model", "target_value", "trial", "messages")
OPTIONAL = (
    "format",
    "goal_prompt",
    "induction",
    "value_place",
    "option_order",
    "reversed_options",
    "constrained",
    "payoff_scale",
    "seed",
    "temperature",
    "parameters",
    "model_returned",
    "system_fingerprint",
    "simulated",
    "goal",
    "answers",
    "calls",
)

SHOWN_AS = "lines like 'A: you get 85, the other person gets 76'"

_NUMBER = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_OPTION_LINE = re.compile(
    r"^\W*(?P<label>[A-Za-z])\W{0,3}\s*you get (?P<self>\d+(?:\.\d+)?)"
    r",?\s*(?:and )?the other person gets (?P<other>\d+(?:\.\d+)?)\W*$",
    re.IGNORECASE | re.MULTILINE,
)


class LineError(ValueError):
    """A line is no trial; the message says what is wrong with it and what would be right."""


@dataclass(frozen=True)
class FileTurn:
    """One message of a line; `shown` is set on the answers to items."""

    role: str
    step: str
    text: str
    item_number: int | None = None
    shown: tuple[int, ...] = ()
    call: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class FileTrial:
    """A line that was read completely. `source_key` is the same for the same conversation."""

    model: str
    condition: Condition
    number: int
    seed: int
    simulated: bool
    parameters: Mapping[str, Any]
    model_returned: str
    system_fingerprint: str
    turns: tuple[FileTurn, ...]
    source_key: str


def parse_line(text: str | bytes, measure: Measure) -> FileTrial:
    """Read one line against an instrument; raises LineError with the first thing that is wrong."""
    return parse_object(_object(text), measure)


def parse_object(line: Any, measure: Measure) -> FileTrial:
    """Read the object a line holds; raises LineError with the first thing that is wrong."""
    line = _checked(storable_values(line))
    messages = _messages(line)
    reader = _Reader(line, messages, scaled(measure, _scale(line)))
    turns = reader.turns()
    condition = reader.condition(turns)
    _check_restated(line, turns)
    number, seed = _whole(line, "trial", least=0), _whole(line, "seed", least=None)
    if number > LARGEST_TRIAL:
        raise LineError(f"trial is {number}, must be at most {LARGEST_TRIAL}")
    return FileTrial(
        model=_text(line, "model"),
        condition=condition,
        number=number,
        seed=seed,
        simulated=_boolean(line, "simulated"),
        parameters=_parameters(line),
        model_returned=_short(line, "model_returned", 200) or line["model"],
        system_fingerprint=_short(line, "system_fingerprint", 120),
        turns=turns,
        source_key=_key(line["model"], condition, number, seed, turns),
    )


def _object(text: str | bytes) -> Any:
    try:
        return json.loads(text, cls=FiniteDecoder, object_pairs_hook=each_once)
    except RepeatedName as error:
        raise LineError(f"has the field {str(error)!r} twice") from None
    except UnicodeDecodeError as error:
        raise LineError(f"is not UTF-8 (byte {error.start + 1})") from None
    except json.JSONDecodeError as error:
        raise LineError(f"is not JSON ({error.msg} at column {error.colno})") from None


def _checked(line: Any) -> dict[str, Any]:
    if not isinstance(line, dict):
        raise LineError("is not a JSON object")
    if missing := [name for name in NEEDED if name not in line]:
        raise LineError(f"lacks {', '.join(missing)}")
    if unknown := [name for name in line if name not in (*NEEDED, *OPTIONAL)]:
        raise LineError(
            f"has the unknown field {unknown[0]!r}; known are {', '.join((*NEEDED, *OPTIONAL))}"
        )
    if line.get("format", FORMAT) != FORMAT:
        raise LineError(f"format is {line['format']!r}, this version reads {FORMAT!r}")
    return line


def _messages(line: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The messages: an optional system message, then questions and answers in turn."""
    messages = line["messages"]
    if not isinstance(messages, list) or not messages:
        raise LineError("messages must be a list that is not empty")
    for index, message in enumerate(messages):
        if not isinstance(message, dict) or not isinstance(message.get("content"), str):
            raise LineError(f"messages[{index}] must be an object with role and content")
    first = 1 if messages[0].get("role") == "system" else 0
    for index, message in enumerate(messages[first:], start=first):
        expected = ("user", "assistant")[(index - first) % 2]
        if message.get("role") != expected:
            raise LineError(
                f"messages[{index}].role is {message.get('role')!r}, expected {expected!r}"
            )
    if (len(messages) - first) % 2 or len(messages) == first:
        raise LineError("the last message must be an answer of the assistant")
    return messages


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


@dataclass
class _Reader:
    """Recognises what each message of a line is."""

    line: Mapping[str, Any]
    messages: Sequence[Mapping[str, Any]]
    measure: Measure

    def __post_init__(self) -> None:
        self._printed = _printed(self.measure)

    def turns(self) -> tuple[FileTurn, ...]:
        first = 1 if self.messages[0]["role"] == "system" else 0
        turns = [FileTurn("system", "system", m["content"]) for m in self.messages[:first]]
        pairs = list(zip(self.messages[first::2], self.messages[first + 1 :: 2], strict=True))
        items = self._items([question for question, _ in pairs])
        calls = self._calls(len(pairs))
        for index, ((question, answer), item, call) in enumerate(
            zip(pairs, items, calls, strict=True)
        ):
            step = self._step(f"messages[{first + 2 * index}]", question, call, item is not None)
            number, shown = item or (None, ())
            turns.append(FileTurn("user", step, question["content"], number))
            turns.append(FileTurn("assistant", step, answer["content"], number, shown, call))
        self._check_items([item[0] for item in items if item])
        return tuple(turns)

    def _step(
        self, where: str, question: Mapping[str, Any], call: Mapping[str, Any], shows_item: bool
    ) -> str:
        """The step of a question: what the line says, which must be what the message shows. Nothing
        is concluded from what the other messages are."""
        named = {name for name in (question.get("step"), call.get("kind")) if name}
        if unknown := [name for name in named if name not in KINDS]:
            raise LineError(f"the step {unknown[0]!r} is unknown; known are {', '.join(KINDS)}")
        steps = sorted({KINDS[name] for name in named})
        if len(steps) > 1:
            raise LineError(
                f"{where} is called {steps[0]!r} and {steps[1]!r}: one of them is wrong"
            )
        if shows_item and steps not in ([], ["item"]):
            raise LineError(f"{where} asks an item, but is called {steps[0]!r}")
        if shows_item:
            return "item"
        if steps == ["item"]:
            raise LineError(
                f"{where} should ask an item, but its options are not those of any item of the "
                f"instrument: {self._how_to_show()}"
            )
        if not steps:
            raise LineError(
                f"{where} says no step and shows no item: write its step (induction, task or goal) "
                f"beside it; of an item {self._how_to_show()}"
            )
        return steps[0]

    def _how_to_show(self) -> str:
        numbers = ", ".join(str(number) for number in range(1, len(self.measure.labels) + 1))
        return (
            f"show the options in {SHOWN_AS}, or write its item and, as options, their numbers in "
            f"the order shown ([{numbers}])"
        )

    def _items(
        self, questions: Sequence[Mapping[str, Any]]
    ) -> list[tuple[int, tuple[int, ...]] | None]:
        """The item number and the option numbers as shown, read from the text of each question.

        Two items of the published measure (5 and 13) have the same options in opposite orders. A
        message can name its item; otherwise the first of them that was not asked yet is meant,
        unless the very same list of options was shown before: that is one item asked twice.
        """
        found: list[tuple[int, tuple[int, ...]] | None] = []
        asked: dict[int, tuple[int, ...]] = {}
        for question in questions:
            fitting = self._stated(question) or self._fitting(question)
            stated = question.get("item")
            if stated is not None and stated not in fitting:
                raise LineError(f"a message is said to ask item {stated!r}, but does not show it")
            again = [number for number in fitting if asked.get(number) == fitting[number]]
            fresh = [number for number in fitting if number not in asked]
            number = stated if stated is not None else next(iter(again or fresh or fitting), None)
            found.append(None if number is None else (number, fitting[number]))
            if number is not None:
                asked[number] = fitting[number]
        return found

    def _stated(self, question: Mapping[str, Any]) -> dict[int, tuple[int, ...]]:
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

    def _fitting(self, question: Mapping[str, Any]) -> dict[int, tuple[int, ...]]:
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

    def _calls(self, exchanges: int) -> list[Mapping[str, Any]]:
        calls = self.line.get("calls")
        if calls is None:
            return [{}] * exchanges
        if not isinstance(calls, list) or len(calls) != exchanges:
            raise LineError(f"calls must be a list with one entry for each of {exchanges} answers")
        for index, call in enumerate(calls):
            if not isinstance(call, dict):
                raise LineError(f"calls[{index}] must be an object")
        return [_call(call) for call in calls]

    def _check_items(self, numbers: Sequence[int]) -> None:
        if not numbers:
            raise LineError(f"no message asks an item of the instrument: {self._how_to_show()}")
        if twice := [number for number in numbers if numbers.count(number) > 1]:
            raise LineError(f"item {twice[0]} is asked twice")

    def _with_goal(self, default: bool) -> bool:
        stated = self.line.get("goal_prompt")
        if stated is None:
            return default
        if stated not in ("goal", "nogoal"):
            raise LineError(f"goal_prompt is {stated!r}, must be 'goal' or 'nogoal'")
        return stated == "goal"

    def condition(self, turns: Sequence[FileTurn]) -> Condition:
        target = self.line["target_value"] or ""
        if not isinstance(target, str) or target not in TARGETS:
            raise LineError(f"target_value is {target!r}, must be one of {', '.join(TARGETS)}")
        with_goal = self._with_goal(default=any(turn.step == "goal" for turn in turns))
        if with_goal != any(turn.step == "goal" for turn in turns):
            raise LineError(
                f"goal_prompt is {'goal' if with_goal else 'nogoal'!r}, but the conversation "
                f"{'asks for no' if with_goal else 'asks for a'} goal"
            )
        primary = {item.number for item in self.measure.primary}
        asked = {turn.item_number for turn in turns if turn.item_number is not None}
        try:
            return Condition(
                target=TARGETS[target],
                with_goal=with_goal,
                induction=self.line.get("induction") or ("name" if TARGETS[target] else "none"),
                value_place=self.line.get("value_place") or "dialogue",
                own=SliderCondition(
                    option_order=self._option_order(turns),
                    answer_format="constrained" if _boolean(self.line, "constrained") else "free",
                    item_set="primary" if asked <= primary else "all",
                    payoff_scale=_scale(self.line),
                ),
            )
        except ValueError as error:
            raise LineError(str(error)) from None

    def _option_order(self, turns: Sequence[FileTurn]) -> str:
        """The order the line states, checked against the options the messages really show."""
        printed = tuple(range(1, len(self.measure.labels) + 1))
        orders = {turn.shown for turn in turns if turn.shown}
        found = "shuffled"
        if orders == {printed}:
            found = "printed"
        elif orders == {printed[::-1]}:
            found = "reversed"
        stated = self.line.get("option_order")
        if stated is None and "reversed_options" in self.line:
            stated = "reversed" if _boolean(self.line, "reversed_options") else "printed"
        if stated is not None and stated != found and stated != "shuffled":
            raise LineError(
                f"the options are said to be {stated}, but the messages show them {found}"
            )
        return stated or found


def _call(call: Mapping[str, Any]) -> dict[str, Any]:
    renamed = {{"s": "seconds"}.get(name, name): value for name, value in call.items()}
    if "usage" in renamed:
        renamed["usage"] = token_counts(renamed["usage"])
    for name, kinds, words in _CALL_FIELDS:
        value = renamed.get(name)
        if value is None:
            renamed.pop(name, None)
        elif isinstance(value, bool) or not isinstance(value, kinds):
            raise LineError(f"{name} of a call is {value!r}, must be {words}")
        elif isinstance(value, int | float) and value < 0:
            raise LineError(f"{name} of a call is {value}, must be at least 0")
    return renamed


_CALL_FIELDS: tuple[tuple[str, type | tuple[type, ...], str], ...] = (
    ("seconds", (int, float), "a number"),
    ("retries", int, "a whole number"),
    ("finish", str, "a text"),
)
"""What pages and scorers count on where a call says it."""


def _check_restated(line: Mapping[str, Any], turns: Sequence[FileTurn]) -> None:
    """Goal and answers may be repeated outside the messages; they must then agree with them. The
    goal may be a part of what the model said, as only that part is restated at the items."""
    answers = [turn.text for turn in turns if turn.role == "assistant" and turn.step == "item"]
    if line.get("answers") is not None and line["answers"] != answers:
        raise LineError("answers are not the assistant's messages to the items, in order")
    goals = [turn.text for turn in turns if turn.role == "assistant" and turn.step == "goal"]
    goal = line.get("goal") or ""
    if not isinstance(goal, str):
        raise LineError(f"goal is {goal!r}, must be a text")
    if goal and goals and goal.strip() not in goals[0]:
        raise LineError("goal is no part of the assistant's message at the goal step")


def _parameters(line: Mapping[str, Any]) -> dict[str, Any]:
    parameters = line.get("parameters") or {}
    if not isinstance(parameters, dict):
        raise LineError("parameters must be an object")
    stated = {name: line[name] for name in ("temperature", "seed") if name in line}
    return {**parameters, **stated}


def _scale(line: Mapping[str, Any]) -> float:
    value = line.get("payoff_scale", 1)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0.01 <= value <= 1000:
        raise LineError(f"payoff_scale is {value!r}, must be a number from 0.01 to 1000")
    return float(value)


def _key(
    model: str, condition: Condition, number: int, seed: int, turns: Sequence[FileTurn]
) -> str:
    said = [(turn.role, turn.text) for turn in turns]
    content = json.dumps([model, condition.identity(), number, seed, said], ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def _text(line: Mapping[str, Any], name: str) -> str:
    value = line[name]
    if not isinstance(value, str) or not value.strip() or len(value) > 200:
        raise LineError(f"{name} must be a text of 1 to 200 characters")
    return value


def _short(line: Mapping[str, Any], name: str, longest: int) -> str:
    value = line.get(name) or ""
    if not isinstance(value, str) or len(value) > longest:
        raise LineError(f"{name} must be a text of at most {longest} characters")
    return value


def _whole(line: Mapping[str, Any], name: str, least: int | None) -> int:
    value = line.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 2**63:
        raise LineError(f"{name} is {value!r}, must be a whole number")
    if least is not None and value < least:
        raise LineError(f"{name} is {value}, must be at least {least}")
    return value


def _boolean(line: Mapping[str, Any], name: str) -> bool:
    value = line.get(name, False)
    if not isinstance(value, bool):
        raise LineError(f"{name} is {value!r}, must be true or false")
    return value
