"""The door of a study for people without an account: an invitation's link."""

from dataclasses import replace
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
from annotations.judging.blinding import stimulus
from annotations.models import Identity, Invitation, Item, Rater
from annotations.studies import queries
from annotations.taking_part.continuing import (
    BegunElsewhere,
    browser_number,
    is_their_own,
    new_browser_id,
    session_number,
)
from annotations.taking_part.framing import framed, let_platforms_frame
from annotations.taking_part.invitations import (
    NoInvitation,
    NotLetIn,
    invitation_of,
    known,
    let_in,
    link_arrival,
    refusal_of,
)
from annotations.taking_part.parts import carried_part, carry
from annotations.taking_part.platforms import (
    Arrival,
    NotFromThePlatform,
    Platform,
    arrival_of,
    session_of,
)
from annotations.taking_part.stages import ENDED
from annotations.taking_part.taken_part import TookPart, check_is_new

BROWSER_COOKIE = "valuecheck_participant"
BROWSER_COOKIE_SECONDS = 365 * 24 * 60 * 60
SALT = "annotations.browser"
BROWSER_FIELD = "browser"
FORM_SIGNER = signing.Signer(salt="annotations.browser_in_a_form")


class _TookPartInAnotherSession(Exception):
    """Somebody comes from their platform anew, after their part has ended."""


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
        return render(request, "annotations/way/not_let_in/gone.html", status=404)
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
        return render(request, "annotations/judging/judge_refused.html", context, status=403)
    carried = carried_part(request, study.project.slug, study.slug)
    if carried and invitation.platform == Platform.LINK:
        return way
    browser_id = _browser_id(request)
    try:
        arrival = _arrival(request, invitation, browser_id)
    except NotFromThePlatform as error:
        return way if carried else _not_from_platform(request, invitation, error)
    identity = known(invitation, arrival)
    changed = identity is not None and _is_another_session(identity, arrival)
    # Of a platform's people its id tells who comes: a browser may be shared.
    if carried and identity and identity.rater == carried and not changed:
        return way
    if request.method != "POST":
        return _landing(request, invitation, arrival, identity, browser_id=browser_id)
    try:
        rater = _let_in(request, invitation, arrival, identity)
    except DOOR_STAYS_SHUT as error:
        return _shut(request, invitation, error, browser_id)
    carry(request, rater)
    _keep_browser_id(way, browser_id)
    return way


DOOR_STAYS_SHUT = (NotLetIn, BegunElsewhere, TookPart, _TookPartInAnotherSession)


def _let_in(
    request: HttpRequest, invitation: Invitation, arrival: Arrival, identity: Identity | None
) -> Rater:
    """`let_in`, but for somebody who comes anew from the platform after their part has ended."""
    if identity is not None and _ended_in_another_session(identity, arrival):
        raise _TookPartInAnotherSession
    return let_in(invitation, arrival, request.POST.get("code", "").strip())


def _shut(
    request: HttpRequest, invitation: Invitation, error: Exception, browser_id: str = ""
) -> HttpResponse:
    """Why somebody is not let in, and what they can do."""
    context = _about(invitation)
    if isinstance(error, NotLetIn):
        context["refusal"] = error.refusal
        return render(request, "annotations/way/not_let_in/no_entry.html", context, status=403)
    if isinstance(error, BegunElsewhere):
        context["browser"] = FORM_SIGNER.sign(browser_id) if browser_id else ""
        context["is_wrong"] = bool(request.POST.get("code"))
        return render(request, "annotations/way/not_let_in/elsewhere.html", context, status=403)
    context["is_deleted"] = isinstance(error, TookPart)
    return render(request, "annotations/way/not_let_in/already.html", context, status=403)


def _arrival(request: HttpRequest, invitation: Invitation, browser_id: str) -> Arrival:
    if invitation.platform == Platform.LINK:
        return link_arrival(invitation, browser_id)
    arrival = arrival_of(invitation.platform, request.GET)
    return replace(arrival, browser=browser_number(invitation.study, browser_id))


def _is_another_session(identity: Identity, arrival: Arrival) -> bool:
    """Whether the person comes from the platform another time than before."""
    before = session_of(identity.platform, identity.parameters)
    return before != session_of(identity.platform, arrival.parameters)


def _ended_in_another_session(identity: Identity, arrival: Arrival) -> bool:
    return identity.rater.stage in ENDED and _is_another_session(identity, arrival)


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
        return _landing(request, invitation, arrival, None)
    session = session_of(invitation.platform, arrival.parameters)
    arrival = replace(arrival, browser=session_number(invitation.study, session))
    identity = known(invitation, arrival)
    if request.method != "POST":
        return _landing(request, invitation, arrival, identity)
    try:
        rater = _let_in(request, invitation, arrival, identity)
    except DOOR_STAYS_SHUT as error:
        return _shut(request, invitation, error)
    return redirect(_framed_way(rater))


def _framed_way(rater: Rater) -> str:
    return framed(rater, reverse("way", args=[rater.study.project.slug, rater.study.slug]))


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
    arrival: Arrival,
    identity: Identity | None,
    browser_id: str = "",
) -> HttpResponse:
    try:
        _check_entry(invitation, arrival, identity)
    except DOOR_STAYS_SHUT as error:
        return _shut(request, invitation, error, browser_id)
    context = {
        **_about(invitation),
        "is_back": identity is not None,
        "is_another_session": identity is not None and _is_another_session(identity, arrival),
        "is_preview": arrival.is_preview,
        "browser": FORM_SIGNER.sign(browser_id) if browser_id else "",
        "example": _example(invitation) if arrival.is_preview else None,
    }
    return render(request, "annotations/way/landing.html", context)


def _check_entry(invitation: Invitation, arrival: Arrival, identity: Identity | None) -> None:
    """Raise what would keep the person out, as `let_in` will."""
    if identity is None:
        if not arrival.is_preview:
            check_is_new(invitation.study, (invitation.platform, arrival.external_id))
        if refusal := refusal_of(invitation):
            raise NotLetIn(refusal)
    elif _ended_in_another_session(identity, arrival):
        raise _TookPartInAnotherSession
    elif not is_their_own(identity, arrival):
        raise BegunElsewhere


def _example(invitation: Invitation) -> Any:
    """What a practice item shows, for people who look at a task before they accept it."""
    practice = Item.objects.filter(study=invitation.study, kind=Item.Kind.PRACTICE)
    item = practice.order_by("position").first()
    return stimulus(item) if item else None


def _not_from_platform(
    request: HttpRequest, invitation: Invitation, error: NotFromThePlatform
) -> HttpResponse:
    context = {**_about(invitation), "why": str(error)}
    return render(request, "annotations/way/not_let_in/not_from_platform.html", context, status=400)
