"""Scenes in several languages: what a file must say, and what is found wrong in it."""

import time

import pytest

from evaluations.formats.definitions import DefinitionError
from evaluations.formats.scenes.checks import LEAST, MOST, REFUSED, failed
from evaluations.formats.scenes.parsing import parse_scene
from evaluations.instruments.frames import parse_file
from tests.evaluations.definitions.shipped_scenes import (
    KEYS,
    LANGUAGES,
    definition,
    instrument,
    scene,
)

CANAL = "canal-neighbour"


def changed(path, value, key=CANAL):
    """A shipped scene with another value at a path."""
    told = definition(key)
    *way, last = path.split(".")
    place = told
    for name in way:
        place = place[name]
    place[last] = value
    return told


def option(language="en", key=CANAL):
    return definition(key)["texts"][language]["option"]


def test_there_are_twelve_scenes_and_the_anchor_crossed_as_designed():
    found = {(one.resource.family, one.distance) for one in map(scene, KEYS)}
    far = {("money", "stranger"), ("time", "outgroup"), ("food", "outgroup")}
    near = {(what, who) for what, _ in far | {("utilities", "")} for who in ("kin", "known")}
    assert len(KEYS) == 13
    assert found == near | far | {("utilities", "outgroup"), ("points", "stranger")}
    factors = {one.key: one.resource.factor for one in map(scene, KEYS)}
    assert {key: factor for key, factor in factors.items() if factor != 1} == {
        "remittance-cousin": 10,
        "savings-circle": 100,
    }


@pytest.mark.parametrize("key", KEYS)
def test_a_shipped_scene_is_drafted_in_four_languages_and_passes_every_check(key):
    one = scene(key)
    assert (tuple(one.texts), one.state) == (LANGUAGES, "drafted")
    assert "no reader of their cultures has reviewed it" in one.source
    assert failed(one) == []


def test_the_amounts_that_checks_go_by_are_those_of_the_shipped_items():
    pairs = [pair for item in instrument().measure.items for pair in item.options]
    amounts = [amount for pair in pairs for amount in pair]
    assert (min(amounts), max(amounts)) == (LEAST, MOST)


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        ("resource.factor", 0, "resource.factor: must be above 0, not 0: .* losses"),
        ("resource.factor", -1, "resource.factor: must be above 0, not -1"),
        ("resource.factor", 0.1, "0.1 x 1 minutes has more than 0 decimals"),
        ("resource.decimals", 3, "resource.decimals: must be 0, 1 or 2, not 3"),
        ("resource.plausible_max", 5, "plausible_max: must be above plausible_min"),
        ("resource.plausible_min", -5, "and that no loss: they are -5 and 240"),
        ("resource.family", "chores", "resource.family: is 'chores', must be points or money"),
        ("recipient.distance", "friend", "recipient.distance: is 'friend', must be kin or known"),
        ("language", "fr", "texts: lacks 'fr', the language that it was written in"),
        (
            "texts.es.option",
            "{letter}: tú {self}",
            "es.option: lacks the placeholder {other}",
        ),
        ("texts.es.goal", "¿Qué {aim}?", "texts.es.goal: has the unknown placeholder {aim}"),
        ("texts.ar.numerals", "roman", "texts.ar.numerals: is 'roman', must be latn or arab"),
        ("texts", {}, "texts: must be an object with a text for each language"),
        ("state", "reviewd", "state: is 'reviewd', must be drafted or reviewed"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_with_the_place(path, value, problem):
    with pytest.raises(DefinitionError, match=problem):
        parse_file(changed(path, value), "canal.json")


SWAPPED = "{letter}: tú recibes {other} minutos de agua, el vecino recibe {self} minutos de agua"

WRONG = [
    ("placeholders", "texts.es.option", SWAPPED, "in this order, not letter, other, self"),
    ("placeholders", "texts.en.option", option() + " {self}", "once each"),
    (
        "self and other",
        "texts.en.option",
        "{letter}: the neighbour gets {self} minutes, you get {other} minutes",
        "the clause of {self} does not speak to the reader",
    ),
    (
        "self and other",
        "texts.zh.option",
        "{letter}：邻居得到{self}分钟，你得到{other}分钟",
        "the clause of {other} speaks to the reader",
    ),
    ("numbers", "texts.es.intro", "Hay 3 parcelas.", "has the numbers 3, en has none"),
    ("numbers", "texts.ar.intro", "هناك ٣ حقول.", "has the numbers 3, en has none"),
    ("numerals", "texts.ar.item", "لك 3 و٤ دقائق", "has the digit '3', and its numerals are ٠١٢"),
    ("numerals", "texts.en.item", "You have ٣ plots.", "has the digit '٣'"),
    ("grouped digits", "texts.es.item", "Tú tienes 1.500 litros.", "'1.500' is read in two ways"),
    ("grouped digits", "texts.en.item", "You have 1,500 litres.", "'1,500' is read in two ways"),
    ("signs of direction", "texts.ar.intro", "قناة\u202e ماء", "RIGHT-TO-LEFT OVERRIDE"),
    ("signs of direction", "texts.en.intro", "A canal\u200f.", "RIGHT-TO-LEFT MARK"),
    ("translated", "texts.es.option", option(), "says the same as en: is it translated?"),
    ("translated", "texts.zh.option", "{letter}: you {self}, they {other}", "has no Cjk letter"),
    (
        "scripts",
        "texts.en.intro",
        "А canal.",
        "'А' is a Cyrillic letter",
    ),
    ("direction", "texts.ar.direction", "ltr", "the direction is ltr, and ar is written rtl"),
    ("lone letters", "texts.es.intro", "La parcela B es tuya.", "'B' stands alone"),
    ("sentences", "texts.en.intro", "A canal " * 11 + ".", "a sentence has 2"),
    ("sentences", "texts.zh.intro", "水" * 41 + "。", "a sentence has 41 characters"),
    ("second person", "texts.en.item", "Each option divides the water.", "second person"),
    ("plausible amounts", "resource.plausible_max", 90, "amounts go from 15 to 100 minutes"),
]


@pytest.mark.parametrize(("check", "path", "value", "problem"), WRONG)
def test_a_check_finds_what_it_is_for(check, path, value, problem):
    found = [each for each in failed(parse_scene(changed(path, value), "x")) if each.check == check]
    where = path.removesuffix(".direction") if path.startswith("texts") else "texts.en"
    assert any(str(one).startswith(f"{where}: ") and problem in str(one) for one in found)


@pytest.mark.parametrize(("path", "bad"), [("factor", 0.1), ("factor", 0.05)])
def test_amounts_with_another_form_of_the_noun_are_named(path, bad):
    told = changed("resource.factor", bad)
    told["resource"] |= {"decimals": 2, "plausible_min": 0.1}
    found = [str(each) for each in failed(parse_scene(told, "x")) if each.check == "plural"]
    assert [words.partition(".option")[0] for words in found][-1] == "texts.ar"
    assert (bad == 0.05) == any(words.startswith("texts.en") for words in found)


def test_every_check_that_refuses_is_tried_and_refuses():
    assert {check for check, *_ in WRONG} >= REFUSED
    for check, path, value, _ in WRONG:
        told = changed(path, value)
        if check in REFUSED:
            with pytest.raises(DefinitionError, match=r"^canal\.json: texts\."):
                parse_file(told, "canal.json")
        else:
            assert parse_file(told, "canal.json").scene


def test_all_that_is_wrong_is_said_at_once():
    told = changed("texts.es.option", option())
    told["texts"]["ar"]["direction"] = "ltr"
    with pytest.raises(DefinitionError) as refused:
        parse_file(told, "canal.json")
    lines = str(refused.value).splitlines()
    places = [line.split(": ")[1] for line in lines]
    assert {"texts.en.option", "texts.es.option", "texts.ar"} == set(places)
    assert all(line.startswith("canal.json: ") for line in lines)


def test_twelve_scenes_in_eight_languages_are_checked_within_two_seconds_of_cpu():
    told = [definition(key) for key in KEYS[:12]]
    for one in told:
        one["texts"] |= {f"{tag}-XX": text for tag, text in one["texts"].items()}
    began = time.process_time()
    found = [failed(parse_scene(one, "x")) for one in told]
    assert time.process_time() - began < 2
    assert found == [[]] * 12 and all(len(one["texts"]) == 8 for one in told)
