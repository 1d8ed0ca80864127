"""What raters are asked of an answer: which of the ten values it supports or opposes. Pure."""

from collections.abc import Mapping
from typing import Any

from annotations.base import VectorKind
from annotations.scales.scale import VECTOR, Scale, gettext_noop
from annotations.scales.vectors import Vector
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


class ValuesKind(VectorKind):
    """A sign for each of the ten values, in the order of the circle."""

    def scale_for(
        self,
        categories: tuple[str, ...] = (),
        tolerance: float | None = None,
        ways_out: tuple[str, ...] = (),
    ) -> Scale:
        return Vector(VALUES, ways_out)

    def drawn(self) -> Mapping[str, Any]:
        return {"definitions": DEFINITIONS, "names": WORDS}


VALUE_SIGNS = ValuesKind(
    key="values",
    asks_for="the ten values",
    scale=VECTOR,
    template="annotations/values/_values.html",
    prompt=gettext_noop("Which values does this answer support (+1) or oppose (-1)?"),
    choices=DEFINITIONS,
    words=WORDS,
    plural="values",
    is_scored=True,
)
