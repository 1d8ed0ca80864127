"""English words that speak of each of the ten values, by their beginnings.

What is known of the values before anybody labelled an answer: a value with few cases is found by
words that none of its cases has. An answer in another language has none of them, and is left to
what was learned. Written for this project, after Schwartz's names of the items. Pure.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

CUES: Mapping[str, str] = {
    "self-direction": (
        "free choice choos decide own independen autonom creativ curio privacy private "
        "self-determin individual original imagin invent think thought opinion learn "
        "understand knowledge critical express explor"
    ),
    "stimulation": (
        "excit adventur thrill daring dare challeng novel risk varied variety unique "
        "passion bold brave explor new"
    ),
    "hedonism": "pleasure enjoy fun delight indulg gratif luxury comfort joy relax happy tasty",
    "achievement": (
        "success succeed achiev accomplish ambitio goal skill capab competen perform "
        "effective influen talent excel expert professional efficien intelligen profit "
        "career promotion improve productiv winning"
    ),
    "power": (
        "power authorit control wealth rich money status prestige domina leader command "
        "rule superior influence recognition reputation image fame famous exploit manipulat "
        "manage subordinat"
    ),
    "security": (
        "safe secur protect stable stability harm danger health risk crim law legal illegal "
        "police order family threat violen nation"
    ),
    "tradition": (
        "tradition custom religio faith belief god church bible christian muslim islam "
        "jewish hindu ritual ceremon heritage ancest cultur histor moral sacred pray holy "
        "elder"
    ),
    "conformity": (
        "rule obey obedien polite respect norm law legal illegal ethic disciplin moderate "
        "appropriate inappropriate proper comply humble manners responsib sorry apolog"
    ),
    "benevolence": (
        "help honest forgiv friend loyal love caring kind support responsib family trust "
        "compassion sincere"
    ),
    "universalism": (
        "equal justice just fair peace environment natur tolera divers inclusi discriminat "
        "racis gender human rights respect world planet animal broad stereotyp bias "
        "prejudice"
    ),
}
"""The beginnings, by value; a word can speak of several."""

_BEGINNINGS = {value: tuple(words.split()) for value, words in CUES.items()}
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
_SMALLEST = 10
"""Words added to the length of a text, so that one cue in three words is not everything."""


@lru_cache(maxsize=100_000)
def _speaks_of(word: str) -> tuple[int, ...]:
    """The values, by their number, that a word in lower case begins to speak of."""
    found = enumerate(_BEGINNINGS.values())
    return tuple(at for at, beginnings in found if word.startswith(beginnings))


def density(texts: Sequence[str]) -> NDArray[np.float64]:
    """How thick the words of each value stand in each text, shape (texts, ten values):
    log(1 + 100 x cues / (words + 10))."""
    found = np.zeros((len(texts), len(CUES)))
    for row, text in zip(found, texts, strict=True):
        words = _WORD.findall(text.lower())
        for word in words:
            for at in _speaks_of(word):
                row[at] += 1
        row *= 100 / (len(words) + _SMALLEST)
    return np.asarray(np.log1p(found))
