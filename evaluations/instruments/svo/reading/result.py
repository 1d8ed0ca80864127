"""What reading an answer comes to."""

from dataclasses import dataclass
from enum import StrEnum

READER = "svo_prose"
"""Name under which readings of this package are stored."""
READER_VERSION = "2.1.0"
"""Changes whenever the same answer could be read another way."""


class Outcome(StrEnum):
    """One option, more than one possible, or none of the list."""

    CHOICE = "choice"
    AMBIGUOUS = "ambiguous"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ProseReading:
    """What was read from one answer.

    `index` is the place of the chosen option in shown order, from 0, and `label` its label; both
    are None unless the outcome is a choice. `method` is 'exact' or 'rule:<name>', `evidence` the
    span (start, end) of the original text that decided, None when there is nothing to point at.
    `note` gives the reason in words, `candidates` the indexes of the options that may have been
    meant, and `refused` says that the answer declines to choose.
    """

    outcome: Outcome
    index: int | None
    label: str | None
    method: str
    evidence: tuple[int, int] | None
    note: str
    candidates: tuple[int, ...] = ()
    refused: bool = False
