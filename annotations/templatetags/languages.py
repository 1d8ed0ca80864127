"""The language of what is judged, beside the language the reader has chosen for the page."""

from django import template
from django.utils.translation import (
    get_language,
    get_language_info,
    get_supported_language_variant,
)

register = template.Library()


@register.filter
def is_foreign(tag: str) -> bool:
    """Whether a language tag (BCP 47) names another language than the page's."""
    if not tag:
        return False
    try:
        return get_supported_language_variant(tag.lower(), strict=True) != get_language()
    except LookupError:
        return True


@register.filter
def language_name(tag: str) -> str:
    """What a language is called in the page's; the tag itself for one that Django cannot name."""
    try:
        return str(get_language_info(tag.lower())["name_translated"])
    except KeyError:
        return tag
