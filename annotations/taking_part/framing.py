"""Pages of a part inside a crowd platform's frame: ``/in/<token>/`` before any rater's address.

Browsers keep cookies from a page in another site's frame, so there the address itself carries the
part, signed (docs/adr says why). Such a request has no cookies whatever the browser sends: nobody
is signed in, there is no session, and hence nothing that a forged form could misuse. Links made
while it is answered stay under the same address. The answer sets no cookie either, and says which
platforms may frame it; every other page of the site stays closed to frames.
"""

import re
from collections.abc import Callable

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import get_script_prefix, set_script_prefix

from annotations.models import Rater
from annotations.taking_part.platforms import frame_origins, submit_origins

PREFIX = "in/"
ADDRESS = re.compile(r"^/in/(?P<token>[^/]+)(?P<rest>/p/[^/]+/studies/[^/]+/(?:judge|way)/.*)$")
"""Only a rater's own pages can be framed."""

SIGNER = signing.TimestampSigner(salt="annotations.framed_identity")
LASTS_SECONDS = 2 * 24 * 60 * 60
"""How long an address stays good; coming back through the platform gives a new one."""


def framed(rater: Rater, path: str) -> str:
    """The address of a rater's page, *path*, inside a frame."""
    script = get_script_prefix()
    return f"{script}{PREFIX}{SIGNER.sign(str(rater.identity.pk))}/{path.removeprefix(script)}"


def let_platforms_frame(response: HttpResponse) -> HttpResponse:
    """Allow the platforms to show this answer in a frame and to receive its last form."""
    response.xframe_options_exempt = True
    response._csp_replace = {  # type: ignore[attr-defined]
        "frame-ancestors": list(frame_origins()),
        "form-action": ["'self'", *submit_origins()],
    }
    return response


class FramedPartMiddleware:
    """Stands before everything that reads cookies."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(f"/{PREFIX}"):
            return self.get_response(request)
        address = ADDRESS.match(request.path_info)
        try:
            part = SIGNER.unsign(address["token"], max_age=LASTS_SECONDS) if address else ""
        except signing.BadSignature:
            part = ""
        if address is None or not part:
            gone = render(
                request, "annotations/way/not_let_in/gone.html", {"is_framed": True}, status=404
            )
            return let_platforms_frame(gone)
        return self._answer(request, int(part), address["token"], address["rest"])

    def _answer(self, request: HttpRequest, part: int, token: str, rest: str) -> HttpResponse:
        outer = get_script_prefix()
        inner = f"{outer}{PREFIX}{token}/"
        request.COOKIES = {}
        request.framed_part = part  # type: ignore[attr-defined]
        request.csrf_processing_done = True  # type: ignore[attr-defined]
        request.path_info = rest
        request.path = inner + rest.removeprefix("/")
        set_script_prefix(inner)
        try:
            response = self.get_response(request)
        finally:
            set_script_prefix(outer)
        response.cookies.clear()
        del response["X-Frame-Options"]
        return let_platforms_frame(response)
