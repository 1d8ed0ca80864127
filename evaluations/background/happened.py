"""What happened in a project that somebody outside may wait for.

Whoever acts says it here, in the transaction of the act; who carries it on listens to `happened`
and writes down in the same transaction what is to be sent.
"""

from typing import Any

from django.db import models
from django.dispatch import Signal

from accounts.models import Project

happened = Signal()
"""Sent with ``project``, ``kind`` (an `Event`) and ``data`` (as JSON can hold it)."""


class Event(models.TextChoices):
    """What can happen; the names are part of what programs outside rely on."""

    RUN_FINISHED = "run.finished", "a run is finished"
    STUDY_COMPLETE = "study.complete", "a study is complete"
    DISPUTE_OPENED = "dispute.opened", "disputes are opened"
    REPORT_READY = "report.ready", "a report is ready"


def emit(project: Project, kind: Event, **data: Any) -> None:
    """Say that *kind* happened in *project*; *data* names what it happened to."""
    happened.send(sender=Project, project=project, kind=kind, data=data)
