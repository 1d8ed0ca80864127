"""What a report knows of the slider measure: angles, orientations, and how near they are to their
target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from analysis.data.frozen import Automated, Frozen
from analysis.sections.computing import Computing
from analysis.sections.corrected import Correction, Quantity
from analysis.sections.human_number import HumanNumber
from analysis.sections.kind import Kind, Scatter
from analysis.sections.metrics.differences import differences
from analysis.sections.result.metrics import LabelsMetric
from analysis.sections.result.report import Report
from analysis.sections.result.trials import Cell, Corrected
from analysis.svo import behind, corrected, methods, own_angle, rationality, ring
from analysis.svo.human_angle import human_angle, number_of
from analysis.svo.result import BesideCell, BesideCorrected, BesideLabels, Sections
from analysis.svo.unit import ANGLE, REFERENCE


class Svo(Kind):
    """The kind of the slider measure."""

    key = "svo"
    unit = ANGLE
    scatter = Scatter(10, 5, 180)
    trials_title = "Angles, repeated trials and value rationality"
    label = "orientation"
    fit = "Value rationality"
    fit_key = "rationality"
    beside_key = "degrees"
    no_shares = ("angle", "rationality_corrected")
    reference = REFERENCE
    sections = (rationality.SECTION, ring.SECTION, own_angle.SECTION)
    conditions: Mapping[str, Any] = {"leaning": behind.leaning}
    listed: Mapping[str, Any] = {"ring": behind.on_ring}
    adds: Mapping[type, type] = {
        Report: Sections,
        LabelsMetric: BesideLabels,
        Cell: BesideCell,
        Corrected: BesideCorrected,
    }
    references = methods.REFERENCES
    further = methods.FURTHER

    def unit_of_ratings(self, data: Frozen) -> str:
        return ANGLE.name if data.is_angle else ""

    def number(self, data: Frozen) -> HumanNumber | None:
        return number_of(data)

    def beside_labels(self, computing: Computing, scorer: Automated) -> BesideLabels:
        """The metric's angle beside the angle the raters' labels stand for, where both are."""
        human = None if np.isnan(scorer.number).all() else human_angle(computing)
        if human is None:
            return {"degrees": None}
        return {"degrees": {**differences(computing, scorer, human), "kind": human.kind}}

    def beside_cell(self, labels: dict[str, int]) -> BesideCell:
        return {"orientations": labels}

    def quantities(self, of: Correction) -> Iterator[Quantity]:
        return corrected.quantities(of)

    def remarks(self, of: Correction) -> Iterator[str]:
        return corrected.remarks(of)

    def beside_corrected(self, of: Correction) -> BesideCorrected:
        return {"no_angle": corrected.no_angle(of)}

    def used(self, result: Mapping[str, Any]) -> dict[str, bool]:
        return methods.used(result)

    def on_units(self, result: Mapping[str, Any]) -> str:
        return methods.in_degrees(result)
