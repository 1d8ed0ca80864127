"""What a model, a rater or somebody of the staff wrote, in whatever script, on any page.

``<p{% said language %}>``: the language (where it is known) and the direction of what stands there;
a page in English must not lay Arabic out from the left. ``{{ field|typed }}``: a form field whose
text takes its direction from what is typed. A test walks all pages for words without it.
"""

from django import template
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

TYPED = {"text", "textarea", "search"}


@register.simple_tag
def said(language: str = "") -> SafeString:
    """The attributes of an element that holds somebody's words; *language* is a tag or ''."""
    return format_html(' lang="{}" dir="auto"', language) if language else SafeString(' dir="auto"')


@register.filter
def typed(field: BoundField) -> str:
    """A bound field as Django draws it; text in it has its own direction."""
    attributes: dict[str, str | bool] | None = (
        {"dir": "auto"} if field.widget_type in TYPED else None
    )
    return field.as_widget(attrs=attributes)
