"""Headings of pages that come from elsewhere, in the case of ours."""

import re

from django import template
from django.utils.translation import get_language

register = template.Library()

TITLE_WORD = re.compile(r"(?<=[\s-])[A-Z](?=[a-z])")
"""The capital of a word that is not the first and is no abbreviation."""


@register.filter
def sentence_case(text: str) -> str:
    """'Change Password' as 'Change password'; English alone, others mean their capitals."""
    if (get_language() or "").partition("-")[0] != "en":
        return text
    start = len(text) - len(text.lstrip())
    return text[:start] + TITLE_WORD.sub(lambda found: found[0].lower(), text[start:])
