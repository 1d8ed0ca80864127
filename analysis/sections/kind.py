"""What a report knows of an instrument's kind beyond the scale of its answers.

The sections compute from labels, numbers and vectors alone. What these mean - a unit, labels that
stand for numbers, how near a trial came to its target - a kind says here, by overriding what it
knows; this class knows nothing. ``analysis.kinds`` finds the kind of a data set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.data.frozen import Automated, Frozen
from analysis.sections.behind import Met, Query
from analysis.sections.human_number import HumanNumber, given
from analysis.sections.result.trials import Cell, LabelsOfCell, Reference
from analysis.sections.section import Section
from analysis.words.units import SCALE, Unit

if TYPE_CHECKING:
    from analysis.sections.computing import Computing
    from analysis.sections.corrected import Correction, Quantity


@dataclass(frozen=True, slots=True)
class Scatter:
    """What planning starts from, in the unit of a trial's number: an SD of trials within a cell, a
    difference of two cells to see, and the most that either can be."""

    within: float
    difference: float
    most: float


class Kind:
    """A kind of which a report knows nothing but the scale of the answers."""

    key = ""
    """The key of the instrument's kind (evaluations.instruments)."""
    unit: Unit = SCALE
    """Of the number of a trial."""
    scatter = Scatter(1.0, 0.5, 1e6)
    """Usual values for planning trials."""
    trials_title = "Repeated trials"
    """What the part of a page is called that tells of trials."""
    label = "label"
    """What a label of a trial is called."""
    fit = ""
    """What the number between 0 and 1 is called that says how near a trial came to its target; ''
    where there is none."""
    fit_key = ""
    """By which word trials that have such a number are asked for."""
    beside_key = ""
    """Under which key a metric of labels has the differences in units of the numbers that labels
    stand for; '' where they stand for none."""
    no_shares: tuple[str, ...] = ()
    """Keys of those of its ``quantities`` that do not lie between 0 and 1."""
    reference: Reference | None = None
    """How reliable the measure is with people: ``value``, ``text``, ``source``, ``caution``."""
    adds: Mapping[type, type] = {Cell: LabelsOfCell}
    """By a type of a report (``sections.result``) the type of what this kind adds to it."""
    sections: tuple[Section, ...] = ()
    """Sections that reports of this kind alone have."""
    caution = ""
    """What a reader of any report of this kind has to know first."""
    caution_code = "of_the_kind"
    """The code of the warning that says so."""

    def unit_of_ratings(self, data: Frozen) -> str:
        """The unit of the numbers that raters give, '' where it is not known."""
        return ""

    def number(self, data: Frozen) -> HumanNumber | None:
        """The raters' number of each item; None where their answers stand for none."""
        return given(data, "numbers", None) if data.is_interval else None

    def beside_labels(self, computing: Computing, scorer: Automated) -> Mapping[str, Any]:
        """Further parts of the section of a metric that gives labels."""
        return {}

    def beside_cell(self, labels: dict[str, int]) -> Mapping[str, Any]:
        """Further facts of a cell; *labels* counts what its trials were called."""
        return LabelsOfCell(labels=labels)

    def quantities(self, of: Correction) -> Iterator[Quantity]:
        """What else is averaged over all trials, before the shares of the labels."""
        return iter(())

    def remarks(self, of: Correction) -> Iterator[str]:
        """What to mind of these quantities."""
        return iter(())

    def beside_corrected(self, of: Correction) -> Mapping[str, Any]:
        """Further parts of the section of what was corrected."""
        return {}

    conditions: Mapping[str, Callable[[Computing, Query], Met]] = {}
    """Further conditions on the items behind a number, by the word that asks."""
    listed: Mapping[str, Callable[[Mapping[str, Any], str], tuple[str, list[int]]]] = {}
    """Words that ask for items that a report lists itself: from the report and what is asked, in
    words and by position."""
    references: Mapping[str, str] = {}
    """Sources of the methods that this kind's sections use, by key."""
    further: Mapping[str, str] = {}
    """What some of these add to a report, in the words of a methods paragraph, by the same key."""

    def used(self, result: Mapping[str, Any]) -> dict[str, bool]:
        """Whether each of ``references`` gave a number in a report."""
        return {}

    def on_units(self, result: Mapping[str, Any]) -> str:
        """What the raters' numbers are where they chose labels, as a sentence of the methods."""
        return ""


class Unknown(Kind):
    """A kind that instruments have and reports know nothing of."""

    caution_code = "unknown_kind"

    def __init__(self, key: str) -> None:
        self.key = key
        self.caution = (
            f"Reports know nothing of the instrument's kind, {key}: they compare the answers on "
            "their scale, and say nothing of what it measures."
        )
