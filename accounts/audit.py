"""The one way to write the audit trail."""

from typing import Any

from django.db import models

from accounts.models import AuditEvent, Project, User


def record(
    project: Project | None, actor: User | None, verb: str, subject: models.Model, **detail: Any
) -> AuditEvent:
    """Write down that *actor* (None: the system) did *verb* to *subject*; call it inside the act's
    transaction, so that neither exists without the other."""
    return AuditEvent.objects.create(
        project=project,
        actor=actor,
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        detail=detail,
    )
