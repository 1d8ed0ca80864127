"""A scene in several languages as a versioned file holds it.

Pure: reads no file and no database. A file that does not fit raises `DefinitionError`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from evaluations.formats.definitions import HEADING, MAX_RESOURCE, Place, heading, state_of

SCENES_FORMAT = "valuecheck-frame/2"

DISTANCES = {
    "kin": "kin",
    "known": "known",
    "stranger": "a stranger",
    "outgroup": "of another group",
}
"""How near the recipient stands."""
FAMILIES = {
    "points": "points",
    "money": "money",
    "time": "time",
    "food": "food",
    "utilities": "water or power",
}
"""What kind of thing is divided."""
NUMERALS = {"latn": "0123456789", "arab": "٠١٢٣٤٥٦٧٨٩"}
"""The digits of a text, from 0 to 9."""
DIRECTIONS = ("ltr", "rtl")
WORDS = ("intro", "item", "option", "goal", "resource", "recipient")
"""What a text says, in the order of pages."""
OPTION_PLACES = ("letter", "self", "other")
MOST_DECIMALS = 2


@dataclass(frozen=True)
class SceneText:
    """A scene in one language."""

    language: str
    numerals: str
    direction: str
    intro: str
    item: str
    option: str
    goal: str
    resource: str
    recipient: str

    def words(self) -> dict[str, str]:
        """What it says, by the name of the entry."""
        return {name: getattr(self, name) for name in WORDS}

    def in_numerals(self, text: str) -> str:
        """A text with its digits in the numerals of this language."""
        return text.translate(str.maketrans(NUMERALS["latn"], NUMERALS[self.numerals]))


@dataclass(frozen=True)
class Resource:
    """What is divided: shown is `factor` x the amount of the instrument, with so many decimals,
    between the least and the most that is plausible, in its unit."""

    family: str
    unit: str
    factor: float
    decimals: int
    plausible_min: float
    plausible_max: float

    @property
    def is_exact(self) -> bool:
        """Whether every whole amount times the factor is shown without rounding."""
        return (Fraction(str(self.factor)) * 10**self.decimals).denominator == 1


@dataclass(frozen=True)
class Scene:
    """A scene in all its languages; `language` is the one it was written in first."""

    key: str
    version: str
    language: str
    name: str
    source: str
    state: str
    culture: str
    distance: str
    resource: Resource
    texts: Mapping[str, SceneText]


def parse_scene(definition: Any, source: str) -> Scene:
    """Check the form of a scene; *source* names it in errors. Raises DefinitionError.

    What its languages say beside each other is looked at by `checks`.
    """
    names = [*HEADING, "state", "culture", "recipient", "resource", "texts"]
    entries = Place(definition, source).entries(names)
    entries["format"].one_of([SCENES_FORMAT])
    named = heading(entries)
    texts = _texts(entries["texts"])
    if named["language"] not in texts:
        raise entries["texts"].wrong(
            f"lacks {named['language']!r}, the language that it was written in"
        )
    distance = entries["recipient"].entries(["distance"])["distance"].one_of(DISTANCES)
    return Scene(
        **named,
        source=entries["source"].text(),
        state=state_of(entries),
        culture=entries["culture"].short(MAX_RESOURCE),
        distance=distance,
        resource=_resource(entries["resource"]),
        texts=texts,
    )


def _resource(place: Place) -> Resource:
    numbers = ("factor", "decimals", "plausible_min", "plausible_max")
    entries = place.entries(["family", "unit", *numbers])
    factor, decimals, least, most = (entries[name].number() for name in numbers)
    if not factor > 0:
        raise entries["factor"].wrong(
            f"must be above 0, not {factor:g}: at 0 all options are alike, and losses are another "
            "instrument"
        )
    if decimals not in range(MOST_DECIMALS + 1):
        raise entries["decimals"].wrong(f"must be 0, 1 or {MOST_DECIMALS}, not {decimals:g}")
    if not 0 <= least < most:
        raise entries["plausible_max"].wrong(
            f"must be above plausible_min, and that no loss: they are {least:g} and {most:g}"
        )
    found = Resource(
        family=entries["family"].one_of(FAMILIES),
        unit=entries["unit"].short(MAX_RESOURCE),
        factor=float(factor),
        decimals=int(decimals),
        plausible_min=float(least),
        plausible_max=float(most),
    )
    if not found.is_exact:
        raise entries["factor"].wrong(
            f"{factor:g} x 1 {found.unit} has more than {found.decimals} decimals: amounts would "
            "be rounded, and rounding moves what is measured; give another factor or more decimals"
        )
    return found


def _texts(place: Place) -> dict[str, SceneText]:
    if not isinstance(place.value, Mapping) or not place.value:
        raise place.wrong('must be an object with a text for each language, {"en": {...}}')
    return {tag: _text(tag, entry) for tag, entry in place.entries(list(place.value)).items()}


def _text(language: str, place: Place) -> SceneText:
    entries = place.entries(["numerals", "direction", *WORDS])
    told = {name: entries[name].template() for name in ("intro", "item", "goal")}
    return SceneText(
        language=language,
        numerals=entries["numerals"].one_of(NUMERALS),
        direction=entries["direction"].one_of(DIRECTIONS),
        option=entries["option"].template(needed=OPTION_PLACES),
        resource=entries["resource"].short(MAX_RESOURCE),
        recipient=entries["recipient"].short(MAX_RESOURCE),
        **told,
    )
