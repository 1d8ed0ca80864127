"""The kind 'values': ten values that free answers support or oppose."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.sections.kind import Kind
from analysis.sections.result.report import Report
from analysis.values import aligned, by_value
from analysis.values.result import Sections


class Values(Kind):
    """Its scores are vectors, which every report compares by concordance; what stands here is what
    a reader has to know of them first, and each value by itself."""

    key = "values"
    label = "value"
    trials_title = "Repeated answers"
    caution = (
        "Most answers involve few of the ten values, so that agreement with zeros included is high "
        "by itself: read each value beside how often it occurs. Where each prompt was answered by "
        "one model alone, models and prompts cannot be told apart."
    )
    sections = (by_value.SECTION, aligned.SECTION)
    adds: Mapping[type, type] = {**Kind.adds, Report: Sections}
