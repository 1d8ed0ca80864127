"""Background work on deliveries: a nudge that carries an id. The row holds the truth."""

from typing import Any

from django_tasks import task

from evaluations.background import leases
from evaluations.tasks import swept
from webhooks import delivering
from webhooks.models import Delivery


@task()
def deliver(delivery_id: int) -> bool:
    """Send a message unless it has arrived, rests or is in other hands; its row says so."""
    return delivering.deliver(delivery_id)


def nudge(**_: Any) -> None:
    """Have workers see to the deliveries whose time has come."""
    leases.nudge(Delivery.objects.filter(receiver__switched_off_at=None), deliver.enqueue)


swept.connect(nudge, dispatch_uid="webhooks")
