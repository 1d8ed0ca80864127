"""Making, changing and trying the receivers of a project; each act is in the trail."""

import secrets
from collections.abc import Collection

from django.db import transaction
from django.utils.crypto import salted_hmac

from accounts import clock
from accounts.audit import Change, record, since, snapshot
from accounts.models import Project, User
from evaluations.background import leases
from evaluations.background.happened import Event
from webhooks.models import Delivery, Receiver
from webhooks.sending import NotArrived, check
from webhooks.signing import secret_of

MOST = 10
"""Receivers a project can have."""
TOLD = ("url", "kinds", "switched_off_at", "switched_off_reason", "nonce")


class ReceiverRefused(Exception):
    """A receiver that cannot be as wished; says why."""


def secret_for(receiver: Receiver) -> str:
    """What the receiver checks signatures with: made from the site's SECRET_KEY and the row, so
    that neither alone gives it away."""
    made = salted_hmac("webhooks.receivers", receiver.nonce, algorithm="sha256")
    return secret_of(made.digest())


@transaction.atomic
def add(project: Project, actor: User | None, url: str, kinds: Collection[str]) -> Receiver:
    """A new receiver; its secret is shown to whoever made it, once. Raises ReceiverRefused."""
    _check(url, kinds)
    Project.objects.select_for_update().get(pk=project.pk)
    if project.receivers.count() >= MOST:
        raise ReceiverRefused(f"A project has {MOST} receivers at most: take one away first.")
    if project.receivers.filter(url=url).exists():
        raise ReceiverRefused("This address is a receiver already: change that one.")
    made = Receiver.objects.create(
        project=project, url=url, kinds=sorted(kinds), nonce=_nonce(), created_by=actor
    )
    record(project, actor, "receiver added", made, Change(None, snapshot(made, TOLD)))
    return made


@transaction.atomic
def change_kinds(receiver: Receiver, actor: User | None, kinds: Collection[str]) -> None:
    """Have it told of these kinds from now on. Raises ReceiverRefused."""
    _check(receiver.url, kinds)
    _hold(receiver)
    before = snapshot(receiver, TOLD)
    receiver.kinds = sorted(kinds)
    receiver.save(update_fields=["kinds"])
    if (change := since(before, receiver)).after:
        record(receiver.project, actor, "receiver changed", receiver, change)


@transaction.atomic
def new_secret(receiver: Receiver, actor: User | None) -> None:
    """Sign with another secret from now on; the old one fits nothing any more."""
    _hold(receiver)
    before = snapshot(receiver, TOLD)
    receiver.nonce = _nonce()
    receiver.save(update_fields=["nonce"])
    record(receiver.project, actor, "receiver's secret changed", receiver, since(before, receiver))


@transaction.atomic
def switch_on(receiver: Receiver, actor: User | None) -> int:
    """Send to it again, first of all what failed to arrive; returns how many that are."""
    _hold(receiver)
    before = snapshot(receiver, TOLD)
    receiver.switched_off_at, receiver.failing_since = None, None
    receiver.switched_off_reason = ""
    receiver.save(update_fields=["switched_off_at", "failing_since", "switched_off_reason"])
    again = leases.take_up_again(receiver.deliveries.filter(state=Delivery.FAILED), status=None)
    if (change := since(before, receiver)).after:
        record(receiver.project, actor, "receiver switched on", receiver, change, again=again)
    return again


@transaction.atomic
def switch_off(receiver: Receiver, actor: User | None, reason: str = "") -> None:
    """Send nothing more to it; what waits counts as failed and can be sent when it is on again.

    Nothing happens where it is off already: why it is, is kept.
    """
    _hold(receiver)
    if not receiver.is_on:
        return
    before = snapshot(receiver, TOLD)
    receiver.switched_off_at = clock.now()
    receiver.switched_off_reason = reason
    receiver.save(update_fields=["switched_off_at", "switched_off_reason"])
    waiting = receiver.deliveries.all()
    waiting.filter(state=Delivery.QUEUED).update(error="The receiver was switched off.")
    leases.call_off(waiting.filter(state=Delivery.QUEUED), Delivery.FAILED)
    record(receiver.project, actor, "receiver switched off", receiver, since(before, receiver))


@transaction.atomic
def remove(receiver: Receiver, actor: User | None) -> None:
    """Take it away with the log of what was sent to it; nothing happens where it is gone."""
    try:
        _hold(receiver)
    except Receiver.DoesNotExist:
        return
    gone = Change(snapshot(receiver, TOLD), {})
    record(receiver.project, actor, "receiver removed", receiver, gone)
    receiver.delete()


@transaction.atomic
def send_again(delivery: Delivery, actor: User | None) -> bool:
    """Send what has arrived or failed once more, under the same id; whether there was anything to
    do. Raises ReceiverRefused while its receiver is switched off."""
    receiver = delivery.receiver
    if not receiver.is_on:
        raise ReceiverRefused("The receiver is switched off: switch it on first.")
    rows = Delivery.objects.filter(pk=delivery.pk)
    if not leases.take_up_again(rows, status=None):
        return False
    facts = {"receiver": receiver.pk, "message": str(delivery.message.key)}
    record(receiver.project, actor, "message sent again", delivery, **facts)
    return True


def _hold(receiver: Receiver) -> None:
    """Read *receiver* again and keep it until the caller's transaction ends, so that of two who do
    the same at once the second sees that it is done."""
    receiver.refresh_from_db(from_queryset=Receiver.objects.select_for_update(no_key=True))


def _check(url: str, kinds: Collection[str]) -> None:
    if not kinds or set(kinds) - set(Event.values):
        raise ReceiverRefused(f"Choose what is sent: {', '.join(Event.values)}.")
    try:
        check(url)
    except NotArrived as error:
        raise ReceiverRefused(f"Nothing can be sent there: {error}.") from None


def _nonce() -> str:
    return secrets.token_hex(16)
