"""Bringing messages to their receivers, by whatever worker comes: once, or again after a rest."""

import json
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import QuerySet

from accounts import clock
from evaluations.background import leases
from evaluations.background.leases import Held, LaterError
from webhooks.models import RESTS, Delivery, Message, Receiver
from webhooks.receivers import secret_for, switch_off
from webhooks.sending import NotArrived, send
from webhooks.signing import signature

Send = Callable[[str, dict[str, str], bytes], int]

PATIENCE = timedelta(days=1)
"""How long a receiver may fail, with nothing arriving, until it is switched off."""
GONE = 410
"""The status by which a receiver says that it wants nothing more."""


def body_of(message: Message) -> bytes:
    """What is sent: the same bytes each time, so that a message sent again is known again."""
    told = {"type": message.kind, "timestamp": message.created_at, "data": message.data}
    return json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True).encode()


def headers_of(message: Message, secret: str, body: bytes, timestamp: int) -> dict[str, str]:
    name = f"msg_{message.key.hex}"
    return {
        "content-type": "application/json",
        "user-agent": "Valuecheck-Webhooks/1",
        "webhook-id": name,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, name, timestamp, body),
    }


def deliver(pk: int, send: Send = send) -> bool:
    """Send the delivery *pk* unless it is done or in other hands; whether it arrived."""
    return leases.do(_rows(), pk, lambda held: _deliver(held, send), after=_arrived)


def _rows() -> QuerySet[Delivery]:
    return Delivery.objects.select_related("message", "receiver__project")


def _deliver(held: Held[Delivery], send: Send) -> dict[str, Any]:
    delivery = held.row
    message, receiver = delivery.message, delivery.receiver
    if not receiver.is_on:
        raise LaterError("The receiver is switched off.", RESTS[0])
    body = body_of(message)
    headers = headers_of(message, secret_for(receiver), body, int(clock.now().timestamp()))
    try:
        return {"status": send(receiver.url, headers, body), "error": ""}
    except NotArrived as error:
        held.renew(status=error.status)
        _failed(receiver, error)
        raise LaterError(str(error), _rest(delivery.attempts)) from None


def _rest(attempts: int) -> timedelta:
    """The rest after so many attempts, a tenth more or less, so that not all come back at once."""
    rest = RESTS[min(attempts, len(RESTS)) - 1]
    return rest * random.uniform(0.9, 1.1)


@transaction.atomic
def _failed(receiver: Receiver, error: NotArrived) -> None:
    """Note since when nothing arrives; a receiver that has failed for a day is switched off."""
    row = Receiver.objects.select_for_update().get(pk=receiver.pk)
    moment = clock.now()
    if row.failing_since is None:
        row.failing_since = moment
        row.save(update_fields=["failing_since"])
    gone = error.status == GONE
    if row.is_on and (gone or moment - row.failing_since >= PATIENCE):
        why = "It says that it wants nothing more" if gone else "Nothing arrived for a day"
        switch_off(row, None, f"{why}. {error}"[:300])


def _arrived(delivery: Delivery) -> None:
    Receiver.objects.filter(deliveries=delivery.pk).update(failing_since=None)
