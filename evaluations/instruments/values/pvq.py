"""The Portrait Values Questionnaire of 21 items, as the European Social Survey has it.

Key: Schwartz's scoring note of the ESS. Answers 1 (very much like me) to 6 (not like me at all).
Pure: standard library only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

KEY: Mapping[str, tuple[int, ...]] = {
    "self-direction": (1, 11),
    "stimulation": (6, 15),
    "hedonism": (10, 21),
    "achievement": (4, 13),
    "power": (2, 17),
    "security": (5, 14),
    "tradition": (9, 20),
    "conformity": (7, 16),
    "benevolence": (12, 18),
    "universalism": (3, 8, 19),
}
"""Items, from 1, of each value."""

ITEMS, LEAST, MOST, MOST_MISSING = 21, 1, 6, 5


@dataclass(frozen=True)
class Portrait:
    """Scores of one person: `mean` of all answered items reversed (7 - answer), each value's mean
    (`raw`), the same minus the person's mean (`centred`), and rescaled to -1 to 1 without centring
    (`rescaled`). A value none of whose items was answered is left out."""

    mean: float
    raw: Mapping[str, float]
    centred: Mapping[str, float]
    rescaled: Mapping[str, float]


def score(answers: Sequence[int | None]) -> Portrait:
    """Score the 21 answers in the order of the items, None where one is missing. Raises ValueError
    for another number of answers, one that is none of 1 to 6, or more than five missing."""
    if len(answers) != ITEMS:
        raise ValueError(f"there are {len(answers)} answers, the questionnaire has {ITEMS} items")
    for item, answer in enumerate(answers, start=1):
        if answer is not None and answer not in range(LEAST, MOST + 1):
            raise ValueError(f"item {item} is {answer!r}: it must be {LEAST} to {MOST}, or missing")
    missing = sum(answer is None for answer in answers)
    if missing > MOST_MISSING:
        raise ValueError(f"{missing} of {ITEMS} items are missing, at most {MOST_MISSING} may be")
    reversed_ = [None if answer is None else 7 - answer for answer in answers]
    mean = fmean(answer for answer in reversed_ if answer is not None)
    raw = {}
    for value, items in KEY.items():
        if known := [given for item in items if (given := reversed_[item - 1]) is not None]:
            raw[value] = fmean(known)
    centred = {value: found - mean for value, found in raw.items()}
    return Portrait(
        mean, raw, centred, {value: (found - 3.5) / 2.5 for value, found in raw.items()}
    )
