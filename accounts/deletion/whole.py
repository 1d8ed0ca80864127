"""Deleting something whole: what goes with it is found from the models, counted, and named before.

Rows that are only ever added (what a model or a person said) go together with their owner and not
otherwise. Large owners have millions of them: they are deleted by the database, never loaded.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, models, transaction

from accounts.audit import record
from accounts.models import Project, User


class DeletionRefused(Exception):
    """What cannot be deleted as things are; says why and what to do first."""


Rows = dict[type[models.Model], models.Q]
"""Which rows of a model go, by model."""


@dataclass(frozen=True)
class Going:
    """What goes with a thing: rows by what they are called, most first, without those of nobody's
    interest by itself."""

    counts: Mapping[str, int]

    @property
    def rows(self) -> list[tuple[str, int]]:
        return list(self.counts.items())

    @property
    def words(self) -> str:
        """'3 cells, 40 trials and 720 turns'; 'nothing else' for a thing by itself."""
        found = [f"{number:,} {name}" for name, number in self.counts.items()]
        if len(found) < 2:
            return found[0] if found else "nothing else"
        return f"{', '.join(found[:-1])} and {found[-1]}"


def going_with(thing: models.Model) -> Going:
    """Count the rows that go with *thing*, itself left out."""
    counts = {}
    for model, which in _rows(thing).items():
        if model is not type(thing) and (number := _manager(model).filter(which).count()):
            name = model._meta.verbose_name if number == 1 else model._meta.verbose_name_plural
            counts[str(name)] = number
    return Going(dict(sorted(counts.items(), key=lambda pair: -pair[1])))


@transaction.atomic
def delete_whole(
    thing: models.Model, project: Project, actor: User | None, typed: str, **detail: Any
) -> Going:
    """Delete *thing* with all that hangs on it, and write that down; returns what went.

    *typed* must be its name, so that nobody deletes by a slip. Raises DeletionRefused.
    """
    name = str(thing)
    if typed.strip() != name.strip():
        raise DeletionRefused(f"Type the name {name} to delete it; nothing was deleted.")
    # Whoever adds to it at this moment waits, or finds it gone.
    if not _manager(type(thing)).select_for_update().filter(pk=thing.pk).exists():
        raise DeletionRefused(f"{name} is gone already.")
    going = going_with(thing)
    rows = _rows(thing)
    _refuse_what_is_used(name, rows)
    kind = str(thing._meta.verbose_name)
    owner = None if thing == project else project
    _let_go(rows)
    for model in _children_first(rows):
        _manager(model).filter(rows[model])._raw_delete(using=connection.alias)
    record(owner, actor, f"{kind} deleted", thing, name=name, gone=dict(going.counts), **detail)
    return going


def _manager(model: type[models.Model]) -> models.Manager:
    return model._base_manager


def _rows(thing: models.Model) -> Rows:
    """The rows that go with *thing*, along every relation that cascades.

    A model may be reached by several ways (an answer by its trial and by its turn): its rows are
    those of any.
    """
    found: Rows = {}
    _follow(type(thing), models.Q(pk=thing.pk), found)
    return found


def _follow(model: type[models.Model], which: models.Q, found: Rows) -> None:
    found[model] = found[model] | which if model in found else which
    for relation in model._meta.related_objects:
        if relation.on_delete is models.CASCADE:
            parents = _manager(model).filter(which).values("pk")
            by = models.Q(**{f"{relation.field.name}__in": parents})
            _follow(relation.related_model, by, found)


def _refuse_what_is_used(name: str, rows: Rows) -> None:
    """Raise DeletionRefused where something that stays rests on something that would go."""
    for model, which in rows.items():
        for relation in model._meta.related_objects:
            if relation.on_delete is not models.PROTECT:
                continue
            user: type[models.Model] = relation.related_model
            used = models.Q(**{f"{relation.field.name}__in": _manager(model).filter(which)})
            users = _manager(user).filter(used)
            if user in rows:
                users = users.exclude(rows[user])
            if number := users.count():
                raise DeletionRefused(
                    f"{name} is used by {number:,} {user._meta.verbose_name_plural}: delete what "
                    "they belong to first. Nothing was deleted."
                )


def _let_go(rows: Rows) -> None:
    """Empty what names a row that goes, where it may be empty: what names it stays."""
    for model, which in rows.items():
        for relation in model._meta.related_objects:
            if relation.on_delete is models.SET_NULL:
                gone = _manager(model).filter(which).values("pk")
                named = {f"{relation.field.name}__in": gone}
                _manager(relation.related_model).filter(**named).update(
                    **{relation.field.name: None}
                )


def _children_first(rows: Iterable[type[models.Model]]) -> list[type[models.Model]]:
    """The models so that none comes before one that points to it."""
    left, ordered = list(rows), []
    while left:
        parents = {
            field.related_model
            for model in left
            for field in model._meta.concrete_fields
            if field.is_relation and field.related_model is not model
        }
        free = [model for model in left if model not in parents]
        if not free:
            raise ValueError(f"models that point to each other: {left}")
        ordered += free
        left = [model for model in left if model not in free]
    return ordered
