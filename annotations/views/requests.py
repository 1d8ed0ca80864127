"""What a request is once `for_roles` has let it through."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class MemberRequest(HttpRequest):
    """A request of a signed-in member of the project."""

    user: User
    htmx: HtmxDetails


def tell(request: HttpRequest, notes: Iterable[str]) -> None:
    """Say what of an uploaded file was trimmed or converted."""
    for note in notes:
        messages.info(request, note)
