"""Numbers of a report in templates, in the words of ``analysis.wording``."""

from typing import Any

from django import template

from analysis import wording

register = template.Library()
register.filter("share", wording.share)
register.filter("degrees", wording.degrees)


@register.filter
def decimals(value: float, digits: int = 3) -> str:
    return wording.number(value, digits)


@register.inclusion_tag("analysis/partials/_estimate.html")
def estimate(statistic: dict[str, Any], digits: int = 3, short: bool = False) -> dict[str, Any]:
    """A value with its interval, or why there is none; *short* leaves the reason to the page."""
    return {"statistic": statistic, "digits": digits, "short": short}


@register.filter
def interval(statistic: dict[str, Any], digits: int = 3) -> str:
    return wording.interval(statistic, digits)


@register.filter
def bounds(statistic: dict[str, Any], digits: int = 3) -> str:
    """'[0.41, 0.63]'; the statistic has an interval."""
    low, high = statistic["interval"]["low"], statistic["interval"]["high"]
    return f"[{wording.number(low, digits)}, {wording.number(high, digits)}]"
