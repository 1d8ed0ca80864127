"""Every call to a model is counted, also one that brought no turn.

The door to the models counts a call as it is sent and adds the tokens of every answer. Who asks
carries the meter; what it shows when an answer is stored belongs to that turn, and what is left
when none can be is kept as lost calls.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass
class Meter:
    """Calls sent, and the tokens that endpoints counted for them (`..._tokens`: number)."""

    calls: int = 0
    tokens: dict[str, int] = field(default_factory=dict)

    def count(self, tokens: Mapping[str, int]) -> None:
        """Add what one answer used."""
        for name, number in tokens.items():
            self.tokens[name] = self.tokens.get(name, 0) + number

    def take(self) -> "Meter":
        """What it shows; it shows nothing afterwards."""
        shown = Meter(self.calls, self.tokens)
        self.calls, self.tokens = 0, {}
        return shown


_current: ContextVar[Meter | None] = ContextVar("meter", default=None)


@contextmanager
def metered(meter: Meter) -> Iterator[Meter]:
    """Have calls of this task, and of no other, count on *meter* until the block is left."""
    before = _current.set(meter)
    try:
        yield meter
    finally:
        _current.reset(before)


def count_call() -> None:
    """A call is being sent."""
    if meter := _current.get():
        meter.calls += 1


def count_tokens(tokens: Mapping[str, int]) -> None:
    """A call that brought no answer used *tokens*."""
    if meter := _current.get():
        meter.count(tokens)
