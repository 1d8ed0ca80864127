"""The one writer of the audit trail: who did what to whom, and what was before and after.

Call it inside the act's transaction, so that neither exists without the other. A test finds whoever
else writes an entry, and every way to act that writes none.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.forms import BaseForm

from accounts.acting import acting
from accounts.models import AuditEvent, Project, User

Values = Mapping[str, Any]
"""Values by the names of what they are values of."""

HIDDEN = "(hidden)"
"""What stands in the trail for the value of a secret."""
SECRETS_OF_OTHERS = {"mfa.authenticator": {"data"}}
"""Fields that hold secrets in models that are not ours; ours name them in `SECRETS`."""


class Change(NamedTuple):
    """The values that an act changed, as they were and as they are; None: there was nothing yet."""

    before: Values | None
    after: Values


class OutsideTransaction(Exception):
    """An entry was to be written that could stay while its act is undone."""


def record(
    project: Project | None,
    actor: User | None,
    verb: str,
    subject: models.Model,
    change: Change | None = None,
    /,
    **facts: Any,
) -> AuditEvent:
    """Write down that *actor* (None: nobody with an account) did *verb* to *subject*; *facts* are
    what is worth knowing of it besides what it changed. Raises OutsideTransaction."""
    _check_transaction(verb)
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
    _check_transaction(verb)
    AuditEvent.objects.bulk_create(
        _entry(project, actor, verb, subject, change, {}) for subject, change in subjects
    )


def snapshot(row: models.Model, names: Iterable[str] | None = None) -> dict[str, Any]:
    """The values of the columns of *row* (or of *names* among them), to compare with later ones."""
    chosen = names or [field.attname for field in row._meta.concrete_fields]
    return {name: getattr(row, name) for name in chosen}


def since(before: Values, row: models.Model) -> Change:
    """What of a `snapshot` of *row* has changed."""
    now = snapshot(row, before)
    changed = [name for name in before if now[name] != before[name]]
    return Change({name: before[name] for name in changed}, {name: now[name] for name in changed})


def change_by(form: BaseForm) -> Change:
    """What a valid *form* changes: its fields with another value than they had at first."""
    had = {
        name: form.get_initial_for_field(form.fields[name], name)
        for name in form.changed_data
        if name in form.fields
    }
    has = {name: form.cleaned_data.get(name, HIDDEN) for name in form.changed_data}
    # What was written another way only, such as a date, is what it was.
    changed = [name for name in has if _plain(had.get(name)) != _plain(has[name])]
    before = {name: had[name] for name in changed if name in had}
    return Change(before, {name: has[name] for name in changed})


def _check_transaction(verb: str) -> None:
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction(f"{verb!r} was to be written down outside of its transaction.")


def _entry(
    project: Project | None,
    actor: User | None,
    verb: str,
    subject: models.Model,
    change: Change | None,
    facts: Values,
) -> AuditEvent:
    values = change._asdict().items() if change else ()
    secrets = _secrets_of(subject)
    changed = {name: _told(found, secrets) for name, found in values if found is not None}
    door, by = acting()
    return AuditEvent(
        project=project,
        actor=actor,
        door=door,
        by=by[:150],
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        detail=changed | _told(facts, secrets),
    )


def _secrets_of(subject: models.Model) -> set[str]:
    named = set(getattr(subject, "SECRETS", ()))
    return {"password"} | named | SECRETS_OF_OTHERS.get(subject._meta.label_lower, set())


def _told(values: Values, secrets: set[str]) -> dict[str, Any]:
    """*values* as JSON holds them, without what is secret."""
    return {
        name: HIDDEN if name in secrets and value else _plain(value)
        for name, value in values.items()
    }


def _plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, models.QuerySet | list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    return json.loads(json.dumps(value, cls=_Encoder))


class _Encoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        try:
            return super().default(o)
        except TypeError:
            return str(o)
