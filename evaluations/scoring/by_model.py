"""What all ways of having a model conclude something about trials share: how their metrics are
called, and what is done when the asking has ended."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts import audit
from accounts.models import User
from evaluations.models import Run
from evaluations.respondents.asking_many import Inquiry
from evaluations.scoring.metrics import scored

LONGEST_NAME = 60
"""Characters that a metric's and a reader's name may have."""


def called(name: str) -> str:
    """A name as metrics and readers have one: '@' parts it from the version where a report is
    asked for one."""
    return name.replace("@", "-")[:LONGEST_NAME]


def conclude(
    inquiry: Inquiry, runs: QuerySet[Run], actor: User | None, act: str, **detail: Any
) -> Inquiry:
    """Record in the audit trail what *actor* had a model do, where it did anything, and tell those
    who wait for scores of *runs*."""
    endpoint = inquiry.endpoint
    if inquiry.kept:
        with transaction.atomic():
            audit.record(endpoint.project, actor, act, endpoint, **detail)
    scored.send(Run, runs=runs)
    return inquiry
