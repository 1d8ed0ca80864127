"""Which language a request is answered in.

Pages whose every word is there in all languages of the site speak the reader's: the one that
`PARAMETER` in the address names, else the one kept in a cookie, else the one kept with their
account, else the browser's. Their views
are marked with `multilingual`, or call `speak` where only some of their answers are translated.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

TRANSLATED_PACKAGES = ("allauth.",)
"""Libraries whose pages bring translations of their own."""

PARAMETER = "language"
"""In an address: the language the reader has just chosen for the page."""


def multilingual(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorate (outermost) a view that speaks the reader's language."""
    view.multilingual = True  # type: ignore[attr-defined]
    return view


def is_multilingual(view: Callable[..., HttpResponse]) -> bool:
    return getattr(view, "multilingual", False) or view.__module__.startswith(TRANSLATED_PACKAGES)


def chosen(request: HttpRequest) -> str:
    """The language that the address names; '' where it names none of the site's."""
    named = request.GET.get(PARAMETER, "")
    return named if named in dict(settings.LANGUAGES) else ""


def of_account(request: HttpRequest) -> str:
    """The language kept with the account of who is signed in, unless this browser chose another.

    Empty for visitors, and before it is known who asks.
    """
    if settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
        return ""
    return getattr(getattr(request, "user", None), "language", "")


def speak(request: HttpRequest, language: str = "") -> None:
    """Answer in *language*, else in the reader's."""
    own = language or of_account(request)
    spoken = chosen(request) or own or translation.get_language_from_request(request)
    request.speaks = True  # type: ignore[attr-defined]
    _activate(request, spoken)


def speak_english(request: HttpRequest) -> None:
    """Answer in the language of the pages that are not translated."""
    request.speaks = False  # type: ignore[attr-defined]
    _activate(request, settings.LANGUAGE_CODE)


def _activate(request: HttpRequest, language: str) -> None:
    translation.activate(language)
    request.LANGUAGE_CODE = translation.get_language()
