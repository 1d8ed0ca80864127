"""Bring the catalogues of locale/ up to date with the sources (`make messages`).

Collects every marked string, keeps the translations there are, leaves new ones empty, drops those
no longer used, and compiles. What a rater can see must be translated in every language (a test
says which string is missing); staff pages are English and mark nothing.
"""

import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PROJECT = Path(__file__).resolve().parent.parent
PACKAGES = ("accounts", "evaluations", "annotations", "analysis", "hvae_site")
LANGUAGES = ("es", "zh_Hans", "ar")
HEADER = """\
# Valuecheck for raters. Made by the makers of Valuecheck; not yet reviewed by native raters.
# Words to use, and how to change this file: docs/languages.md."""
KEYWORDS = {
    **dict.fromkeys(("gettext", "gettext_lazy", "gettext_noop", "_")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy", "pgettext_noop"), ((1, "c"), 2)),
    "npgettext": ((1, "c"), 2, 3),
}
STRING = r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*\""""
CALL = re.compile(rf"\b(?:n?p?gettext|_)\((?:[^()'\"]|{STRING})*\)")


def catalogue(locale: str) -> Path:
    return PROJECT / "locale" / locale / "LC_MESSAGES" / "django.po"


def sources() -> Catalog:
    """Every marked string of the sources, with the places where it stands."""
    found = Catalog(project="Valuecheck", charset="utf-8", fuzzy=False)
    for file in _files():
        text = file.read_text(encoding="utf-8")
        code = _calls(templatize(text)) if file.suffix == ".html" else text
        place = str(file.relative_to(PROJECT))
        for _, message, _, context in extract("python", io.BytesIO(code.encode()), KEYWORDS):
            flags = ["python-format"] if "%(" in str(message) else []
            found.add(message, locations=[(place, None)], flags=flags, context=context)
    return found


def _files() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((PROJECT / package).rglob("*.py"))
    yield from sorted((PROJECT / "templates").rglob("*.html"))


def _calls(templatized: str) -> str:
    """The gettext calls of a template, one a line, as Python that can be read."""
    return "\n".join(call[0] for call in CALL.finditer(templatized)) + "\n"


def load(locale: str) -> Catalog:
    if not catalogue(locale).is_file():
        return Catalog(locale=locale, project="Valuecheck", charset="utf-8", fuzzy=False)
    with catalogue(locale).open("rb") as file:
        return read_po(file, locale=locale)


def compiled(catalog: Catalog) -> bytes:
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def update(locale: str) -> int:
    """Write the catalogue of a language anew and compile it; return how many strings are empty."""
    catalog = load(locale)
    catalog.update(sources(), no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    catalog.header_comment = HEADER
    catalog.version = catalog.msgid_bugs_address = ""
    catalog.last_translator = "the makers of Valuecheck"
    catalog.language_team = "docs/languages.md"
    catalogue(locale).parent.mkdir(parents=True, exist_ok=True)
    with catalogue(locale).open("wb") as file:
        write_po(file, catalog, width=100, sort_output=True, omit_header=False)
    catalogue(locale).with_suffix(".mo").write_bytes(compiled(catalog))
    return sum(1 for message in catalog if message.id and not _translated(message.string))


def _translated(string: str | tuple[str, ...]) -> bool:
    return all(string) if isinstance(string, tuple) else bool(string)


if __name__ == "__main__":
    for locale in LANGUAGES:
        print(f"{locale}: {update(locale)} strings to translate")
