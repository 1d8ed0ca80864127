"""One prompt and one free answer; a target, where there is one, stands in the system message.

Pure: standard library only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from evaluations.instruments.conditions import Condition
from evaluations.instruments.conversation import Ask, ProtocolError, Said
from evaluations.instruments.values.definitions import Prompt, ValuesPack
from evaluations.instruments.values.targets import ValueTarget

PROMPT_STEP, ITEM = "prompt", 1
"""The step whose answer is read, and its number: a trial asks one prompt."""


@dataclass(frozen=True)
class ValuesCondition:
    """Nothing is varied but what every kind varies."""

    def stored(self) -> dict[str, Any]:
        return {}

    def identity(self) -> dict[str, Any]:
        return {}

    def words(self) -> list[str]:
        return []


@dataclass(frozen=True)
class Conversation:
    """The conversation of one trial."""

    condition: Condition
    prompt: Prompt
    target: ValueTarget | None
    pack: ValuesPack
    seed: int

    @property
    def calls(self) -> int:
        return 1

    def next(self, said: Sequence[Said]) -> Ask | None:
        opening = self._opening
        for position, (turn, expected) in enumerate(zip(said, opening, strict=False)):
            if (turn.role, turn.step, turn.text) != (expected.role, expected.step, expected.text):
                raise ProtocolError(f"turn {position} is not what this pack and prompt say")
        if len(said) > len(opening) + 1:
            raise ProtocolError(f"{len(said)} turns are stored, there are {len(opening) + 1}")
        if len(said) > len(opening):
            return None
        shown = {"prompt": self.prompt.text, **self.prompt.facts()}
        return Ask(PROMPT_STEP, ITEM, opening[len(said) :], shown)

    @property
    def _opening(self) -> tuple[Said, ...]:
        asked = self.pack.prompt.format(prompt=self.prompt.text)
        question = Said("user", PROMPT_STEP, asked, ITEM)
        if self.target is None:
            return (question,)
        text = self.pack.system_for(self.condition.induction, self.target)
        return (Said("system", "system", text), question)
