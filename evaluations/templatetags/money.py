"""Amounts of money as pages write them."""

from decimal import Decimal

from django import template

from evaluations.costs import estimates

register = template.Library()


@register.filter
def money(amount: Decimal) -> str:
    """'34.37', and '0.0034' where cents would say '0.00'."""
    return estimates.money(amount)
