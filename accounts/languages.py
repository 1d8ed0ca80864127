"""Marks the views whose every word is there in all languages of the site."""

from collections.abc import Callable

from django.http import HttpResponse

TRANSLATED_PACKAGES = ("allauth.",)
"""Libraries whose pages bring translations of their own."""


def multilingual(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorate (outermost) a view that speaks the reader's language."""
    view.multilingual = True  # type: ignore[attr-defined]
    return view


def is_multilingual(view: Callable[..., HttpResponse]) -> bool:
    return getattr(view, "multilingual", False) or view.__module__.startswith(TRANSLATED_PACKAGES)
