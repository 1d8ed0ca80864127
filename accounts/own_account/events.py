"""What people do to their own accounts on the pages of allauth, written into the audit trail.

allauth says what it did by signals; of second factors only when that is stored already, so that
their rows are watched instead. Its pages that change something are one transaction
(`in_one_transaction`), so that no change is without its entry. Entries hold no address and no key.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from allauth.account import signals as account
from allauth.account.models import EmailAddress
from allauth.core import context as current
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver

from accounts.acting import acting
from accounts.audit import record
from accounts.models import Door, User
from accounts.people.signing_up import join_with_the_account

VERBS = {
    account.user_signed_up: "account made",
    account.password_changed: "password changed",
    account.password_set: "password set",
    account.password_reset: "password reset",
    account.email_added: "e-mail address added",
    account.email_changed: "main e-mail address changed",
    account.email_removed: "e-mail address removed",
}
"""Signals of allauth that say a change of an account, and what the trail calls each."""

SIGN_IN = {
    *("account_login", "account_logout", "account_reauthenticate", "account_reset_password"),
    *("mfa_authenticate", "mfa_reauthenticate"),
}
"""Pages that find out who somebody is and change no account. They compare passwords, and a
transaction would keep other writers of SQLite waiting for as long."""


def connect() -> None:
    """Write each change down from now on, and have new accounts join what they were made for."""
    for signal, verb in VERBS.items():
        signal.connect(_writer(verb), weak=False, dispatch_uid=f"trail: {verb}")
    account.email_confirmed.connect(_confirmed, dispatch_uid="trail: e-mail address confirmed")
    account.user_signed_up.connect(_join, dispatch_uid="join")
    post_save.connect(_added, Authenticator, dispatch_uid="trail: second factor")
    post_delete.connect(_removed, Authenticator, dispatch_uid="trail: second factor")


def _writer(verb: str) -> Callable[..., None]:
    def write(sender: Any, user: User, **_: Any) -> None:
        record(None, user, verb, user)

    return write


def _confirmed(sender: Any, email_address: EmailAddress, **_: Any) -> None:
    record(None, email_address.user, "e-mail address confirmed", email_address.user)


def _added(sender: Any, instance: Authenticator, created: bool, **_: Any) -> None:
    # Used, it is not changed; and Django's admin writes its own entries.
    if created and acting().door != Door.ADMIN:
        record(None, _who(), "second factor added", instance.user, type=instance.type)


def _removed(sender: Any, instance: Authenticator, **_: Any) -> None:
    if acting().door != Door.ADMIN:
        record(None, _who(), "second factor removed", instance.user, type=instance.type)


def _who() -> User | None:
    """Whose request this is: the owner's own, or that of who runs the site; None in a command."""
    user = getattr(current.request, "user", None)
    return user if isinstance(user, User) else None


def _join(sender: Any, request: HttpRequest, user: User, **_: Any) -> None:
    join_with_the_account(request, user)


def in_one_transaction(
    patterns: Iterable[URLPattern | URLResolver],
) -> list[URLPattern | URLResolver]:
    """The addresses of allauth, each view of which does all it does or nothing."""
    found = list(patterns)
    for pattern in found:
        if isinstance(pattern, URLResolver):
            in_one_transaction(pattern.url_patterns)
        elif pattern.name not in SIGN_IN:
            pattern.callback = _whole(pattern.callback)
    return found


def _whole(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def act(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        with transaction.atomic():
            return view(request, *args, **kwargs)

    return act
