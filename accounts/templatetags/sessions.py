"""How a list of sessions names a browser."""

from django import template

from accounts.own_account.sessions import browser_in_words

register = template.Library()
register.filter("browser", browser_in_words)
