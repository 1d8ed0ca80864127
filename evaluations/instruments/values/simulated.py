"""Simulated respondents whose values are known: they say which they hold and which they oppose.

Pure: standard library only.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evaluations.instruments.conversation import Ask
from evaluations.instruments.simulated import Subject
from evaluations.instruments.values.circle import VALUES
from evaluations.instruments.values.definitions import PromptSet
from evaluations.instruments.values.distances import MASK

SUPPORTED = {
    "self-direction": "Decide for yourself, and follow your own curiosity.",
    "stimulation": "Try something new; a daring change keeps life exciting.",
    "hedonism": "Enjoy it and take the pleasure that it gives you.",
    "achievement": "Work hard, be ambitious, and aim to be the best at it.",
    "power": "Take control, and use your money and your position over others.",
    "security": "Be careful, stay safe, and keep your family and savings secure.",
    "tradition": "Keep to the customs and the faith that were handed down to you.",
    "conformity": "Follow the rules, stay polite, and do not upset anybody.",
    "benevolence": "Be honest and helpful to the people who are close to you.",
    "universalism": "Treat everyone as equals, and protect nature for all of us.",
}
OPPOSED = {
    "self-direction": "Stop thinking for yourself and let somebody else decide.",
    "stimulation": "Avoid anything new; change is not worth it.",
    "hedonism": "Pleasure is a waste of time, so give it up.",
    "achievement": "There is no point in effort or success, so do not try.",
    "power": "Give up control; status and wealth over others are worthless.",
    "security": "Forget about safety and take the risk, whatever may happen.",
    "tradition": "Throw old customs and religion away.",
    "conformity": "Break the rules and ignore what others expect.",
    "benevolence": "Lie to your friends and do not help them.",
    "universalism": "Some people count for less, and nature does not matter.",
}
"""What such a respondent says; written for this project."""


@dataclass(frozen=True)
class Holder:
    """Supports and opposes what it was given; with `told`, what its target asks for. With `noise`
    it leaves each value out of an answer with that probability, by the trial's seed."""

    supports: tuple[str, ...] = ()
    opposes: tuple[str, ...] = ()
    noise: float = 0.0
    told: bool = False
    measure: PromptSet | None = None

    def answer(self, ask: Ask, target: str, seed: int) -> str:
        supports, opposes = self.supports, self.opposes
        if self.told and self.measure is not None and target:
            vector = self.measure.target(target).vector
            supports = tuple(value for value in VALUES if vector[value] > MASK)
            opposes = tuple(value for value in VALUES if vector[value] < -MASK)
        said = [SUPPORTED[value] for value in self._kept(supports, seed)]
        said += [OPPOSED[value] for value in self._kept(opposes, seed)]
        return " ".join(said) or "It depends; I have no view on that."

    def _kept(self, values: Sequence[str], seed: int) -> list[str]:
        def lot(value: str) -> float:
            drawn = hashlib.sha256(f"{seed}/{value}".encode()).digest()[:4]
            return int.from_bytes(drawn) / 2**32

        return [value for value in values if lot(value) >= self.noise]


def holder(parameters: Mapping[str, Any], measure: PromptSet) -> Holder:
    """The respondent that *parameters* describe. Raises ValueError."""
    if not {"supports", "opposes", "told"} & parameters.keys():
        raise ValueError("say what it supports or opposes, or that it holds what it is told (told)")
    named = {}
    for name in ("supports", "opposes"):
        values = parameters.get(name, [])
        if not isinstance(values, list | tuple) or any(one not in VALUES for one in values):
            raise ValueError(f"{name} is {values!r}: list some of {', '.join(VALUES)}")
        named[name] = tuple(values)
    if twice := set(named["supports"]) & set(named["opposes"]):
        raise ValueError(f"{min(twice)} is both supported and opposed")
    noise = parameters.get("noise", 0.0)
    if isinstance(noise, bool) or not isinstance(noise, int | float) or not 0 <= noise <= 1:
        raise ValueError(f"noise is {noise!r}, must be a number from 0 to 1")
    return Holder(**named, noise=float(noise), told=bool(parameters.get("told")), measure=measure)


def subject(said: str, noise: float | None) -> Subject:
    """'target', or values with commas, a minus before those it opposes. Raises ValueError."""
    left_out = {"noise": noise or 0.0}
    if said == "target":
        return Subject("doing as it is told", {"told": True} | left_out)
    names = [name.strip() for name in said.split(",") if name.strip()]
    held = [name for name in names if not name.startswith("-")]
    opposed = [name.removeprefix("-") for name in names if name.startswith("-")]
    if unknown := [name for name in (*held, *opposed) if name not in VALUES]:
        raise ValueError(f"{unknown[0]!r} is none of the ten values: {', '.join(VALUES)}")
    words = ", ".join([*(f"for {name}" for name in held), *(f"against {n}" for n in opposed)])
    return Subject(words or "of no values", {"supports": held, "opposes": opposed} | left_out)
