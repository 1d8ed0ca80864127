"""What pages and files show of an instrument's kind beyond what every report has.

As ``analysis.sections.kind`` says what a kind computes, this says how that is shown; the class
knows nothing, and a kind overrides what it knows. ``analysis.render.kinds`` finds it by the report.
It stands apart from what is computed, so that a colour makes no report an older one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.render.theme import Drawing
from analysis.words.sheet import Part, Sheet

AMONG_RATERS = "among_raters"
ABOVE_TRIALS, BELOW_TRIALS, OF_RATERS = "above_trials", "below_trials", "of_raters"
"""Where on a page a piece stands: with the raters' agreement, around the part about trials, and
below that about single raters."""

Headed = tuple[tuple[str, tuple[str, ...]], ...]
"""Headings of a text, each with the parts of the report whose tables stand below it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the page of a report: its template, and whether a report has anything for it."""

    template: str
    applies: Callable[[Part], bool]


class Shown:
    """A kind of which nothing is shown but what every report has."""

    drawings: Mapping[str, Drawing] = {}
    """Its figures, by their name in addresses and archives."""
    pieces: Mapping[str, tuple[Piece, ...]] = {}
    """Parts of the page, by where they stand."""
    above_raters: Headed = ()
    """Headings of a text that stand before 'Rater by rater'."""
    with_raters: tuple[str, ...] = ()
    """Parts whose tables stand below that one."""
    at_the_end: Headed = ()
    """Headings behind those of every report."""

    def sheets_of_trials(self, result: Part) -> Iterator[Sheet]:
        """Tables before those of the trials."""
        return iter(())

    def sheets_of_raters(self, result: Part) -> Iterator[Sheet]:
        """Tables behind those of the raters."""
        return iter(())

    def remarks_on_corrected(self, section: Part) -> Iterator[str]:
        """What stands below the table of a metric's corrected quantities."""
        return iter(())

    def facts(self, result: Part, address_of: Callable[[int], str]) -> Mapping[str, Any]:
        """What its ``pieces`` draw, by name; *address_of*: the page of a trial, by its id."""
        return {}
