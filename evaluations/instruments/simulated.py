"""Simulated respondents: subjects whose properties are known.

Pure: standard library only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from evaluations.instruments.conversation import Ask


@dataclass(frozen=True)
class Subject:
    """A simulated respondent as a command describes it: in words, and as an endpoint keeps it."""

    words: str
    parameters: Mapping[str, Any]


class Simulated(Protocol):
    """Answers as a subject with known properties would."""

    def answer(self, ask: Ask, target: str, seed: int) -> str:
        """The words said to *ask* by one who was asked to hold *target* ('': nothing). Raises
        ValueError where no properties are known for that target."""
        ...
