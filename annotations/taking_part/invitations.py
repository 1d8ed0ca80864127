"""Ways into a study without an account: links that are signed, can be revoked, and run out."""

import secrets
from datetime import timedelta
from enum import Enum
from typing import Any

from django.core import signing
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.audit import Change, record, since, snapshot
from accounts.models import User
from annotations.exchange.assignment import RESERVED_FOR
from annotations.models import Assignment, Identity, Invitation, Item, Rater, Study
from annotations.taking_part.continuing import (
    BegunElsewhere,
    bind,
    browser_number,
    by_code,
    is_their_own,
)
from annotations.taking_part.parts import TAKES_RATERS, begin_part, lock_study
from annotations.taking_part.platforms import Arrival
from annotations.taking_part.stages import ENDED, GIVEN_ON, Stage, move
from annotations.taking_part.taken_part import check_is_new

SIGNER = signing.Signer(salt="annotations.invitation")


PLATFORMS = (Invitation.Platform.PROLIFIC, Invitation.Platform.MTURK)

AWAY_AFTER = timedelta(hours=1)
"""How long after they last opened an item the place of somebody from a platform is given on.

A platform lets somebody else come for whoever timed out or returned their place, and tells us of
neither. Whoever comes back after all still has their part.
"""


class NoInvitation(Exception):
    """A link that was forged, cut short or revoked: it says nothing of any study."""


class InvitationRefused(Exception):
    """An invitation that cannot be made as asked; says why."""


class Refusal(Enum):
    """Why an invitation lets nobody new in, in the words they are told."""

    EXPIRED = _("This invitation has run out.")
    CLOSED = _("This invitation has been closed.")
    FULL = _("As many people as were wanted have come by this invitation already.")
    NOT_OPEN = _("The study has not begun yet. Try again later.")
    PAUSED = _("The study is paused. Try again later.")
    OVER = _("The study is over.")
    NOTHING_LEFT = _("The study has all the answers it needs at the moment.")


def token_of(invitation: Invitation) -> str:
    """What the link carries: the invitation's nonce, signed."""
    return SIGNER.sign(invitation.nonce)


def path_of(invitation: Invitation) -> str:
    return reverse("join", args=[token_of(invitation)])


def invitation_of(token: str) -> Invitation:
    """The invitation a link belongs to; NoInvitation for one that was forged or revoked."""
    try:
        nonce = SIGNER.unsign(token)
    except signing.BadSignature:
        raise NoInvitation from None
    found = Invitation.objects.select_related("study__project").filter(nonce=nonce).first()
    if found is None:
        raise NoInvitation
    return found


def refusal_of(invitation: Invitation) -> Refusal | None:
    """Why nobody new can come by the invitation now; None when they can.

    Whoever has a part already comes back to it all the same.
    """
    study = invitation.study
    if invitation.closed_at:
        return Refusal.CLOSED
    if invitation.expires_at and invitation.expires_at <= clock.now():
        return Refusal.EXPIRED
    if study.state not in TAKES_RATERS:
        resting = {Study.State.DRAFT: Refusal.NOT_OPEN, Study.State.PAUSED: Refusal.PAUSED}
        return resting.get(Study.State(study.state), Refusal.OVER)
    if _is_full(invitation):
        return Refusal.FULL
    return None if has_open_items(study) else Refusal.NOTHING_LEFT


def has_open_items(study: Study) -> bool:
    """Whether an item has a place free, or held by somebody whose time for it has run out."""
    if Item.objects.filter(study=study, taken__lt=F("places")).exists():
        return True
    held = Assignment.objects.filter(item__study=study, state=Assignment.State.RESERVED)
    return held.filter(is_regular=True, expires_at__lt=clock.now()).exists()


def _has_left(prefix: str = "") -> Q:
    """Which identities gave their place on: they left before the end, or reports leave them out."""
    rater = f"{prefix}rater__"
    return Q(**{f"{rater}stage__in": GIVEN_ON}) | Q(**{f"{rater}excluded_at__isnull": False})


def _is_away(prefix: str = "") -> Q:
    """Which identities of a platform are under way and have shown no sign of life for long."""
    since = clock.now() - AWAY_AFTER
    # A reservation lasts from when an item was opened last, so its end says when that was.
    lately = Assignment.objects.filter(
        rater=OuterRef(f"{prefix}rater"), expires_at__gt=since + RESERVED_FOR
    )
    came = Q(**{f"{prefix}platform__in": PLATFORMS, f"{prefix}created_at__lt": since})
    return came & ~Q(**{f"{prefix}rater__stage__in": ENDED}) & ~Q(Exists(lately))


def _holding(invitation: Invitation) -> int:
    """How many places of the invitation are taken."""
    return invitation.identities.exclude(_has_left() | _is_away()).count()


def _is_full(invitation: Invitation) -> bool:
    most = invitation.most_raters
    return most is not None and _holding(invitation) >= most


def known(invitation: Invitation, arrival: Arrival) -> Identity | None:
    """The part a person has in the invitation's study already, by whatever invitation they came."""
    identities = Identity.objects.filter(study=invitation.study)
    same = Q(platform=invitation.platform, external_id=arrival.external_id)
    if invitation.platform == Invitation.Platform.LINK and arrival.browser:
        # Their browser is all that is known of them, wherever they went on with their part.
        same |= Q(browser=arrival.browser)
    found = identities.filter(same).select_related("rater__study__project", "invitation")
    return found.order_by("-pk").first()


class NotLetIn(Exception):
    """Nobody new can come by this invitation; ``refusal`` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.name)
        self.refusal = refusal


@transaction.atomic
def let_in(invitation: Invitation, arrival: Arrival, code: str = "") -> Rater:
    """The part of the person who arrives: the one they have, else a new one.

    New parts of a study wait in line, so one person never gets two and no invitation lets in more
    than it may. *code*: of `continuing`, for a part that another browser began. What the platform
    sent anew is kept beside what it sent before, until the part has ended. Raises BegunElsewhere,
    TookPart, NotLetIn.
    """
    lock_study(invitation.study)
    identity = known(invitation, arrival)
    if code:
        identity = _by_code(invitation, identity, code)
    elif identity is not None and not is_their_own(identity, arrival):
        raise BegunElsewhere
    if identity is not None:
        bind(identity, arrival)
        _keep_session(identity, arrival)
        return identity.rater
    check_is_new(invitation.study, (invitation.platform, arrival.external_id))
    if refusal := refusal_of(invitation):
        raise NotLetIn(refusal)
    rater = begin_part(invitation.study)
    Identity.objects.create(
        study=invitation.study,
        rater=rater,
        invitation=invitation,
        platform=invitation.platform,
        external_id=arrival.external_id,
        parameters=arrival.parameters,
        browser=arrival.browser,
    )
    return rater


def _by_code(invitation: Invitation, identity: Identity | None, code: str) -> Identity:
    """The part a code belongs to; of a platform's people only their own, for its id says who comes.

    Raises BegunElsewhere for any other.
    """
    found = by_code(invitation.study, code)
    is_link = invitation.platform == Invitation.Platform.LINK
    if found is None or not (is_link or found == identity):
        raise BegunElsewhere
    return found


def _keep_session(identity: Identity, arrival: Arrival) -> None:
    """Keep what the platform sent this time, and what it sent before."""
    if identity.rater.stage in ENDED or identity.parameters == arrival.parameters:
        return
    if not arrival.parameters:  # by a plain link
        return
    Identity.objects.filter(pk=identity.pk).update(
        parameters=arrival.parameters,
        earlier_parameters=[*identity.earlier_parameters, identity.parameters],
    )


@transaction.atomic
def reconsider(rater: Rater) -> Rater:
    """Ask somebody who refused once more for their consent, at their own wish.

    Refusing gave their place in the invitation on: NotLetIn where it is taken meanwhile.
    """
    lock_study(rater.study)
    identity = Identity.objects.select_related("invitation").filter(rater=rater).first()
    if identity is not None and rater.stage == Stage.REFUSED and _is_full(identity.invitation):
        raise NotLetIn(Refusal.FULL)
    return move(rater, Stage.REFUSED, Stage.CONSENT)


def link_arrival(invitation: Invitation, browser_id: str) -> Arrival:
    """Somebody who comes by a plain link, known by the browser they use.

    A person with two browsers counts as two, unless they go on by a code.
    """
    number = browser_number(invitation.study, browser_id)
    return Arrival(number, browser=number)


# --- for researchers ------------------------------------------------------------------------------


@transaction.atomic
def create_invitation(study: Study, actor: User, **fields: Any) -> Invitation:
    """A new way into the study; InvitationRefused where it has one of that name."""
    if Invitation.objects.filter(study=study, name=fields["name"]).exists():
        raise InvitationRefused("The study has an invitation of that name: choose another.")
    invitation = Invitation.objects.create(
        study=study, nonce=_new_nonce(), created_by=actor, **fields
    )
    record(
        study.project, actor, "invitation created", invitation, Change(None, snapshot(invitation))
    )
    return invitation


@transaction.atomic
def revoke_link(invitation: Invitation, actor: User) -> None:
    """Give the invitation another link: the one that was sent out opens nothing any more.

    Whoever came by it keeps their part.
    """
    before = snapshot(invitation, ["nonce"])
    invitation.nonce = _new_nonce()
    invitation.save(update_fields=["nonce"])
    change = since(before, invitation)
    record(invitation.study.project, actor, "invitation link revoked", invitation, change)


@transaction.atomic
def close_invitation(invitation: Invitation, actor: User) -> None:
    """Let nobody new in; whoever came by it goes on and can come back."""
    if invitation.closed_at is None:
        invitation.closed_at = clock.now()
        invitation.save(update_fields=["closed_at"])
        change = Change({"closed_at": None}, {"closed_at": invitation.closed_at})
        record(invitation.study.project, actor, "invitation closed", invitation, change)


def _new_nonce() -> str:
    return secrets.token_hex(16)


def invitations_of(study: Study) -> QuerySet[Invitation]:
    """The study's invitations, newest first, with how many ``came``, are ``done``, ``left`` before
    the end, and are ``away``; the places of those two are open again."""
    left, away = _has_left("identities__"), _is_away("identities__")
    return study.invitations.annotate(
        came=Count("identities"),
        done=Count("identities", filter=Q(identities__rater__stage=Rater.Stage.DONE) & ~left),
        left=Count("identities", filter=left),
        away=Count("identities", filter=away & ~left),
    ).order_by("-pk")
