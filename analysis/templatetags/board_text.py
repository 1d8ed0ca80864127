"""{{ share|percent }}: a share between 0 and 1 as whole percent."""

from django import template

register = template.Library()


@register.filter
def percent(share: float) -> str:
    return f"{share:.0%}"
