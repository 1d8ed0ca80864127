"""What a request is once `for_roles` has let it through."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class MemberRequest(HttpRequest):
    """A request of a signed-in member of the project."""

    user: User
    htmx: HtmxDetails
