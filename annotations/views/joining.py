"""The door of a study for people without an account: an invitation's link."""

from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from accounts.access import STAFF_ROLES, roles_in
from accounts.languages import multilingual
from accounts.models import User
from annotations import queries
from annotations.blinding import stimulus
from annotations.framing import framed, let_platforms_frame
from annotations.invitations import (
    NoInvitation,
    NotLetIn,
    invitation_of,
    known,
    let_in,
    link_arrival,
    new_browser_id,
    refusal_of,
)
from annotations.models import Identity, Invitation, Item, Rater
from annotations.parts import carried_part, carry
from annotations.platforms import Arrival, NotFromThePlatform, Platform, arrival_of
from annotations.stages import ENDED

BROWSER_COOKIE = "valuecheck_participant"
BROWSER_COOKIE_SECONDS = 365 * 24 * 60 * 60
SALT = "annotations.browser"
BROWSER_FIELD = "browser"
FORM_SIGNER = signing.Signer(salt="annotations.browser_in_a_form")


@multilingual
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """What a study is about and who does it; the button on it begins or continues a part.

    A link that was forged or revoked opens a page that says nothing of any study. Inside a crowd
    platform's frame there are no cookies, hence nothing a forged form could misuse; everywhere
    else the form is protected as usual.
    """
    try:
        invitation = invitation_of(token)
    except NoInvitation:
        return render(request, "annotations/way/gone.html", status=404)
    if invitation.platform == Platform.MTURK:
        return let_platforms_frame(_join_in_frame(request, invitation))
    return _join(request, invitation)


@csrf_protect
def _join(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    study = invitation.study
    way = redirect("way", study.project.slug, study.slug)
    if isinstance(request.user, User) and (roles := roles_in(request.user, study.project)):
        if not roles & set(STAFF_ROLES):
            return way
        context = {"project": study.project, "study_slug": study.slug}
        return render(request, "annotations/judge_refused.html", context, status=403)
    carried = carried_part(request, study.project.slug, study.slug)
    if carried and invitation.platform == Platform.LINK:
        return way
    browser_id = _browser_id(request)
    try:
        arrival = _arrival(request, invitation, browser_id)
    except NotFromThePlatform as error:
        return way if carried else _not_from_platform(request, invitation, error)
    identity = known(invitation, arrival.external_id)
    # Of a platform's people its id tells who comes: a browser may be shared.
    if carried and identity and identity.rater == carried:
        return way
    if request.method != "POST":
        return _landing(request, invitation, identity, browser_id=browser_id)
    try:
        rater = let_in(invitation, arrival)
    except NotLetIn as error:
        return _no_entry(request, invitation, error)
    carry(request, rater)
    if invitation.platform == Platform.LINK:
        _keep_browser_id(way, browser_id)
    return way


def _arrival(request: HttpRequest, invitation: Invitation, browser_id: str) -> Arrival:
    if invitation.platform == Platform.LINK:
        return link_arrival(invitation, browser_id)
    return arrival_of(invitation.platform, request.GET)


def _browser_id(request: HttpRequest) -> str:
    """The browser's random id. Where it has none yet, the one that was drawn for the page whose
    form is sent, so that pressing Start twice makes one part; else a new one."""
    kept = request.get_signed_cookie(BROWSER_COOKIE, default="", salt=SALT)
    return kept or _unsigned(request.POST.get(BROWSER_FIELD, "")) or new_browser_id()


def _unsigned(browser_id: str) -> str:
    try:
        return FORM_SIGNER.unsign(browser_id)
    except signing.BadSignature:
        return ""


def _keep_browser_id(response: HttpResponse, browser_id: str) -> None:
    response.set_signed_cookie(
        BROWSER_COOKIE,
        browser_id,
        salt=SALT,
        max_age=BROWSER_COOKIE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


# --- inside a frame ------------------------------------------------------------------------------


def _join_in_frame(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """The same door inside the platform's frame, where the part is carried by the address."""
    try:
        arrival = arrival_of(invitation.platform, request.GET)
    except NotFromThePlatform as error:
        return _not_from_platform(request, invitation, error)
    if arrival.is_preview:
        return _landing(request, invitation, None, is_preview=True)
    identity = known(invitation, arrival.external_id)
    if identity is not None and _took_part_before(identity, arrival):
        context = {**_about(invitation), "is_framed": True}
        return render(request, "annotations/way/already.html", context)
    if request.method != "POST":
        return _landing(request, invitation, identity)
    try:
        rater = let_in(invitation, arrival)
    except NotLetIn as error:
        return _no_entry(request, invitation, error)
    return redirect(_framed_way(rater))


def _framed_way(rater: Rater) -> str:
    return framed(rater, reverse("way", args=[rater.study.project.slug, rater.study.slug]))


def _took_part_before(identity: Identity, arrival: Arrival) -> bool:
    """Whether the person's part ended in another assignment than the one they come with."""
    before = identity.parameters.get("assignmentId")
    return identity.rater.stage in ENDED and before != arrival.parameters.get("assignmentId")


# --- pages ---------------------------------------------------------------------------------------


def _about(invitation: Invitation) -> dict[str, Any]:
    study = invitation.study
    return {
        "study": study,
        "project": study.project,
        "invitation": invitation,
        "guideline": queries.guideline_of(study),
        "is_framed": invitation.platform == Platform.MTURK,
    }


def _landing(
    request: HttpRequest,
    invitation: Invitation,
    identity: Identity | None,
    is_preview: bool = False,
    browser_id: str = "",
) -> HttpResponse:
    refusal = refusal_of(invitation) if identity is None else None
    if refusal is not None:
        return _no_entry(request, invitation, NotLetIn(refusal))
    context = {
        **_about(invitation),
        "is_back": identity is not None,
        "is_preview": is_preview,
        "browser": FORM_SIGNER.sign(browser_id) if browser_id else "",
        "example": _example(invitation) if is_preview else None,
    }
    return render(request, "annotations/way/landing.html", context)


def _example(invitation: Invitation) -> Any:
    """What a practice item shows, for people who look at a task before they accept it."""
    practice = Item.objects.filter(study=invitation.study, kind=Item.Kind.PRACTICE)
    item = practice.order_by("position").first()
    return stimulus(item) if item else None


def _no_entry(request: HttpRequest, invitation: Invitation, error: NotLetIn) -> HttpResponse:
    context = {**_about(invitation), "refusal": error.refusal}
    return render(request, "annotations/way/no_entry.html", context, status=403)


def _not_from_platform(
    request: HttpRequest, invitation: Invitation, error: NotFromThePlatform
) -> HttpResponse:
    context = {**_about(invitation), "why": str(error)}
    return render(request, "annotations/way/not_from_platform.html", context, status=400)
