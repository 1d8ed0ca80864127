"""What a judging form is built from: ``{% judging_fields task errors %}`` and
``{% options_table answer %}``. Both are the same for thousands of pages, so they are kept by their
content: rendering them anew took a third of an exchange."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from annotations.asking import Asked, asked
from annotations.blinding import Option, ShownAnswer
from annotations.questions import Question

register = template.Library()


@register.simple_tag
def judging_fields(task: Mapping[str, Any], errors: Mapping[str, str] | None = None) -> SafeString:
    """The fields of all questions of a task; filled in, and with what is wrong with them, where a
    form was sent."""
    if task["form"] is None and not errors:
        return _empty_fields(task["questions"], task["reverse"], get_language() or "")
    return _fields(asked(task["questions"], task["reverse"], task["form"], errors or {}))


@lru_cache(maxsize=128)
def _empty_fields(questions: tuple[Question, ...], reverse: bool, _language: str) -> SafeString:
    return _fields(asked(questions, reverse))


def _fields(questions: list[Asked]) -> SafeString:
    several = sum(one.has_keys for one in questions) > 1
    context = {"questions": questions, "several": several}
    return render_to_string("annotations/partials/_questions.html", context)


@register.simple_tag
def options_table(answer: ShownAnswer) -> SafeString:
    """The rows of the options an answer chose from."""
    return _options(answer.options, get_language() or "")


@lru_cache(maxsize=512)
def _options(options: tuple[Option, ...], _language: str) -> SafeString:
    return render_to_string("annotations/partials/_options.html", {"options": options})
