"""The scenes that come with the site, parsed, and the packs that ask in them."""

import json
from functools import cache

from evaluations.definitions.catalogue import SHIPPED
from evaluations.formats.scenes.parsing import parse_scene
from evaluations.instruments.frames import parse_file
from evaluations.instruments.kinds import parse_instrument, parse_pack

LANGUAGES = ("en", "es", "zh", "ar")
KEYS = tuple(sorted(path.stem for path in (SHIPPED / "frames").glob("*.json")))


@cache
def _text(folder, key):
    return (SHIPPED / folder / f"{key}.json").read_text(encoding="utf-8")


def definition(key):
    """A definition of its own, to change."""
    return json.loads(_text("frames", key))


def scene(key):
    return parse_scene(definition(key), key)


def frame(key, language):
    return parse_file(definition(key), key).in_language(language)


def instrument():
    return parse_instrument(json.loads(_text("instruments", "svo-slider")), "instrument")


def pack(language):
    return parse_pack(json.loads(_text("prompt_packs", f"scenes-{language}")), language)
