"""What a reader meets on a page, word by word, and which of it is not in their language.

While `marked` is in force every translated string comes out between two marks, so whatever stands
on a page outside them was written into it directly: unless it is somebody's own words, which a
page sets apart as <bdi>, <kbd>, code, or by a language or direction of their own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser

import pytest
from django.utils import translation

from annotations.templatetags import judging
from scripts import messages

BEGIN, END = "\ue000", "\ue001"
ATTRIBUTES = {"aria-label", "title", "placeholder", "alt", "aria-valuetext"} | {
    f"data-{name}" for name in ("offline", "failed", "unset", "degrees")
}
VOID = {"input", "link", "meta", "br", "img", "hr", "col", "source"}
OWN_WORDS = {"bdi", "kbd", "script", "style", "code"}


@contextmanager
def marked(monkeypatch: pytest.MonkeyPatch, language: str) -> Iterator[set[str]]:
    """Set marks around all that is translated; yields the strings of libraries that are not."""
    ours = {one for message in messages.sources() for one in _ids(message.id)}
    untranslated: set[str] = set()
    real = translation._trans

    def mark(said: str, *ids: str) -> str:
        is_english = said.isascii() and any(sign.isalpha() for sign in said)
        if language != "en" and is_english and said in ids and not ours & set(ids):
            untranslated.add(said)
        return f"{BEGIN}{said}{END}"

    plain = {name: getattr(real, name) for name in ("gettext", "pgettext", "ngettext", "npgettext")}
    monkeypatch.setattr(real, "gettext", lambda m: mark(plain["gettext"](m), m) if m else "")
    monkeypatch.setattr(real, "pgettext", lambda c, m: mark(plain["pgettext"](c, m), m))
    monkeypatch.setattr(real, "ngettext", lambda a, b, n: mark(plain["ngettext"](a, b, n), a, b))
    monkeypatch.setattr(
        real, "npgettext", lambda c, a, b, n: mark(plain["npgettext"](c, a, b, n), a, b)
    )
    _forget()
    yield untranslated
    monkeypatch.undo()
    _forget()


def _ids(found: str | tuple[str, ...]) -> tuple[str, ...]:
    return found if isinstance(found, tuple) else (found,)


def _forget() -> None:
    """Pieces of pages that were kept with, or without, marks."""
    for piece in (judging._empty_form, judging._ways_out, judging._question):
        piece.cache_clear()


class Reader(HTMLParser):
    """Collects the words of a page that are neither translated nor somebody's own."""

    def __init__(self, known: set[str]) -> None:
        super().__init__()
        self.known = known
        self.open: list[tuple[str, bool]] = []
        self.found: list[str] = []
        self.inside = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        for name in ATTRIBUTES & set(given):
            self._read(given[name] or "", 0)
        own = tag in OWN_WORDS or (tag != "html" and bool({"lang", "dir"} & set(given)))
        own = own or "mono" in (given.get("class") or "").split()
        if tag not in VOID:
            self.open.append((tag, own))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if any(own for _, own in self.open):
            return
        self.inside = self._read(data, self.inside)

    def _read(self, text: str, inside: int) -> int:
        outside = ""
        for sign in text:
            inside += (sign == BEGIN) - (sign == END)
            outside += sign if not inside and sign not in (BEGIN, END) else " "
        for name in sorted(self.known, key=len, reverse=True):
            outside = outside.replace(name, " ")
        if any(len(word) > 1 and word.isalpha() for word in outside.split()):
            self.found.append(" ".join(outside.split()))
        return inside


def unmarked(html: str, known: set[str]) -> list[str]:
    """Words of a page that no translation gave and that are not among the *known* names."""
    reader = Reader(known)
    reader.feed(html)
    return reader.found
