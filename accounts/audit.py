"""The one writer of the audit trail: who did what to whom, and what was before and after.

Call it inside the act's transaction, so that neither exists without the other. A test finds whoever
else writes an entry.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.db import models

from accounts.models import AuditEvent, Project, User

Values = Mapping[str, Any]
"""Values by the names of what they are values of, as JSON can hold them."""


class Change(NamedTuple):
    """The values that an act changed, as they were and as they are; None: there was nothing yet."""

    before: Values | None
    after: Values


def record(
    project: Project | None,
    actor: User | None,
    verb: str,
    subject: models.Model,
    change: Change | None = None,
    /,
    **facts: Any,
) -> AuditEvent:
    """Write down that *actor* (None: the system) did *verb* to *subject*; *facts* are what is worth
    knowing of it besides what it changed."""
    entry = _entry(project, actor, verb, subject, change, facts)
    entry.save()
    return entry


def record_each(
    project: Project | None,
    actor: User | None,
    verb: str,
    subjects: Iterable[tuple[models.Model, Change]],
) -> None:
    """Write down the same of many subjects, each with its change, in one statement."""
    AuditEvent.objects.bulk_create(
        _entry(project, actor, verb, subject, change, {}) for subject, change in subjects
    )


def _entry(
    project: Project | None,
    actor: User | None,
    verb: str,
    subject: models.Model,
    change: Change | None,
    facts: Values,
) -> AuditEvent:
    values = change._asdict().items() if change else ()
    changed = {name: found for name, found in values if found is not None}
    return AuditEvent(
        project=project,
        actor=actor,
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        detail=changed | dict(facts),
    )
