"""A conversation with a model, one question at a time, and the options an answer can choose.

Pure: standard library only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


class ProtocolError(ValueError):
    """The stored turns are not the beginning of this conversation; says at which position."""


@dataclass(frozen=True)
class Said:
    """One message of the conversation: who said it, at which step, to which item."""

    role: str
    step: str
    text: str
    item_number: int | None = None


@dataclass(frozen=True)
class Option:
    """One thing an answer can choose, as it was shown: under a label (a letter), with its number in
    the instrument, which stays when the order shown changes, and what it offers, by name."""

    label: str
    number: int
    offers: Mapping[str, float] = field(default_factory=dict, hash=False)

    def words(self) -> dict[str, str]:
        """What it offers as a conversation writes it, by name."""
        return {name: f"{amount:g}" for name, amount in self.offers.items()}


@dataclass(frozen=True)
class Ask:
    """The next thing to ask: messages to append first (none if the question is already stored).

    Where `item_number` is set, the answer is one that is read. `shown` is what is stored with it,
    JSON of the kind's own, from which `Kind.options` makes the options again; `options` are these
    options, none where the answer is free. `constrained` asks for one of their labels and nothing
    else. `language`: the tag of the one that the question is asked in.
    """

    step: str
    item_number: int | None
    messages: tuple[Said, ...]
    shown: Any = None
    options: tuple[Option, ...] = ()
    constrained: bool = False
    language: str = "en"


class Dialogue(Protocol):
    """The conversation of one trial as a function of what was said, so that it continues from any
    prefix; raises ValueError when made of a pack that has no words for its target."""

    @property
    def seed(self) -> int: ...

    @property
    def calls(self) -> int:
        """How many answers the whole conversation asks of the model."""
        ...

    def next(self, said: Sequence[Said]) -> Ask | None:
        """What to ask after the turns *said*, None when the conversation is finished.

        Raises ProtocolError when *said* is not the beginning of this very conversation.
        """
        ...
