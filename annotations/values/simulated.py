"""How simulated raters judge the values of an answer: by its words, with known errors. Pure.

What a simulated respondent says is known sentence by sentence. Of a real model's answer nobody
knows the truth; there they go by how thick the words stand that speak of a value, which no person
does.
"""

from random import Random
from typing import Any

from evaluations.instruments.values.circle import VALUES
from evaluations.instruments.values.learning.cues import density
from evaluations.instruments.values.simulated import OPPOSED, SUPPORTED

THICK = 1.0
"""`density` from which on a value is taken for supported: two such words in a hundred."""
OVERLOOKED, INVENTED, REVERSED = 0.12, 0.02, 0.02
"""How often a value that is there is not seen, one that is not is seen, and a sign is turned."""


def signs_of(text: str) -> list[int]:
    """-1, 0 or 1 for each of the ten values, as these raters would say without an error."""
    known = [(SUPPORTED[value] in text) - (OPPOSED[value] in text) for value in VALUES]
    if any(known):
        return known
    return [int(thick >= THICK) for thick in density([text])[0].tolist()]


class SimulatedSigns:
    unknown = ",".join("0" for _ in VALUES)

    def truth(self, trial: Any) -> str:
        """By the words of the answer; '' where there is none."""
        said = [answer.turn.text for answer in trial.answers.select_related("turn")]
        return ",".join(map(str, signs_of(said[0]))) if said else ""

    def says(self, truth: str, chance: Random) -> str:
        return ",".join(str(_seen(int(sign), chance.random())) for sign in truth.split(","))


def _seen(sign: int, drawn: float) -> int:
    if sign == 0:
        return int(drawn < INVENTED)
    if drawn < OVERLOOKED:
        return 0
    return -sign if drawn < OVERLOOKED + REVERSED else sign
