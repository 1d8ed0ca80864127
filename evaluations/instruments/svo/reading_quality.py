"""How well answers are read, against answers a person has read.

Precision of 'choice' is the share of answers read as a choice that a person reads as the same
choice; recall is the share of a person's choices that were read. A wrong letter costs both, an
unread choice only recall: wrong is worse than unknown.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from .reading import Outcome, ProseReading

ALL_SHAPES = "all"
"""Key of the figures over every shape of answer."""


@dataclass(frozen=True, slots=True)
class GoldReading:
    """A person's reading: outcome, label of a choice, shape of the answer, times it occurs."""

    outcome: Outcome
    label: str | None
    shape: str
    occurrences: int = 1


@dataclass(frozen=True, slots=True)
class Quality:
    """Counts of occurrences for one shape, and the shares they give.

    `agreed` counts equal outcome and label, also where that is 'ambiguous' or 'none'.
    """

    answers: int
    gold_choices: int
    read_choices: int
    right_choices: int
    agreed: int

    @property
    def precision(self) -> float | None:
        """Right choices among those read; None when none was read."""
        return self.right_choices / self.read_choices if self.read_choices else None

    @property
    def recall(self) -> float | None:
        """Right choices among those a person reads; None when there is none."""
        return self.right_choices / self.gold_choices if self.gold_choices else None


def reading_quality(
    readings: Iterable[tuple[ProseReading, GoldReading]],
) -> dict[str, Quality]:
    """Return the quality per shape of answer, and under `ALL_SHAPES` over all of them."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0] * 5)
    for reading, gold in readings:
        read = reading.outcome is Outcome.CHOICE
        real = gold.outcome is Outcome.CHOICE
        same = reading.outcome is gold.outcome and reading.label == gold.label
        row = (True, real, read, read and same, same)
        for shape in (gold.shape, ALL_SHAPES):
            for place, holds in enumerate(row):
                counts[shape][place] += gold.occurrences * holds
    return {shape: Quality(*row) for shape, row in counts.items()}
