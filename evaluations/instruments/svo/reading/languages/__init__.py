"""The languages answers are read in: each is a file of cue words beside this module.

A language is added by a file, and nothing else; docs/languages.md says how one is made.

A file holds `[words]`, groups of words that its other entries name as ``{group}``; `[[choice]]`,
phrases that state a choice, in the order in which they name what they found; and the sections
`[around]`, `[refusal]`, `[places]` and `[payoffs]`, whose entries are patterns. What a file leaves
out is never found.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from ..plain_text import BOXED

_GROUP = re.compile(r"\{([a-z_]+)\}")
_NEVER = r"(?!)"
FIRST = "en"
"""The language every answer is read in, whatever else it holds."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that state a choice: a pattern in which ``{option}`` stands for the chosen label.

    `final` marks words that override earlier ones; `weak` those that count only when no other
    option is named; `bare` that nothing before the label makes a lone 'a' or 'i' one; `alone` that
    the label stands alone, so that the words after it may turn it down; `heads` that it may head a
    line of payoffs; `impersonal` that the words leave open whose choice it is; `gap` that what
    stands between the verb and the label may deny it; `may_end_in_pronoun` that a bare 'I' at its
    end may be one.
    """

    rule: str
    says: str
    final: bool = False
    weak: bool = False
    bare: bool = False
    alone: bool = False
    heads: bool = False
    impersonal: bool = False
    gap: bool = False
    may_end_in_pronoun: bool = False


class Language:
    """The cue words of one language."""

    def __init__(self, code: str, definition: Mapping[str, Any]) -> None:
        self.code = code
        self._words = {"boxed": BOXED, **definition["words"]}
        self._sections = {
            name: entries for name, entries in definition.items() if isinstance(entries, dict)
        }
        self.signs = re.compile(definition["signs"], re.IGNORECASE)
        self.phrases = tuple(
            Phrase(**{**entry, "says": self._filled(entry["says"], {})})
            for entry in definition["choice"]
        )
        self._patterns: dict[str, re.Pattern[str]] = {}

    def words(self, group: str) -> list[str]:
        """The alternatives of a group of `[words]`; none where the language has no such group."""
        return list(self._words.get(group, ()))

    def source(self, section: str, entry: str) -> str:
        """An entry of a section as one pattern to build others from."""
        entries = self._sections.get(section, {})
        return _joined(self._filled(part, entries) for part in _listed(entries.get(entry, _NEVER)))

    def each(self, section: str, entry: str) -> list[str]:
        """The parts of an entry one by one, for example the nine ordinals."""
        entries = self._sections.get(section, {})
        return [self._filled(part, entries) for part in _listed(entries.get(entry, []))]

    def cue(self, entry: str, section: str = "around") -> re.Pattern[str]:
        """An entry as a compiled pattern, which finds nothing where the file leaves it out."""
        key = f"{section}.{entry}"
        if key not in self._patterns:
            self._patterns[key] = re.compile(self.source(section, entry), re.IGNORECASE)
        return self._patterns[key]

    def _filled(self, pattern: str, section: Mapping[str, Any]) -> str:
        def group(match: re.Match[str]) -> str:
            words = section.get(match[1], self._words.get(match[1]))
            if words is None:
                return match[0]
            return _joined(self._filled(word, section) for word in _listed(words))

        return _GROUP.sub(group, pattern)


def _listed(words: str | list[str]) -> list[str]:
    return [words] if isinstance(words, str) else words


def _joined(parts: Any) -> str:
    return f"(?:{'|'.join(parts)})"


@cache
def languages() -> tuple[Language, ...]:
    """All languages, `FIRST` before the others."""
    files = sorted(Path(__file__).parent.glob("*.toml"), key=lambda file: file.stem != FIRST)
    return tuple(
        Language(file.stem, tomllib.loads(file.read_text(encoding="utf-8"))) for file in files
    )


def language_codes() -> tuple[str, ...]:
    """The codes of all languages, in the order of the alphabet."""
    return tuple(sorted(language.code for language in languages()))


@lru_cache(maxsize=256)
def languages_of(text: str, code: str | None = None) -> tuple[Language, ...]:
    """The languages in which to read a text, the one it shows most signs of first.

    `FIRST` is always among them: models answer in it whatever they are asked in. *code* is that of
    the language it is known to be in. Raises ValueError where there is no such language.
    """
    if code is not None:
        known = [language for language in languages() if language.code == code]
        if not known:
            raise ValueError(f"no language {code!r}, there are {', '.join(language_codes())}")
        return tuple(dict.fromkeys((*known, languages()[0])))
    signs = {language: len(language.signs.findall(text)) for language in languages()}
    shown = [language for language in signs if signs[language] or language.code == FIRST]
    return tuple(sorted(shown, key=lambda language: -signs[language]))


def union(group: str) -> str:
    """One pattern for a group of words in any language."""
    return "|".join(dict.fromkeys(word for each in languages() for word in each.words(group)))


@cache
def union_of(entry: str, section: str = "around") -> re.Pattern[str]:
    """An entry of a section in any language as one pattern."""
    sources = "|".join(language.source(section, entry) for language in languages())
    return re.compile(f"(?:{sources})", re.IGNORECASE)
