"""What holds for every page: which methods there are, who may keep it, what it may use."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.cache import add_never_cache_headers

METHODS = ("GET", "HEAD", "POST")
"""What a page that is a function answers to; a class of views says so itself."""

UNUSED = (
    *("accelerometer", "autoplay", "camera", "display-capture", "encrypted-media"),
    *("fullscreen", "geolocation", "gyroscope", "magnetometer", "microphone", "midi"),
    *("payment", "picture-in-picture", "publickey-credentials-get", "screen-wake-lock"),
    *("usb", "xr-spatial-tracking"),
)
"""Features of browsers that no page here asks for."""
POLICY = ", ".join(f"{feature}=()" for feature in UNUSED)


class DoorsMiddleware:
    """Pages are for whoever asked and for now: nothing on the way and no browser keeps one, unless
    its view says how long. What has no name among methods is refused."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", POLICY)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        answers_itself = hasattr(view, "view_class") or hasattr(view, "cls")
        if request.method in METHODS or answers_itself:
            return None
        return HttpResponseNotAllowed(METHODS)
