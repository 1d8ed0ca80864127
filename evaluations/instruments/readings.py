"""What was read from an answer, and who reads it.

Pure: standard library only.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from evaluations.instruments.conditions import Condition
from evaluations.instruments.conversation import Option


class Span(NamedTuple):
    """Where in an answer's text something was found, as places between characters; `dimension` says
    of which value, where an instrument has several."""

    start: int
    end: int
    dimension: str = ""


@dataclass(frozen=True)
class Reading:
    """What was read from one answer. `value` is what was chosen in the kind's own terms (JSON),
    None unless it is a choice; `label` the same as it was shown.

    `out_of_range`: the answer named something that was not offered.
    """

    outcome: str
    value: Any
    label: str
    method: str
    refused: bool
    evidence: tuple[Span, ...]
    note: str

    @property
    def out_of_range(self) -> bool:
        return self.method == OUTSIDE

    @property
    def filtered(self) -> bool:
        return self.method == FILTERED


FILTERED = "call:filtered"
"""The method of a reading of what a content filter left: nobody reads it, in no kind."""

OUTSIDE = "rule:outside_list"
"""The method of a reading that found something named that was not offered."""


@dataclass(frozen=True)
class AnswerText:
    """What a reader gets: the words, what was shown beside the question (`Ask.shown`), whether
    the model was cut off at its length limit, and whether the endpoint reported a refusal."""

    text: str
    item_number: int
    shown: Any
    truncated: bool = False
    refused: bool = False


class Reader(Protocol):
    """Reads answers by rules. `version` changes whenever an answer could be read otherwise."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    @property
    def final(self) -> Collection[str]:
        """The methods of readings nobody can mend: what was chosen is not in the answer."""
        ...

    def read(self, answer: AnswerText, measure: Any, condition: Condition) -> Reading:
        """Raises ValueError for an item the measure does not have."""
        ...

    def candidates(
        self, answer: AnswerText, measure: Any, condition: Condition
    ) -> Sequence[Option]:
        """The options, as they were shown, that an answer's own words can bear; none where they
        point to none. Raises ValueError for an item the measure does not have."""
        ...
