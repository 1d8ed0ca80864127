"""The page about frames shows files that are ones, and names what the code knows."""

import json
import re
from pathlib import Path

from evaluations.formats.scenes.checks import CHECKS, REFUSED, failed
from evaluations.formats.scenes.parsing import DIRECTIONS, DISTANCES, FAMILIES, NUMERALS
from evaluations.instruments.frames import parse_file, parse_frame
from tests.evaluations.definitions.shipped_scenes import KEYS, scene

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "frames.md").read_text(encoding="utf-8")
BOTH, ONE = (json.loads(text) for text in re.findall(r"```json\n(.*?)```", PAGE, flags=re.DOTALL))


def _entries(after):
    """The names in the first column of the table after some words."""
    table = PAGE.partition(after)[2].partition("| entry |")[2].partition("\n\n")[0]
    return set(re.findall(r"`([\w.]+)`", "".join(re.findall(r"^\| (.*?) \|", table, re.M))))


def test_the_documented_frame_of_one_language_is_one():
    assert parse_frame(ONE, "docs").resource == "minutes of canal water"
    assert _entries("## A scene in one language") == {*ONE}


def test_the_documented_scene_is_one_and_every_entry_is_told():
    assert failed(parse_file(BOTH, "docs").scene) == []
    nested = {f"{name}.{one}" for name in ("recipient", "resource") for one in BOTH[name]}
    told = {*BOTH, *nested, *BOTH["texts"]["en"]} - {"recipient", "resource"}
    assert _entries("## A scene in several languages") - {"recipient", "resource"} == told


def test_every_word_that_a_file_may_say_is_told():
    for known in (DISTANCES, FAMILIES, NUMERALS, DIRECTIONS):
        assert all(f"`{word}`" in PAGE for word in known)


def test_every_check_is_told_with_whether_it_refuses():
    told = dict(re.findall(r"^\| ([\w ]+) \| .* \| (refused|shown) \|$", PAGE, re.M))
    assert told == {name: "refused" if name in REFUSED else "shown" for name in CHECKS}


def test_every_shipped_scene_stands_in_the_table_of_its_resource():
    rows = dict(re.findall(r"^\| (money|time|food|water or power) \| (.*) \|$", PAGE, re.M))
    for one in map(scene, KEYS):
        if one.key == "points-stranger":
            continue
        near = {"kin": 0, "known": 1}.get(one.distance, 2)
        cell = rows[FAMILIES[one.resource.family]].split(" | ")[near]
        times = f" (x {one.resource.factor:g})" if one.resource.factor != 1 else ""
        assert cell == f"`{one.key}`{times}"
