"""Comparisons of two computed reports: made at once, or by a worker where they are large."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from accounts.models import Project
from analysis.data.canonical import plain_numbers
from analysis.data.dataset import thaw
from analysis.data.frozen import in_memory
from analysis.data.parameters import Parameters
from analysis.making import computations
from analysis.making.computations import FIRST, REASONS
from analysis.models import Comparison, Computation
from analysis.report.comparison import Side, compare
from analysis.versions.versions import code_of
from evaluations.background import telling
from evaluations.background.telling import Tell

COMPARING = ("analysis.report.comparison", "analysis.data.frozen")
"""What makes a comparison: after a change of its code it is made anew."""


def look(first: Computation, second: Computation) -> Comparison:
    """The comparison of two reports; made now where both sides together are short, else as far as
    it is."""
    asked, _ = _light().get_or_create(first=first, second=second, code=code_of(*COMPARING))
    if asked.is_done or _judgments(first) + _judgments(second) > computations.AT_ONCE:
        return asked
    telling.again(asked)
    work(asked.pk)
    return _light().get(pk=asked.pk)


def current(project: Project, pk: int) -> Comparison | None:
    """A comparison in *project*; None when one of its reports has been replaced."""
    return _light().filter(first__study__project=project, pk=pk).first()


def work(pk: int) -> bool:
    """Compare the two reports if nobody else does; whether it was ours to do.

    What goes wrong is kept in the row and raised.
    """
    return telling.run(
        Comparison.objects.select_related("first", "second"),
        pk,
        _compare,
        first=FIRST,
        reasons=REASONS,
    )


def _light() -> QuerySet[Comparison]:
    """Rows with what says which reports they compare, without what may be megabytes."""
    big = ("first__content", "first__result", "second__content", "second__result")
    return Comparison.objects.select_related("first__study", "second__study").defer(*big)


def _judgments(computation: Computation) -> int:
    return int(computation.result["overview"]["counts"]["judgments"])


def _compare(asked: Comparison, tell: Tell) -> dict[str, Any]:
    """The columns of a comparison that is done."""
    return {"result": plain_numbers(compare(_side(asked.first), _side(asked.second), tell))}


def _side(computation: Computation) -> Side:
    data = in_memory(computation.sha256, thaw(computation.data_set))
    return Side(data, Parameters.from_dict(computation.parameters), computation.result)
