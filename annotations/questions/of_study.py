"""The questions of a study: a primary one (its kind, scale and categories: what consensus, disputes
and the report are about), any number of further ones, and the two that every study asks.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from annotations.kinds import CONFIDENCE, REASON, asked_by, ends_declared, question_kind
from annotations.models import Study
from annotations.questions.question import (
    CONFIDENCE_QUESTION,
    MAX_FURTHER,
    REASON_QUESTION,
    RESERVED_KEYS,
    Question,
)
from annotations.scales.numbers import Ends


def further_question(data: Mapping[str, Any]) -> Question:
    """Read one entry of ``Study.further_questions``; ValueError says what is wrong with it.

    ``key``, ``kind`` and ``prompt`` are needed. A kind 'declared' takes the ``scale`` for its
    kind. Categories that a kind brings need not be given. Kinds 'confidence' and
    'reason' stand for the questions of that name which every study asks: such an entry rewords
    them, or makes them required.
    """
    kind = asked_by(str(data.get("kind", "")), str(data.get("scale", "")))
    key = {CONFIDENCE: "confidence", REASON: "comment"}.get(kind) or str(data.get("key", ""))
    if kind not in (CONFIDENCE, REASON) and key in RESERVED_KEYS:
        raise ValueError(f"the key {key!r} is the platform's own: choose another")
    return Question(
        key=key,
        kind=kind,
        prompt=str(data.get("prompt", "")).strip(),
        categories=tuple(data.get("categories") or question_kind(kind).choices),
        required=bool(data.get("required", False)),
        ways_out=tuple(data.get("ways_out") or ()),
    )


def primary_question(study: Study) -> Question:
    """The question that consensus, disputes and the report are about."""
    return questions_of(study)[0]


def questions_of(study: Study) -> tuple[Question, ...]:
    """The primary question, the further ones, then confidence and comment, which all studies ask.

    Raises ValueError where the study's questions do not fit together.
    """
    further = tuple(_hashable(entry) for entry in study.further_questions)
    kind = asked_by(str(study.kind), str(study.scale))
    answers = (tuple(study.categories), tuple(study.ways_out))
    return _questions(kind, study.question, *answers, further, ends_declared(study))


def _hashable(entry: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple((k, tuple(v) if isinstance(v, list) else v) for k, v in entry.items())


@lru_cache(maxsize=256)
def _questions(
    kind: str,
    prompt: str,
    categories: tuple[str, ...],
    ways_out: tuple[str, ...],
    further: tuple[Any, ...],
    ends: Ends | None,
) -> tuple[Question, ...]:
    """`questions_of`, kept by content: every exchange asks for it."""
    # A study from before its kinds were told apart may name categories beside an interval scale.
    if question_kind(kind).is_numeric:
        categories, ways_out = (), ()
    questions = [Question("label", kind, prompt or "?", categories, ways_out=ways_out, ends=ends)]
    asked = [further_question(dict(entry)) for entry in further]
    if len(asked) > MAX_FURTHER:
        raise ValueError(f"{len(asked)} further questions: {MAX_FURTHER} at most")
    own = {question.key: question for question in asked if question.key in RESERVED_KEYS}
    questions += [question for question in asked if question.key not in RESERVED_KEYS]
    questions.append(
        own.get("confidence")
        or Question("confidence", CONFIDENCE, CONFIDENCE_QUESTION, required=False)
    )
    questions.append(
        own.get("comment") or Question("comment", REASON, REASON_QUESTION, required=False)
    )
    if len({question.key for question in questions}) < len(questions):
        raise ValueError("two questions have the same key")
    return tuple(questions)
