"""The kind 'values': ten values that free answers support or oppose."""

from __future__ import annotations

from analysis.sections.kind import Kind


class Values(Kind):
    """Its scores are vectors, which every report compares value by value; what stands here is what
    a reader has to know of them first."""

    key = "values"
    label = "value"
    trials_title = "Repeated answers"
    caution = (
        "Most answers involve few of the ten values, so that agreement with zeros included is high "
        "by itself: read each value beside how often it occurs. Where each prompt was answered by "
        "one model alone, models and prompts cannot be told apart."
    )
