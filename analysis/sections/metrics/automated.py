"""How well does each automated metric agree with the raters, and could it stand in for one?"""

from __future__ import annotations

from analysis.sections.computing import Computing, Facts
from analysis.sections.metrics.labels import Comparison
from analysis.sections.metrics.numbers import numbers
from analysis.sections.metrics.substitute import substitutes
from analysis.sections.section import Section


def automated(computing: Computing) -> list[Facts]:
    """One section a metric, the study's own first; vectors have a section of their own."""
    if computing.vectors is not None:
        return []
    if computing.data.is_interval:
        found = [numbers(computing, scorer) for scorer in computing.data.automated]
    else:
        found = [Comparison(computing, scorer).section() for scorer in computing.data.automated]
    return [
        section | {"substitute": part}
        for section, part in zip(found, substitutes(computing), strict=True)
    ]


SECTION = Section("automated", "The metric against the raters", automated, of_the_raters=True)
