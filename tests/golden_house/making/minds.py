"""What raters say to a form: mostly right, sometimes something else, by chance from a seed."""

import random
from typing import Any

from tests.golden_house.making.people import Fields, Form
from tests.golden_house.making.tables import drawn, near


def careful(form: Form, held: dict[str, Any], chance: random.Random) -> Fields:
    return _answers(form, held, chance, right=0.8)


def careless(form: Form, held: dict[str, Any], chance: random.Random) -> Fields:
    return _answers(form, held, chance, right=0.35)


def blind_to_checks(form: Form, held: dict[str, Any], chance: random.Random) -> Fields:
    """Judges well, and reads no attention check."""
    return _answers(form, held, chance, right=0.0 if held["kind"] == "attention" else 0.8)


def _answers(form: Form, held: dict[str, Any], chance: random.Random, right: float) -> Fields:
    """An answer to every question on the form, whatever it asks for."""
    said: Fields = {"away": drawn(chance, ("", "1.5", "4")), "losses": drawn(chance, ("0", "2"))}
    for name, values in form.offered.items():
        if name == "label" or name.startswith("label-"):
            said[name] = _primary(name, values, held, chance, right)
        elif name == "confidence":
            said[name] = drawn(chance, values if name in form.required else ("", *values))
        elif name == "comment":
            said[name] = drawn(chance, ("", "", "", 'It says: "so".', "-2 + 2, 'maybe'\nتجربة"))
        elif len(values) > 1:
            said[name] = drawn(chance, values)
        else:
            said[name] = _free(name, held, chance)
    return said


def _primary(
    name: str, values: list[str], held: dict[str, Any], chance: random.Random, right: float
) -> str:
    is_right = chance.random() < right
    if len(values) == 1:
        return _number(held, chance, 4 if is_right else 25)
    true = _true(name, held)
    if is_right and true in values:
        return true
    return drawn(chance, [value for value in values if value != true])


def _true(name: str, held: dict[str, Any]) -> str:
    """What is right of the item: what is expected, what metrics say, or what its number says."""
    dimension = name.removeprefix("label-")
    if dimension.isdecimal():
        return str((held["position"] // (1 + int(dimension))) % 3 - 1)
    expected = held["expected"].split("|")[0]
    return expected or held["letter"] or held["label"] or str(1 + held["position"] % 5)


def _number(held: dict[str, Any], chance: random.Random, spread: float) -> str:
    """An angle near the metric's, or a number near the item's; now and then in other words."""
    middle = held["angle"] if held["angle"] is not None else held["position"] * 7 % 40
    value = min(max(round(near(chance, middle, spread)), -15), 60)
    return drawn(chance, (str(value), f"{value}.0", f"{value}.5"))


def _free(name: str, held: dict[str, Any], chance: random.Random) -> str:
    """An answer to a further question with one field: a number in some, words in others."""
    if name.endswith("words"):
        return drawn(chance, ("", "because", "warum, 'so'"))
    return drawn(chance, ("", _number(held, chance, 10)))
