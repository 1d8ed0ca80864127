"""The pieces of the judging page that are the same for thousands of exchanges.

``{% judging_form task errors %}``, ``{% ways_out task errors %}``: the forms beside an item, the
same for every item of a study but for a few values. ``{% question_shown answer count %}``: an
answer's options. They are kept by their content, in every language: rendering them anew was a third
of what an exchange cost. A form that was filled in, or refused, is rendered as usual.
``{% words_shown task number text %}``: a text, where raters mark passages in numbered sentences.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from random import Random
from typing import Any

from django import template
from django.middleware.csrf import get_token
from django.template import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from annotations.forms.asking import Asked, asked
from annotations.judging.blinding import ShownAnswer
from annotations.judging.skipping import SKIP_REASONS
from annotations.kinds import KINDS
from annotations.questions.question import Question
from evaluations.instruments.conversation import Option
from evaluations.text.passages.spans import digest

register = template.Library()

VALUES = ("csrf_token", "assignment", "revision", "shown_at", "guideline", "question_version")
"""What differs from one form to the next; a kept form holds these words, set in marks, instead."""

MARKED = {name: f"\x02{name}\x03" for name in VALUES}


@register.simple_tag(takes_context=True)
def judging_form(
    context: Context, task: Mapping[str, Any], errors: Mapping[str, str] | None = None
) -> SafeString:
    """The hidden fields and the questions of a task; with what was sent and what is wrong with it
    where a form was sent."""
    study = context.get("study")
    language = study.language if study else ""
    if task["form"] is None and not errors:
        kept = _empty_form(task["questions"], task["reverse"], language, get_language() or "")
        return _filled(in_own_order(kept, task["order"]), _values(context, task))
    questions = asked(task["questions"], task["reverse"], task["form"], errors or {})
    drawn = _form(questions, language, _values(context, task))
    return mark_safe(in_own_order(drawn, task["order"]))  # noqa: S308 - pieces of a template


@register.simple_tag(takes_context=True)
def ways_out(
    context: Context,
    task: Mapping[str, Any],
    address: str,
    errors: Mapping[str, str] | None = None,
) -> SafeString:
    """The forms by which an item is skipped or reported."""
    if not errors:
        return _filled(_ways_out(address, get_language() or ""), _values(context, task))
    request = context.get("request")
    sent = request.POST if request else {}
    return _rendered_ways_out(address, errors, _values(context, task), sent)


@register.simple_tag
def question_shown(answer: ShownAnswer, count: int) -> SafeString:
    """The heading of one of *count* answers and the options it chose from."""
    return _question(answer.number, count, answer.template, answer.options, get_language() or "")


ROWS = re.compile(r"<!--rows-->(.*?)<!--/rows-->", re.DOTALL)
"""The rows of a question that have no order of their own, with a mark between any two."""


def in_own_order(drawn: str, order: int) -> str:
    """The rows between the marks of a question in the order that is drawn from *order*; 0: as they
    stand. The rest of the form is kept, and the same for all raters."""

    def shuffled(found: re.Match[str]) -> str:
        rows = found[1].split("<!--row-->")
        if order:
            Random(order).shuffle(rows)
        return "".join(rows)

    return ROWS.sub(shuffled, drawn)


@register.simple_tag
def words_shown(task: Mapping[str, Any] | None, number: int, text: str) -> SafeString:
    """A text as a rater reads it: where they mark passages, in numbered sentences. *number*: of the
    answer, 0 for a text that is none."""
    found = task["sentences"].get(number) if task else None
    if not found:
        return conditional_escape(text)
    piece = (
        '<span class="sentence" data-sentence="{}" data-start="{}">'
        '<span class="sentence__number">{}</span><span data-words>{}</span></span>'
    )
    rows = ((one.number, one.start, one.number, one.text) for one in found)
    words = format_html_join("", piece, rows)
    return format_html('<div data-text="{}">{}</div>', digest(text), words)


@register.simple_tag
def question_styles() -> SafeString:
    """The style sheets that questions of instruments bring to those pages."""
    found = [static(style) for kind in KINDS.values() for style in kind.styles]
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', ((one,) for one in found))


@register.simple_tag
def question_scripts() -> SafeString:
    """The scripts that questions of instruments bring to the pages on which they are answered."""
    found = [static(script) for kind in KINDS.values() for script in kind.scripts]
    return format_html_join(
        "\n", '<script type="module" src="{}"></script>', ((one,) for one in found)
    )


def _values(context: Context, task: Mapping[str, Any]) -> dict[str, str]:
    request = context.get("request")
    guideline = context.get("guideline_id")
    return {
        "csrf_token": get_token(request) if request else "",
        "assignment": str(task["assignment_id"]),
        "revision": str(task["revision"]),
        "shown_at": f"{task['shown_at']:.3f}",
        "guideline": "" if guideline is None else str(guideline),
        "question_version": str(task["question_version"]),
    }


def _filled(kept: str, values: Mapping[str, str]) -> SafeString:
    for name, value in values.items():
        kept = kept.replace(MARKED[name], escape(value))
    return mark_safe(kept)  # noqa: S308 - from a template; the values are escaped


@lru_cache(maxsize=128)
def _empty_form(
    questions: tuple[Question, ...], reverse: bool, language: str, _page_language: str
) -> str:
    return _form(asked(questions, reverse), language, MARKED)


def _form(questions: list[Asked], language: str, values: Mapping[str, str]) -> SafeString:
    """*language*: the study's, in which its own words are."""
    context = {"questions": questions, "language": language, "values": values}
    return render_to_string("annotations/judging/partials/_questions.html", context)


@lru_cache(maxsize=128)
def _ways_out(address: str, _language: str) -> str:
    return _rendered_ways_out(address, {}, MARKED)


def _rendered_ways_out(
    address: str,
    errors: Mapping[str, str],
    values: Mapping[str, str],
    sent: Mapping[str, Any] = {},
) -> SafeString:
    """*sent*: what a form that was refused held."""
    context = {
        "address": address,
        "errors": errors,
        "values": values,
        "sent": sent,
        "skip_reasons": SKIP_REASONS.items(),
    }
    return render_to_string("annotations/judging/partials/_ways_out.html", context)


@lru_cache(maxsize=1024)
def _question(
    number: int, count: int, template: str, options: tuple[Option, ...], _language: str
) -> SafeString:
    context = {"number": number, "count": count, "template": template, "options": options}
    return render_to_string("annotations/judging/partials/_answer_head.html", context)
