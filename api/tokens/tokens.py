"""Tokens: made once, known by their hash, spent at a rate, revoked for good."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Greatest

from accounts import audit, clock
from accounts.models import Project, User
from api.models import Token
from api.tokens.scopes import Scope

START = "vck_"
"""What every token begins with, so that people and scanners of secrets know one."""


class TokenRefused(ValueError):
    """A token that cannot be made as asked; says why and what to do."""


@transaction.atomic
def make_token(
    project: Project,
    user: User,
    name: str,
    scopes: Iterable[str],
    expires_at: datetime | None = None,
) -> tuple[Token, str]:
    """A token of *user* for *project*: its row, and the token, which nobody can tell later.

    Raises TokenRefused for no or unknown scopes, a name in use, and an end that has passed.
    """
    wanted = set(scopes)
    if not wanted or wanted - set(Scope.values):
        raise TokenRefused(f"Choose at least one of the scopes {', '.join(Scope.values)}.")
    if expires_at and expires_at <= clock.now():
        raise TokenRefused("That time has passed: let it end later.")
    secret = START + secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            token = Token.objects.create(
                project=project,
                user=user,
                name=name,
                digest=digest_of(secret),
                start=secret[: len(START) + 6],
                scopes=[scope for scope in Scope.values if scope in wanted],
                expires_at=expires_at,
            )
    except IntegrityError:
        raise TokenRefused(f"You have a token called {name!r} here: choose another name.") from None
    audit.record(project, user, "make token", token, name=name, scopes=token.scopes)
    return token, secret


def revoke_all(project: Project, person: User, actor: User | None, **_: object) -> None:
    """Revoke what *person* made for a project: whoever comes back makes new ones."""
    for token in Token.objects.filter(project=project, user=person, revoked_at=None):
        revoke(token, actor)


@transaction.atomic
def revoke(token: Token, actor: User | None) -> None:
    """Have a token open nothing from now on; nothing happens to one that was revoked before."""
    if Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=clock.now()):
        audit.record(token.project, actor, "revoke token", token, name=token.name)


def digest_of(secret: str) -> str:
    """A token has 256 random bits: a plain hash of it can be neither guessed nor turned back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token_of(secret: str) -> Token | None:
    """The token that is in force under this secret; None where there is none."""
    in_force = Q(revoked_at=None) & (Q(expires_at=None) | Q(expires_at__gt=clock.now()))
    rows = Token.objects.filter(in_force, user__is_active=True, digest=digest_of(secret))
    return rows.select_related("user", "project").first()


def spend(token: Token, now: float | None = None) -> float:
    """Count one request of *token* at *now* (seconds since 1970); the seconds it has to wait, 0
    for none.

    A limit a minute is a time in a row (docs/adr/0008): each request fills a share of a minute, and
    a minute's requests may come at once.
    """
    now = clock.now().timestamp() if now is None else now
    share = 60.0 / settings.API_REQUESTS_PER_MINUTE
    full = now + 60.0 - share
    told = Token.objects.filter(pk=token.pk, busy_until__lte=full).update(
        busy_until=Greatest(F("busy_until"), Value(now)) + share, used_at=clock.now()
    )
    if told:
        return 0.0
    busy_until = Token.objects.values_list("busy_until", flat=True).filter(pk=token.pk).first()
    return max((busy_until or full) - full, 0.001)


def tokens_seen_by(project: Project, user: User, *, everybody: bool) -> QuerySet[Token]:
    """The tokens for *project* that *user* may see and revoke, those in force first."""
    found = Token.objects.filter(project=project).select_related("user", "project")
    found = found if everybody else found.filter(user=user)
    return found.order_by(F("revoked_at").desc(nulls_first=True), "-id")
