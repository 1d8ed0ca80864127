"""Which language a page is in: what a rater sees in theirs, everything else in English.

Staff pages are English; a half translated page would be worse. Views that raters use are marked
with `accounts.languages.multilingual`, and those of django-allauth bring their own translations.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from accounts.languages import is_multilingual


class LanguageMiddleware:
    """Speaks the language of the reader where the view knows it: by cookie, else by browser."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(settings.LANGUAGE_CODE):
            response = self.get_response(request)
            language = translation.get_language() or settings.LANGUAGE_CODE
        response.headers.setdefault("Content-Language", language)
        if getattr(request, "speaks", False):
            patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *_: Any
    ) -> None:
        if is_multilingual(view):
            request.speaks = True  # type: ignore[attr-defined]
            translation.activate(translation.get_language_from_request(request))
        request.LANGUAGE_CODE = translation.get_language()
