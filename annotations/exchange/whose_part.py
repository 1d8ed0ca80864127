"""Whose exchange it is, in one statement: a member's part with its study and project.

The same rows as `annotations.taking_part.parts` would load through models, at a fifth of the cost:
the statement and the conversion of its columns are worked out once.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Model

from accounts.access import STAFF_ROLES
from accounts.models import Project, Role
from annotations.models import Rater, Study

LOADED: tuple[tuple[type[Model], str], ...] = (
    (Rater, "rater"),
    (Study, "study"),
    (Project, "project"),
)


def part_of_member(user_id: int, project_slug: str, study_slug: str) -> Rater | None:
    """The part of a member who may judge and sees no scores; None for everybody else."""
    with connection.cursor() as cursor:
        cursor.execute(
            _statement(), {"user": user_id, "project": project_slug, "study": study_slug}
        )
        row = cursor.fetchone()
    if row is None:
        return None
    rater, study, project = _instances(row)
    rater.study, study.project = study, project
    return rater


@lru_cache
def _statement() -> str:
    columns = ", ".join(
        f'{alias}."{field.column}"'
        for model, alias in LOADED
        for field in model._meta.concrete_fields
    )
    membership = (
        "SELECT 1 FROM accounts_membership AS membership WHERE membership.user_id = %(user)s"
        " AND membership.project_id = project.id AND membership.role"
    )
    staff = ", ".join(f"'{role.value}'" for role in STAFF_ROLES)
    return (
        f"SELECT {columns} FROM annotations_rater AS rater"  # noqa: S608 - names of columns, roles
        " JOIN annotations_study AS study ON study.id = rater.study_id"
        " JOIN accounts_project AS project ON project.id = study.project_id"
        " WHERE rater.user_id = %(user)s AND study.slug = %(study)s AND project.slug = %(project)s"
        f" AND EXISTS ({membership} = '{Role.RATER.value}')"
        f" AND NOT EXISTS ({membership} IN ({staff}))"
    )


def _instances(row: Sequence[Any]) -> list[Any]:
    found, start = [], 0
    for model, names, converters in _conversions(connection.alias):
        values = list(row[start : start + len(names)])
        for place, convert in converters:
            values[place] = convert(values[place])
        found.append(model.from_db(connection.alias, names, values))
        start += len(names)
    return found


@lru_cache
def _conversions(
    _alias: str,
) -> list[tuple[type[Model], list[str], list[tuple[int, Callable[[Any], Any]]]]]:
    """Of each model: its fields, and how columns become values where they are not yet."""
    return [
        (
            model,
            [field.attname for field in model._meta.concrete_fields],
            [
                (place, _converter(field, alias))
                for place, field in enumerate(model._meta.concrete_fields)
                if _converters(field, alias)
            ],
        )
        for model, alias in LOADED
    ]


def _converters(field: Any, alias: str) -> list[Callable[[Any, Any, Any], Any]]:
    column = field.get_col(alias)
    return [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]


def _converter(field: Any, alias: str) -> Callable[[Any], Any]:
    column, steps = field.get_col(alias), _converters(field, alias)

    def convert(value: Any) -> Any:
        for step in steps:
            value = step(value, column, connection)
        return value

    return convert
