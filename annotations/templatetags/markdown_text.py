"""{{ text|markdown }}: a researcher's Markdown as safe HTML."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from annotations.judging.markdown import to_html

register = template.Library()


@register.filter
def markdown(text: str) -> SafeString:
    return mark_safe(to_html(text or ""))  # noqa: S308 - to_html escapes everything first
