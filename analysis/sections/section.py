"""A part of a report, which says of itself when it applies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.sections.computing import Computing


def always(computing: Computing) -> bool:
    """Of a section that every report has."""
    return True


@dataclass(frozen=True, slots=True)
class Section:
    """``key``: its place in the report; ``doing``: what is done while it is computed, in words;
    ``of_the_raters``: whether it rests on what the raters said.

    Where it does not apply null stands in its place; an ``optional`` one is left out there, so that
    a kind that comes later changes no report of the others.
    """

    key: str
    doing: str
    compute: Callable[[Computing], Any]
    applies: Callable[[Computing], bool] = always
    of_the_raters: bool = False
    optional: bool = False
