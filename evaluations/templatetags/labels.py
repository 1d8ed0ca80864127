"""``{% label value %}``: what was said of a trial, as a shape, a colour and a word.

Labels of a kind of instrument have a shape of their own (evaluations.pages.labels); any other word
(unclear, refusal) has the plain one.
"""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from evaluations.pages.labels import has_shape

register = template.Library()


@register.simple_tag
def label(value: object) -> SafeString:
    if not value:
        return format_html('<span class="label label--other">undefined</span>')
    if has_shape(str(value)):
        return format_html('<span class="label label--{}">{}</span>', value, value)
    return format_html('<span class="label label--other" dir="auto">{}</span>', value)
