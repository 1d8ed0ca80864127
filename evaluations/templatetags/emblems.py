"""``{% emblem %}``: the picture by which the site's first kind of instrument is known."""

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from evaluations.instruments.kinds import DEFAULT_KIND
from evaluations.pages.kinds import pages_with

register = template.Library()


@register.simple_tag
def emblem() -> SafeString:
    """Nothing where the kind has no picture."""
    drawn = pages_with(DEFAULT_KIND).emblem
    return mark_safe(render_to_string(drawn) if drawn else "")  # noqa: S308 - a template of ours
