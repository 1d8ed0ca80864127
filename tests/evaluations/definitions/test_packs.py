import copy
import json
import re

import pytest

from evaluations.definitions.catalogue import (
    SHIPPED,
    instrument,
    instrument_of,
    pack_of,
    prompt_pack,
    store,
    store_file,
)
from evaluations.formats.definitions import (
    DefinitionError,
    canonical_hash,
)
from evaluations.instruments.kinds import parse_instrument, parse_pack
from evaluations.instruments.svo import SLIDER
from evaluations.instruments.svo.definitions import PLACEHOLDERS
from evaluations.instruments.svo.measure.shown_options import shown
from evaluations.instruments.svo.reading import read_prose
from evaluations.models import Instrument, PromptPack
from tests.conftest import PROJECT
from tests.evaluations.shipped_copies import shipped

INSTRUMENT, _ = shipped(SHIPPED / "instruments" / "svo-slider.json")
PACK, _ = shipped(SHIPPED / "prompt_packs" / "plain-en.json")


def changed(definition, *path, value):
    """A copy with the entry at *path* replaced (or removed, for value None)."""
    copied = copy.deepcopy(definition)
    inner = copied
    for step in path[:-1]:
        inner = inner[step]
    if value is None:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return copied


def test_the_shipped_instrument_is_the_published_measure():
    measure = parse_instrument(INSTRUMENT, "file").measure
    assert (measure.primary, measure.secondary) == (SLIDER.primary, SLIDER.secondary)
    assert measure.labels == SLIDER.labels


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        (("items", 3, "options", 2), [1], r"items\[3\].options\[2\]: must be a pair"),
        (("items", 3, "options", 2, 0), "x", r"items\[3\].options\[2\]\[0\]: must be a number"),
        (("items", 0, "options"), [[1, 2]], r"items\[0\].options: has 1 options for 9 letters"),
        (("items", 0, "options", 1), [85, 85], r"items\[0\].options: has the same allocation"),
        (("items", 1, "kind"), "main", r"items\[1\].kind: is 'main', must be primary or sec"),
        (("items", 1, "number"), 1, "item 1 appears twice"),
        (("items", 1, "number"), 1.5, r"items\[1\].number: must be a whole number"),
        (("letters",), None, "the whole file: lacks letters"),
        (("letters",), "", "letters: must be a text that is not blank"),
        (("colour",), "red", "unknown entry 'colour'"),
        (("format",), "other/1", "format: is 'other/1', must be valuecheck-instrument/1"),
        (("unit",), 0, "unit is 0"),
        (("centre",), "x", "^mine.json: centre: must be a number"),
    ],
)
def test_a_broken_instrument_is_refused_at_the_exact_place(path, value, problem):
    with pytest.raises(DefinitionError, match=problem) as error:
        parse_instrument(changed(INSTRUMENT, *path, value=value), "mine.json")
    assert str(error.value).startswith("mine.json: ")


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        (("item", "option"), "{letter}: {self}", r"item.option: lacks the placeholder \{other\}"),
        (("task", "name"), "Be {virtue}.", r"task.name: has the unknown placeholder \{virtue\}"),
        (("goal", "ask"), "{items.real}", r"goal.ask: has the unknown placeholder \{items.real\}"),
        (("goal", "ask"), "{items!r}", r"goal.ask: write the placeholder \{items\} without ! or :"),
        (("goal", "ask"), "{", "goal.ask: has broken braces"),
        (("values", "prosocial"), None, "values: lacks prosocial"),
        (("values", "prosocial", "name"), "  ", "values.prosocial.name: must be a text"),
        (("item", "answer", "free"), 3, "item.answer.free: must be a text"),
        (("system",), [], "system: must be an object"),
    ],
)
def test_a_broken_pack_is_refused_at_the_exact_place(path, value, problem):
    with pytest.raises(DefinitionError, match=problem):
        parse_pack(changed(PACK, *path, value=value), "mine.json")


def test_the_hash_depends_on_content_and_not_on_layout():
    assert canonical_hash({"a": 1, "b": [1, 2]}) == canonical_hash({"b": [1, 2], "a": 1})
    assert canonical_hash({"a": 1}) != canonical_hash({"a": 2})


@pytest.mark.django_db
def test_shipped_definitions_are_stored_once_on_demand():
    assert instrument() == instrument("svo-slider") == instrument("svo-slider@1")
    assert prompt_pack() == prompt_pack("plain-en@1")
    assert Instrument.objects.get().sha256 == canonical_hash(INSTRUMENT)
    assert PromptPack.objects.get().definition == PACK


@pytest.mark.django_db
def test_a_stored_definition_says_what_its_file_says():
    assert instrument_of(instrument()) == parse_instrument(INSTRUMENT, "file")
    assert pack_of(prompt_pack()) == parse_pack(PACK, "file")


@pytest.mark.django_db
def test_an_edit_without_a_new_version_is_refused():
    prompt_pack()
    edited = changed(PACK, "goal", "ask", value="What do you want?")
    with pytest.raises(DefinitionError, match="raise the version"):
        store(PromptPack, edited, "plain-en.json")


@pytest.mark.django_db
def test_an_edit_with_a_new_version_stands_beside_the_old_one():
    old = prompt_pack()
    new = store(PromptPack, {**PACK, "version": "2"}, "plain-en.json")
    assert (old.version, new.version) == ("1", "2")
    assert prompt_pack("plain-en@2") == new


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"key": "two words"}, "key: must be letters, digits, - and _ alone"),
        ({"key": "k" * 61}, "key: must be one line of at most 60 characters"),
        ({"version": "v" * 21}, "version: must be one line of at most 20 characters"),
        ({"version": "1\n2"}, "version: must be one line"),
        ({"language": "l" * 21}, "language: must be one line of at most 20 characters"),
    ],
)
def test_a_name_that_no_column_holds_is_refused_at_its_place(change, problem):
    with pytest.raises(DefinitionError, match=f"file: {problem}"):
        store(PromptPack, PACK | {"version": "2"} | change, "file")


@pytest.mark.django_db
def test_an_unknown_key_says_what_is_shipped():
    with pytest.raises(DefinitionError, match=r"no prompt pack 'plain-fr'; shipped are .*plain-en"):
        prompt_pack("plain-fr")


@pytest.mark.django_db
def test_a_file_that_is_no_json_is_refused_with_line_and_column(tmp_path):
    path = tmp_path / "mine.json"
    path.write_text('{"format": 1,\n oops}')
    with pytest.raises(DefinitionError, match=r"mine\.json: line 2, column 2: is not JSON"):
        store_file(PromptPack, path)


@pytest.mark.django_db
def test_a_pack_of_ones_own_is_stored_from_its_file(tmp_path):
    path = tmp_path / "mine.json"
    path.write_text(json.dumps({**PACK, "key": "mine", "language": "en-GB"}))
    assert store_file(PromptPack, path).language == "en-GB"


# --- what a pack can say beside its words ---------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        (("state",), "finished", "state: is 'finished', must be drafted or reviewed"),
        (("item", "separator"), "", "item.separator: must be a text such as a line end"),
        (("item", "numbers"), [], r"item.numbers: must be a list \[...\] with at least one"),
        (("item", "numbers"), ["first", "first"], "item.numbers: has 'first' twice"),
        (("goal", "paragraphs"), "two", "goal.paragraphs: is 'two', must be first or all"),
        (("task", "name"), {"altruistic": "Be kind."}, "task.name: lacks prosocial"),
        (
            ("task", "name"),
            dict.fromkeys(PACK["values"], "Be {virtue}."),
            r"task.name.altruistic: has the unknown placeholder \{virtue\}",
        ),
    ],
)
def test_what_a_pack_says_beside_its_words_is_checked_at_its_place(path, value, problem):
    with pytest.raises(DefinitionError, match=problem):
        parse_pack(changed(PACK, *path, value=value), "mine.json")


SHIPPED_PACKS = sorted((SHIPPED / "prompt_packs").glob("plain-*.json"))


@pytest.mark.parametrize("path", SHIPPED_PACKS, ids=lambda path: path.stem)
def test_a_shipped_pack_in_another_language_says_that_it_is_drafted(path):
    pack = parse_pack(*shipped(path))
    assert pack.key == f"plain-{pack.language}"
    assert (pack.state == "drafted") is (pack.language != "en")
    assert pack.resource


@pytest.mark.parametrize("path", SHIPPED_PACKS, ids=lambda path: path.stem)
def test_an_answer_that_repeats_an_option_of_a_shipped_pack_is_read_as_that_option(path):
    pack = parse_pack(*shipped(path))
    for item in SLIDER.items:
        options = shown(item.number)
        for label, (own, other) in zip(SLIDER.labels, item.options, strict=True):
            said = pack.item_option.format(letter=label, self=f"{own:g}", other=f"{other:g}")
            read = read_prose(said, options, language=pack.language)
            assert read.label == label, said


def test_the_reference_names_every_placeholder_as_it_is_checked():
    page = (PROJECT / "docs" / "reference" / "prompt-packs.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w.]+)` \| ?((?:`\{\w+\}` ?)*)\| ?((?:`\{\w+\}` ?)*)\|$", page, re.M)
    told = {
        name: tuple(tuple(re.findall(r"\w+", cell)) for cell in (needed, allowed))
        for name, needed, allowed in rows
    }
    assert told == {
        name: (tuple(needed), tuple(allowed)) for name, (needed, allowed) in PLACEHOLDERS.items()
    }
