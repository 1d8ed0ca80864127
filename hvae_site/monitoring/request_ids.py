"""The id that all lines of the log about one request share goes out with the answer to it."""

from typing import Any

import structlog
from django.dispatch import receiver
from django.http import HttpResponse
from django_structlog import signals

HEADER = "X-Request-ID"


@receiver(signals.bind_extra_request_finished_metadata)
@receiver(signals.update_failure_response)
def say_request_id(response: HttpResponse, **rest: Any) -> None:
    """Let whoever reports a fault name the request, and whoever reads the log find it."""
    response[HEADER] = structlog.contextvars.get_contextvars()["request_id"]
