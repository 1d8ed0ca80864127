"""One's own account at a glance: how one signs in, where, in which language, in which projects.

What else belongs to an account hangs on the tabs of `templates/accounts/own_account/_tabs.html`.
"""

from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import projects_of
from accounts.forms import THE_BROWSERS, LanguageForm
from accounts.languages import PARAMETER, multilingual
from accounts.own_account.language import choose_language
from accounts.own_account.second_factor import is_required_of
from accounts.views.signed_in import SignedIn


@multilingual
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def own_account(request: SignedIn) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    form = LanguageForm(sent, initial={"language": request.user.language or THE_BROWSERS})
    if form.is_valid():
        return _with_language(request, form.cleaned_data["language"])
    context = {
        "form": form,
        "has_second_factor": is_mfa_enabled(request.user),
        "needs_second_factor": is_required_of(request.user),
        "sessions": UserSession.objects.filter(user=request.user).count(),
        "projects": projects_of(request.user),
    }
    status = 422 if form.errors else 200
    return render(request, "accounts/own_account/own_account.html", context, status=status)


def _with_language(request: SignedIn, language: str) -> HttpResponse:
    """Keep the language, and have this browser forget or take over what it chose before."""
    choose_language(request.user, language)
    address = reverse("own_account")
    response = redirect(f"{address}?{PARAMETER}={language}" if language else address)
    if not language:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
    return response
