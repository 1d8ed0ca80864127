"""Work on reports, done by one worker at a time who tells how far it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import QuerySet

from analysis.data.dataset import DataSetError
from analysis.data.parameters import ParameterError
from analysis.models import Telling
from evaluations.background import leases

Kind = TypeVar("Kind", bound=Telling)

Tell = Callable[[float, str], None]
"""Says how far the work is (0 to 1) and what is being done next; renews the lease."""


def again(row: Telling) -> None:
    """Take up anew what has failed."""
    rows = type(row)._default_manager
    leases.take_up_again(rows.filter(pk=row.pk, state=row.State.FAILED))


def run(
    rows: QuerySet[Kind],
    pk: int,
    act: Callable[[Kind, Tell], dict[str, Any]],
    after: Callable[[Kind], None] = lambda row: None,
) -> bool:
    """Do the work *pk* of *rows* if nobody else does; whether it was ours to the end.

    *act* gets the row and a Tell, and returns the columns that are stored with the row when it is
    done; *after* gets the row when it is done or has failed. What goes wrong is kept in the row and
    raised.
    """

    def tell(held: leases.Held[Kind], share: float, doing: str) -> None:
        held.renew(share=share, doing=doing)

    def told(held: leases.Held[Kind]) -> dict[str, Any]:
        tell(held, 0, "Reading the data")
        found = act(held.row, lambda share, doing: tell(held, share, doing))
        return {"share": 1, "doing": "", **found}

    return leases.do(rows, pk, told, reasons=(ParameterError, DataSetError), after=after)
