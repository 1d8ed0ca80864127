"""The targets that a report compares with: the published ones, and those its instruments bring."""

from __future__ import annotations

from analysis.data.frozen import Frozen
from evaluations.instruments.values.targets import PUBLISHED, ValueTarget


def known_targets(data: Frozen) -> list[ValueTarget]:
    """The published ones first, then those of the study's own instruments."""
    return [*PUBLISHED, *(ValueTarget(**facts) for facts in data.content.get("targets", []))]
