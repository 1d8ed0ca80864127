"""Conditions as cells store them."""

from typing import Any

from evaluations.definitions.catalogue import instrument_of
from evaluations.instruments.base import Condition
from evaluations.models import Cell


def condition_of(cell: Cell) -> Condition:
    """The condition a cell stores."""
    kind = instrument_of(cell.run.instrument).kind
    return Condition(
        target=cell.target_value,
        with_goal=cell.with_goal,
        induction=cell.induction,
        value_place=cell.value_place,
        own=kind.condition({field.name: getattr(cell, field.name) for field in kind.fields}),
    )


def columns_of(condition: Condition) -> dict[str, Any]:
    """The columns of the cell that stores a condition."""
    return {
        "target_value": condition.target,
        "with_goal": condition.with_goal,
        "induction": condition.induction,
        "value_place": condition.value_place,
        **condition.own.stored(),
    }
