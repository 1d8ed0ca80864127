"""Numbers of a report in templates, in the words of ``analysis.words.wording``."""

from typing import Any

from django import template
from django.utils.html import format_html

from analysis.pages.tables import items_url
from analysis.words import wording

register = template.Library()
register.filter("share", wording.share)


@register.filter
def decimals(value: float, digits: int) -> str:
    return wording.number(value, digits)


@register.filter
def estimate(statistic: dict[str, Any]) -> str:
    """A value with its interval, or why there is none, within a sentence."""
    return wording.estimate(statistic, 3)


@register.filter
def interval(statistic: dict[str, Any], digits: int) -> str:
    return wording.interval(statistic, digits)


@register.filter
def pairs(answers: dict[str, Any]) -> list[tuple[str, Any]]:
    """Keys with their values; ``.items`` would look for a key of that name first."""
    return list(answers.items())


@register.simple_tag(takes_context=True)
def behind(context: template.Context, number: int, **query: Any) -> str:
    """*number* as a link to the rows behind it, on the page's report (analysis.pages.rows)."""
    text = f"{number:,}"
    if not number:
        return text
    named = {name: str(value) for name, value in query.items()}
    address = items_url(context["study"], named, context["query"].removeprefix("?"))
    return format_html('<a href="{}">{}</a>', address, text)
