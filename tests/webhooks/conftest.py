import pytest

from evaluations.background.happened import Event, emit
from tests.webhooks.receiving import receiving
from webhooks import receivers
from webhooks.models import Delivery


@pytest.fixture
def server():
    with receiving() as found:
        yield found


@pytest.fixture
def receiver(cast, server):
    return receivers.add(cast.project, cast.researcher, server.url, list(Event))


@pytest.fixture
def delivery(cast, receiver) -> Delivery:
    emit(cast.project, Event.RUN_FINISHED, run={"id": 7, "name": "Größe"})
    return Delivery.objects.get()
