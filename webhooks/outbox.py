"""What happened becomes messages, in the transaction in which it happened."""

from typing import Any

from accounts.models import Project
from evaluations.background.happened import Event, happened
from webhooks.models import Delivery, Message, Receiver
from webhooks.tasks import nudge


def listen() -> None:
    """Write down from now on what receivers want to be told."""
    happened.connect(write_down, dispatch_uid="webhooks")


def write_down(sender: Any, project: Project, kind: Event, data: dict[str, Any], **_: Any) -> None:
    """Store the message and a delivery for each receiver that wants it; no more where none does."""
    on = Receiver.objects.filter(project=project, switched_off_at=None)
    wanted = [receiver for receiver in on if kind in receiver.kinds]
    if not wanted:
        return
    message = Message.objects.create(project=project, kind=kind, data=data)
    Delivery.objects.bulk_create(
        Delivery(message=message, receiver=receiver) for receiver in wanted
    )
    nudge()
