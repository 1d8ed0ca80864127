"""The messages of a trial in a file, and which step and item of the conversation each of them is.

Pure: knows the instrument, no database. A message that contradicts what the line says of it rejects
the line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evaluations.formats.lines import LineError
from evaluations.instruments.base import InstrumentDefinition
from evaluations.text.storable import token_counts
from evaluations.text.thoughts import parted


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


def messages_of(line: Mapping[str, Any]) -> list[dict[str, Any]]:
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
class TurnReader:
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


def check_restated(line: Mapping[str, Any], turns: Sequence[FileTurn], item_step: str) -> None:
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


def _parted(answer: Mapping[str, Any]) -> tuple[str, str]:
    """What an answer says and what the model thought, beside it or aloud."""
    said, aloud = parted(answer["content"])
    return said, "\n\n".join(filter(None, (answer.get("reasoning", ""), aloud)))
