"""A quality flag of a trial as its page tells it."""

from collections.abc import Sequence
from dataclasses import dataclass

from evaluations.models import Score


@dataclass(frozen=True)
class Check:
    """One quality flag; `is_found` is None where too little was read to judge it."""

    name: str
    words: str
    is_found: bool | None
    items: Sequence[int] = ()


def raised(score: Score) -> list[Check]:
    """The flags a score raised, of which nothing else is known."""
    return [Check(flag.replace("_", " "), flag.replace("_", " "), True) for flag in score.flags]
