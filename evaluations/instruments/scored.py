"""What a scorer sees of a trial, and what an automated metric is.

Pure: standard library only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from evaluations.instruments.conditions import Condition
from evaluations.instruments.readings import Reading


@dataclass(frozen=True)
class AnsweredItem:
    """One answer as a scorer sees it."""

    item_number: int
    shown: Any
    reading: Reading
    truncated: bool


@dataclass(frozen=True)
class AnsweredTrial:
    """All a scorer may look at: nothing of it depends on other trials."""

    condition: Condition
    measure: Any
    score_incomplete: bool
    answers: tuple[AnsweredItem, ...]


class Scorer(Protocol):
    """An automated metric. `version` changes whenever the same trial could get another score."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    @property
    def reader(self) -> str:
        """Name and version of the reader on whose readings its scores rest; '' for none."""
        ...

    def resting_on(self, reader: str, *, name: str, version: str) -> "Scorer":
        """The same metric on the readings of another *reader*, under a name and version of its
        own."""
        ...

    def score(self, trial: AnsweredTrial) -> Mapping[str, object]:
        """Return the fields of a Score row: an outcome with a label, number, vector or reason."""
        ...
