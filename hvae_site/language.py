"""Pages that raters can meet speak their language, everything else English.

Staff pages are English; a half translated page would be worse. An address that no view answers
gets the reader's language: the error pages are translated.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from accounts.languages import chosen, is_multilingual, of_account, speak, speak_english


class LanguageMiddleware:
    """Speaks the reader's language where the view knows it, and keeps a choice in a cookie."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(settings.LANGUAGE_CODE):
            speak(request)
            response = self.get_response(request)
            language = translation.get_language() or settings.LANGUAGE_CODE
        response.headers.setdefault("Content-Language", language)
        if request.speaks:  # type: ignore[attr-defined]
            patch_vary_headers(response, ["Accept-Language", "Cookie"])
        # Pages inside a crowd platform's frame set no cookie: there the part keeps the choice.
        if chosen(request) and not hasattr(request, "framed_part"):
            _keep(response, chosen(request))
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *_: Any
    ) -> None:
        if not is_multilingual(view):
            speak_english(request)
        elif of_account(request):  # who asks is known by now
            speak(request)


def _keep(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
    )
