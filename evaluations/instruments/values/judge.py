"""What a model is asked when it judges an answer by the ten values, and what it says. Pure.

A rubric of this kind asks about all values in one call or about each in one of its own, and shows
prompt and answer, or one of them alone (an ablation: how much of it comes from the prompt?). The
model answers in JSON: for each value a label, how sure it is, and a quote of the answer. Output
that is not of this form says nothing, and is never zero.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evaluations.formats.definitions import HEADING, Place, heading
from evaluations.instruments.rubrics import Category, RubricDefinition, ShownAnswer
from evaluations.instruments.values.circle import VALUES

JUDGE_FORMAT = "valuecheck-values-judge/1"
ALL, EACH = "all", "each"
BOTH, PROMPT, ANSWER = "both", "prompt", "answer"
LABELS: Mapping[str, int] = {"supports": 1, "opposes": -1, "not involved": 0}
HIDDEN = "(not shown)"


@dataclass(frozen=True)
class Judged:
    """What a model says of one value: its sign, the quote ('' for none), how sure it is from 0 to
    1 (None where it does not say)."""

    sign: int
    quote: str = ""
    confidence: float | None = None


@dataclass(frozen=True)
class ValuesRubric(RubricDefinition):
    """`categories` are the ten values; asks, shows: see above."""

    asks: str = ALL
    shows: str = BOTH

    @property
    def parts(self) -> tuple[tuple[str, ...], ...]:
        """The values of each call."""
        return (VALUES,) if self.asks == ALL else tuple((value,) for value in VALUES)

    @property
    def quotes(self) -> bool:
        """Whether there is an answer to quote from."""
        return self.shows != PROMPT

    def asked(self, answer: ShownAnswer, values: Sequence[str]) -> list[tuple[str, str]]:
        """What a model is asked about *values* of an answer, as (role, text)."""
        known = [(self.categories[value].word, self.categories[value]) for value in values]
        record = self.answer.format(
            number=1,
            question=answer.question if self.shows != ANSWER else HIDDEN,
            text=answer.text if self.shows != PROMPT else HIDDEN,
        )
        question = self.question.format(
            answers=1,
            record=record,
            categories="\n".join(
                self.category.format(word=word, definition=one.definition) for word, one in known
            ),
            words=", ".join(word for word, _ in known),
            form=json.dumps({word: self._form() for word, _ in known}),
        )
        return [("system", self.system), ("user", question)]

    def _form(self) -> dict[str, str]:
        quote = {"quote": "words of the answer, or nothing"} if self.quotes else {}
        return {"label": " | ".join(LABELS), **quote, "confidence": "0 to 1"}

    def schema(self, values: Sequence[str]) -> dict[str, Any]:
        """The JSON schema of a reply about *values*."""
        quote = {"quote": {"type": "string"}} if self.quotes else {}
        said = _object(
            {
                "label": {"type": "string", "enum": list(LABELS)},
                **quote,
                "confidence": {"type": "number", "minimum": 0, "maximum": 1},
            }
        )
        return _object({self.categories[value].word: said for value in values})

    def read(self, text: str, values: Sequence[str]) -> dict[str, Judged] | None:
        """What a reply says of *values*; None unless it says something of exactly these, in the
        form that was asked for."""
        found = _json_of(text)
        words = {self.categories[value].word.casefold(): value for value in values}
        if not isinstance(found, dict) or {str(key).casefold() for key in found} != set(words):
            return None
        said = {words[str(key).casefold()]: self._said(one) for key, one in found.items()}
        judged = {value: one for value, one in said.items() if one is not None}
        return judged if len(judged) == len(values) else None

    def _said(self, one: Any) -> Judged | None:
        if not isinstance(one, dict) or one.get("label") not in LABELS:
            return None
        quote, sure = one.get("quote", ""), one.get("confidence")
        if not isinstance(quote, str):
            return None
        numeric = isinstance(sure, int | float) and not isinstance(sure, bool)
        sign = LABELS[one["label"]]
        kept = quote.strip() if self.quotes and sign else ""
        confidence = float(str(sure)) if numeric else None
        in_range = confidence is not None and 0 <= confidence <= 1
        return Judged(sign, kept, confidence if in_range else None)


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


_FENCED = re.compile(r"```[\w-]*\s*\n?(.*?)```", re.DOTALL)


def _json_of(text: str) -> Any:
    """The JSON that a reply is, or holds in its only fence; None for anything else."""
    fenced = _FENCED.findall(text)
    try:
        return json.loads(fenced[0] if len(fenced) == 1 else text)
    except (ValueError, RecursionError):
        return None


_UNSEEN = "\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff"
_MARKS = "\"'“”‘’«»„"


def place_of(quote: str, answer: str) -> tuple[int, int] | None:
    """Where a *quote* stands in an *answer*, whatever white space, marks of direction or quotation
    marks around it were changed; None where it does not stand there."""
    words = re.sub(f"[{_UNSEEN}]", "", quote).strip().strip(_MARKS).split()
    if not words:
        return None
    apart = f"[{_UNSEEN}]*"
    letters = (apart.join(map(re.escape, word)) for word in words)
    found = re.search(rf"[\s{_UNSEEN}]+".join(letters), answer)
    return found.span() if found else None


def parse_judge(definition: Any, source: str) -> ValuesRubric:
    """Check a rubric of this kind; *source* names it in errors. Raises DefinitionError."""
    entries = Place(definition, source).entries(
        [*HEADING, "kind", "system", "question", "answer", "category", "categories"],
        ["asks", "shows"],
    )
    entries["format"].one_of([JUDGE_FORMAT])
    return ValuesRubric(
        **heading(entries),
        source=entries["source"].text(),
        system=entries["system"].template(),
        question=entries["question"].template(
            needed=["record", "categories", "form"], allowed=["answers", "words"]
        ),
        answer=entries["answer"].template(needed=["question", "text"], allowed=["number"]),
        option="",
        category=entries["category"].template(needed=["word", "definition"]),
        categories=_values(entries["categories"]),
        asks=entries["asks"].one_of([ALL, EACH]) if "asks" in entries else ALL,
        shows=entries["shows"].one_of([BOTH, PROMPT, ANSWER]) if "shows" in entries else BOTH,
    )


def _values(place: Place) -> dict[str, Category]:
    found: dict[str, Category] = {}
    for value, words in place.entries(VALUES).items():
        entries = words.entries(["word", "definition"])
        word = entries["word"].text()
        if word.casefold() in {known.word.casefold() for known in found.values()}:
            raise entries["word"].wrong(f"{word!r} already stands for another value")
        found[value] = Category(word, entries["definition"].text())
    return found
