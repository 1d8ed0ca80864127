"""How well does each automated metric agree with the raters, and could it stand in for one?"""

from __future__ import annotations

from analysis.sections.computing import Computing
from analysis.sections.metrics.labels import Comparison
from analysis.sections.metrics.numbers import numbers
from analysis.sections.metrics.substitute import substitutes
from analysis.sections.result.metrics import LabelsMetric, NumbersMetric
from analysis.sections.section import Section


def automated(computing: Computing) -> list[LabelsMetric | NumbersMetric]:
    """One section a metric, the study's own first; vectors have a section of their own."""
    if computing.vectors is not None:
        return []
    found: list[LabelsMetric | NumbersMetric] = [
        numbers(computing, scorer)
        if computing.data.is_interval
        else Comparison(computing, scorer).section()
        for scorer in computing.data.automated
    ]
    for section, part in zip(found, substitutes(computing), strict=True):
        section["substitute"] = part
    return found


SECTION = Section("automated", "The metric against the raters", automated, of_the_raters=True)
