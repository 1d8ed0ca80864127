"""Whom a site asks for a second factor when they sign in, and how they get to set one up.

SECOND_FACTOR_REQUIRED_OF names roles, and `staff` for who runs the site. Whoever has one of them in
any project and no second factor gets to the page that sets one up, whatever page they want.
"""

from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from accounts.models import Membership, User

SITE_STAFF = "staff"
SET_UP = "mfa_activate_totp"


def is_required_of(user: User) -> bool:
    """Whether the site asks *user* for a second factor."""
    named = set(settings.SECOND_FACTOR_REQUIRED_OF)
    if not named:
        return False
    if SITE_STAFF in named and (user.is_staff or user.is_superuser):
        return True
    return Membership.objects.filter(user=user, role__in=named).exists()


def is_missing(user: User) -> bool:
    """Whether the site asks *user* for a second factor that they have not set up."""
    return is_required_of(user) and not is_mfa_enabled(user)


class SecondFactorMiddleware:
    """Leads whoever lacks a second factor that is required to where they set it up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *_args: Any
    ) -> HttpResponse | None:
        """Let the pages of the account itself through; they set it up, and sign out."""
        if not settings.SECOND_FACTOR_REQUIRED_OF or view.__module__.startswith("allauth."):
            return None
        if not (isinstance(request.user, User) and is_missing(request.user)):
            return None
        messages.warning(request, _("This site asks you for a second factor. Set it up to go on."))
        if request.headers.get("HX-Request"):
            return HttpResponseClientRedirect(resolve_url(SET_UP))
        return redirect(SET_UP)
