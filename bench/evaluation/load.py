"""How much is asked, and the limits that follow from it."""

from dataclasses import dataclass

CALLS = 9
"""Of a trial with goal prompting: induction, task, goal and six items."""

ITEMS = 6


@dataclass(frozen=True)
class Load:
    """So many trials of nine calls, so many calls at once, each answered after *latency* s."""

    trials: int
    calls_at_once: int
    latency: float

    def __str__(self) -> str:
        return (
            f"{self.trials} trials of {CALLS} calls at {self.latency * 1000:.0f} ms, "
            f"{self.calls_at_once} at once"
        )

    @property
    def calls(self) -> int:
        return self.trials * CALLS

    @property
    def sequential(self) -> float:
        """Seconds the original needs, which asks one question after the other."""
        return self.calls * self.latency

    @property
    def limit(self) -> float:
        """Seconds below which nobody can come who keeps to the calls at once."""
        return self.sequential / self.calls_at_once
