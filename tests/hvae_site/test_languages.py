"""Whatever is marked for translation is translated, in every language, before anything lands."""

import re

import pytest
from babel.messages.catalog import Catalog
from django.utils import translation

from scripts import messages

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


@pytest.fixture(scope="module")
def sources() -> Catalog:
    return messages.sources()


def strings(message) -> list[str]:
    found = message.string
    return list(found) if isinstance(found, tuple) else [found]


@pytest.mark.parametrize("locale", messages.LANGUAGES)
def test_every_marked_string_is_translated(sources, locale):
    catalog = messages.load(locale)
    missing = []
    for wanted in sources:
        found = catalog.get(wanted.id, wanted.context) if wanted.id else wanted
        if wanted.id and (found is None or not all(strings(found))):
            missing.append(f"{wanted.id} ({wanted.locations[0][0]})")
    assert missing == []


@pytest.mark.parametrize("locale", messages.LANGUAGES)
def test_no_translation_is_left_over(sources, locale):
    kept = {(message.id, message.context) for message in messages.load(locale)}
    assert kept == {(message.id, message.context) for message in sources}


@pytest.mark.parametrize("locale", messages.LANGUAGES)
def test_translations_fill_in_the_same_things(locale):
    wrong = []
    for message in messages.load(locale):
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        allowed = {name for one in ids for name in PLACEHOLDER.findall(one)}
        # A plural form may say 'one' in words; it may not name what is not there.
        for string in strings(message) if message.id else []:
            named = set(PLACEHOLDER.findall(string))
            if named - allowed or (len(ids) == 1 and named != allowed):
                wrong.append(string)
    assert wrong == []


@pytest.mark.parametrize("locale", messages.LANGUAGES)
def test_what_is_compiled_is_what_is_written(locale):
    compiled = messages.catalogue(locale).with_suffix(".mo").read_bytes()
    assert compiled == messages.compiled(messages.load(locale))


ONE, MANY = "You judged 1 text.", "You judged %(n)s texts."


@pytest.mark.parametrize(("language", "forms"), [("en", 2), ("es", 2), ("zh-hans", 1), ("ar", 6)])
def test_numbers_take_the_plural_forms_of_the_language(language, forms):
    with translation.override(language):
        said = {translation.ngettext(ONE, MANY, n) for n in (0, 1, 2, 3, 11, 100)}
    assert len(said) == forms


@pytest.mark.parametrize(("number", "word"), [(7, "نصوص"), (11, "نصًا"), (100, "نص"), (103, "نصوص")])
def test_arabic_counts_as_arabic_does(number, word):
    with translation.override("ar"):
        said = translation.ngettext(ONE, MANY, number) % {"n": number}
    assert f"{number} {word}." in said
