"""What raters are asked of an answer: which of the ten values it supports or opposes. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from annotations.base import VectorKind, pgettext_noop
from annotations.scales.scale import VECTOR, Scale, gettext_noop
from annotations.values.simulated import SimulatedSigns
from annotations.values.stances import BOTH, CANNOT_TELL, Stances
from evaluations.instruments.values.circle import VALUES

DEFINITIONS = {
    "self-direction": gettext_noop("Choosing and exploring for oneself."),
    "stimulation": gettext_noop("Novelty and challenge."),
    "hedonism": gettext_noop("One's own pleasure."),
    "achievement": gettext_noop("Success by society's standards."),
    "power": gettext_noop("Status, and control of people and goods."),
    "security": gettext_noop("Safety and stability of society, ties and self."),
    "tradition": gettext_noop("Keeping customs and faith."),
    "conformity": gettext_noop("Holding back what upsets others or breaks rules."),
    "benevolence": gettext_noop("Care for one's own circle."),
    "universalism": gettext_noop("Fairness, and care for all people and nature."),
}
"""The ten values, each with its explanation in one line."""

WORDS = {
    "self-direction": gettext_noop("self-direction"),
    "stimulation": gettext_noop("stimulation"),
    "hedonism": gettext_noop("hedonism"),
    "achievement": gettext_noop("achievement"),
    "power": gettext_noop("power"),
    "security": gettext_noop("security"),
    "tradition": gettext_noop("tradition"),
    "conformity": gettext_noop("conformity"),
    "benevolence": gettext_noop("benevolence"),
    "universalism": gettext_noop("universalism"),
}
"""Their names as raters read them."""


LETTERS = {
    "self-direction": "d",
    "stimulation": "m",
    "hedonism": "h",
    "achievement": "a",
    "power": "w",
    "security": "e",
    "tradition": "t",
    "conformity": "f",
    "benevolence": "b",
    "universalism": "u",
}
"""The keys that name them, in every order and language: none is a key of the page itself."""

STANCE_WORDS = {
    "1": pgettext_noop("a text and a value", "supports"),
    "-1": pgettext_noop("a text and a value", "opposes"),
    BOTH: pgettext_noop("a text and a value", "both"),
    "0": pgettext_noop("a text and a value", "not involved"),
}
"""What can be said of a value, in the order of the page."""


class ValuesKind(VectorKind):
    """A stance on each of the ten values, in the order of the circle; or that one cannot tell."""

    def scale_for(
        self,
        categories: tuple[str, ...] = (),
        tolerance: float | None = None,
        ways_out: tuple[str, ...] = (),
    ) -> Scale:
        return Stances(VALUES, self.ways_out)

    def raw(self, name: str, categories: Sequence[str], data: Mapping[str, Any]) -> str:
        """A field each value; one that says that the others are not involved; and a way out."""
        if data.get(f"{name}-cannot-tell"):
            return CANNOT_TELL
        rest = "0" if data.get(f"{name}-rest") else ""
        said = [str(data.get(field, "")) or rest for field, _ in self.fields(name, categories)]
        return ",".join(said) if any(said) else str(data.get(name, ""))

    def credit(self, scale: Scale, expected: str, label: str) -> tuple[int, int] | None:
        """Of the values that the expected answer or the given one involves, how many have the
        stance that was expected: what neither involves is no merit. None for a way out."""
        wanted, said = scale.place(expected), scale.place(label)
        if not isinstance(wanted, tuple) or not isinstance(said, tuple):
            return None
        pairs = [pair for pair in zip(wanted, said, strict=True) if pair != ("0", "0")]
        return sum(one == other for one, other in pairs), len(pairs)

    def at_once(self, name: str, categories: Sequence[str], data: Mapping[str, Any]) -> list[str]:
        if not data.get(f"{name}-rest") or data.get(f"{name}-cannot-tell"):
            return []
        return [value for field, value in self.fields(name, categories) if not data.get(field)]


VALUE_SIGNS = ValuesKind(
    key="values",
    asks_for="the ten values",
    scale=VECTOR,
    template="annotations/values/_values.html",
    prompt=gettext_noop("Which values does this answer support (+1) or oppose (-1)?"),
    choices=DEFINITIONS,
    words=WORDS | {CANNOT_TELL: gettext_noop("cannot tell")},
    ways_out=(CANNOT_TELL,),
    plural="values",
    takes_marks=True,
    stances=STANCE_WORDS,
    letters=LETTERS,
    is_scored=True,
    simulated=SimulatedSigns(),
)
