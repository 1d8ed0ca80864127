"""The page of a project's API tokens: made, shown once, revoked."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access import STAFF_ROLES, for_roles
from accounts.models import Project, Role, User
from api.pages.forms import TokenForm
from api.tokens.tokens import TokenRefused, make_token, revoke, tokens_seen_by


@for_roles(*STAFF_ROLES)
def tokens(request: HttpRequest, project: Project) -> HttpResponse:
    """One's own tokens; to an administrator everybody's. A new one is shown in the answer to its
    form, and never again."""
    actor, made, secret = cast(User, request.user), None, ""
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            made, secret = make_token(
                project, actor, chosen["name"], chosen["scopes"], form.expires_at()
            )
        except TokenRefused as error:
            form.add_error(None, str(error))
        else:
            form = TokenForm()
    context = {
        "project": project,
        "form": form,
        "made": made,
        "secret": secret,
        "tokens": tokens_seen_by(project, actor, everybody=_is_administrator(project)),
    }
    return render(request, "hvae_site/api/tokens.html", context, status=422 if form.errors else 200)


@for_roles(*STAFF_ROLES)
@require_POST
def token_act(request: HttpRequest, project: Project, token_id: int) -> HttpResponse:
    """Revoke a token."""
    actor = cast(User, request.user)
    seen = tokens_seen_by(project, actor, everybody=_is_administrator(project))
    token = get_object_or_404(seen, pk=token_id)
    revoke(token, actor)
    messages.success(request, f"{token.name} opens nothing any more.")
    return redirect("tokens", project.slug)


def _is_administrator(project: Project) -> bool:
    return Role.ADMINISTRATOR in project.viewer_roles  # type: ignore[attr-defined]
