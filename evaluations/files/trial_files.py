"""Trials made elsewhere: one JSON object a line (docs/reference/trial-files.md), read strictly.

Pure: knows the file format and the instrument, no database. What a line says about its steps and
options is checked against the conversation itself; a contradiction rejects the line.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evaluations.formats import lines
from evaluations.formats.lines import LineError
from evaluations.instruments.base import InstrumentDefinition
from evaluations.instruments.conditions import Condition
from evaluations.text.storable import (
    storable_values,
    token_counts,
)
from evaluations.text.thoughts import parted

FORMAT = "valuecheck-trial/1"

LARGEST_TRIAL = 2**31 - 1
"""The largest number a database keeps a trial's in."""

LONGEST_PROMPT = 60
"""Characters of the name of a prompt."""

NEEDED = ("model", "target_value", "trial", "messages")
OPTIONAL = (
    "format",
    "prompt",
    "goal_prompt",
    "induction",
    "value_place",
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
"""Beside the fields of the instrument's kind."""


@dataclass(frozen=True)
class FileTurn:
    """One message of a line; `shown` is set on the answers to items."""

    role: str
    step: str
    text: str
    item_number: int | None = None
    shown: Any = None
    call: Mapping[str, Any] = field(default_factory=dict)
    reasoning: str = ""

    @property
    def is_read(self) -> bool:
        """Whether it is the answer to an item."""
        return self.role == "assistant" and self.item_number is not None


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
    prompt: str = ""
    """Which of its prompts a kind asks, where each is asked in a trial of its own."""


def parse_line(text: str | bytes, instrument: InstrumentDefinition) -> FileTrial:
    """Read one line against an instrument; raises LineError with the first thing that is wrong."""
    return parse_object(lines.json_of(text), instrument)


def parse_object(line: Any, instrument: InstrumentDefinition) -> FileTrial:
    """Read the object a line holds; raises LineError with the first thing that is wrong."""
    line = _checked(storable_values(line), instrument.kind.files.fields)
    messages = _messages(line)
    reader = _Reader(line, messages, instrument)
    turns = reader.turns()
    condition = reader.condition(turns)
    _check_restated(line, turns, instrument.kind.files.item_step)
    number, seed = lines.whole(line, "trial", least=0), lines.whole(line, "seed", least=None)
    prompt = lines.short(line, "prompt", LONGEST_PROMPT)
    if number > LARGEST_TRIAL:
        raise LineError(f"trial is {number}, must be at most {LARGEST_TRIAL}")
    return FileTrial(
        model=lines.text(line, "model"),
        condition=condition,
        number=number,
        seed=seed,
        simulated=lines.boolean(line, "simulated"),
        parameters=_parameters(line),
        model_returned=lines.short(line, "model_returned", 200) or line["model"],
        system_fingerprint=lines.short(line, "system_fingerprint", 120),
        turns=turns,
        source_key=_key(line["model"], condition, number, seed, messages, prompt),
        prompt=prompt,
    )


def _checked(line: Any, own: Sequence[str]) -> dict[str, Any]:
    if not isinstance(line, dict):
        raise LineError("is not a JSON object")
    if missing := [name for name in NEEDED if name not in line]:
        raise LineError(f"lacks {', '.join(missing)}")
    known = (*NEEDED, *OPTIONAL, *own)
    if unknown := [name for name in line if name not in known]:
        raise LineError(f"has the unknown field {unknown[0]!r}; known are {', '.join(known)}")
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
        if not isinstance(message.get("reasoning", ""), str):
            raise LineError(f"messages[{index}].reasoning must be a text")
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


@dataclass
class _Reader:
    """Recognises what each message of a line is."""

    line: Mapping[str, Any]
    messages: Sequence[Mapping[str, Any]]
    instrument: InstrumentDefinition

    def __post_init__(self) -> None:
        self._files = self.instrument.kind.files

    def turns(self) -> tuple[FileTurn, ...]:
        first = 1 if self.messages[0]["role"] == "system" else 0
        turns = [FileTurn("system", "system", m["content"]) for m in self.messages[:first]]
        pairs = list(zip(self.messages[first::2], self.messages[first + 1 :: 2], strict=True))
        questions = [question for question, _ in pairs]
        items = self._files.recognise(self.line, questions, self.instrument.measure)
        calls = self._calls(len(pairs))
        for index, ((question, answer), item, call) in enumerate(
            zip(pairs, items, calls, strict=True)
        ):
            step = self._step(f"messages[{first + 2 * index}]", question, call, item is not None)
            number, shown = item or (None, None)
            turns.append(FileTurn("user", step, question["content"], number))
            said, thought = _parted(answer)
            turns.append(FileTurn("assistant", step, said, number, shown, call, thought))
        self._check_items([item[0] for item in items if item])
        return tuple(turns)

    def _step(
        self, where: str, question: Mapping[str, Any], call: Mapping[str, Any], shows_item: bool
    ) -> str:
        """The step of a question: what the line says, which must be what the message shows. Nothing
        is concluded from what the other messages are."""
        named = {name for name in (question.get("step"), call.get("kind")) if name}
        known, item_step = self._files.steps, self._files.item_step
        if unknown := [name for name in named if name not in known]:
            raise LineError(f"the step {unknown[0]!r} is unknown; known are {', '.join(known)}")
        steps = sorted({known[name] for name in named})
        if len(steps) > 1:
            raise LineError(
                f"{where} is called {steps[0]!r} and {steps[1]!r}: one of them is wrong"
            )
        if shows_item and steps not in ([], [item_step]):
            raise LineError(f"{where} asks an item, but is called {steps[0]!r}")
        if shows_item:
            return item_step
        if steps == [item_step]:
            raise LineError(
                f"{where} should ask an item, but its options are not those of any item of the "
                f"instrument: {self._how_to_show()}"
            )
        if not steps:
            others = [step for step in dict.fromkeys(known.values()) if step != item_step]
            raise LineError(
                f"{where} says no step and shows no item: write its step "
                f"({', '.join(others[:-1])} or {others[-1]}) beside it; of an item "
                f"{self._how_to_show()}"
            )
        return steps[0]

    def _how_to_show(self) -> str:
        return self._files.how_to_show(self.instrument.measure)

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
        targets = self.instrument.kind.targets(self.instrument.measure)
        known = {**self._files.aliases, "none": "", "": ""} | {t.key: t.key for t in targets}
        if not isinstance(target, str) or target not in known:
            raise LineError(f"target_value is {target!r}, must be one of {', '.join(known)}")
        with_goal = self._with_goal(default=any(turn.step == "goal" for turn in turns))
        if with_goal != any(turn.step == "goal" for turn in turns):
            raise LineError(
                f"goal_prompt is {'goal' if with_goal else 'nogoal'!r}, but the conversation "
                f"{'asks for no' if with_goal else 'asks for a'} goal"
            )
        try:
            condition = Condition(
                target=known[target],
                with_goal=with_goal,
                induction=self.line.get("induction") or ("name" if known[target] else "none"),
                value_place=self.line.get("value_place") or "dialogue",
                own=self._files.own(
                    self.line,
                    {turn.item_number or 0: turn.shown for turn in turns if turn.is_read},
                    self.instrument.measure,
                ),
            )
            self.instrument.check(condition)
        except ValueError as error:
            raise LineError(str(error)) from None
        return condition


def _parted(answer: Mapping[str, Any]) -> tuple[str, str]:
    """What an answer says and what the model thought, beside it or aloud."""
    said, aloud = parted(answer["content"])
    return said, "\n\n".join(filter(None, (answer.get("reasoning", ""), aloud)))


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


def _check_restated(line: Mapping[str, Any], turns: Sequence[FileTurn], item_step: str) -> None:
    """Goal and answers may be repeated outside the messages; they must then agree with them. The
    goal may be a part of what the model said, as only that part is restated at the items."""
    answers = [turn.text for turn in turns if turn.role == "assistant" and turn.step == item_step]
    restated = line.get("answers")
    if isinstance(restated, list):
        restated = [parted(said)[0] if isinstance(said, str) else said for said in restated]
    if restated is not None and restated != answers:
        raise LineError("answers are not the assistant's messages to the items, in order")
    goals = [turn.text for turn in turns if turn.role == "assistant" and turn.step == "goal"]
    goal = line.get("goal") or ""
    if not isinstance(goal, str):
        raise LineError(f"goal is {goal!r}, must be a text")
    if goal and goals and parted(goal)[0].strip() not in goals[0]:
        raise LineError("goal is no part of the assistant's message at the goal step")


def _parameters(line: Mapping[str, Any]) -> dict[str, Any]:
    parameters = line.get("parameters") or {}
    if not isinstance(parameters, dict):
        raise LineError("parameters must be an object")
    stated = {name: line[name] for name in ("temperature", "seed") if name in line}
    return {**parameters, **stated}


def _key(
    model: str,
    condition: Condition,
    number: int,
    seed: int,
    messages: Sequence[Mapping[str, Any]],
    prompt: str = "",
) -> str:
    """A name of the prompt is part of it where there is one: older keys stay what they are."""
    said = [(message["role"], message["content"]) for message in messages]
    named = [prompt] if prompt else []
    parts = [model, condition.identity(), number, seed, said, *named]
    content = json.dumps(parts, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()
