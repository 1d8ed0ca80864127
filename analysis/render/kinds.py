"""What is shown of each kind of instrument, by key; as analysis.kinds, of pages and files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.render.shown import Shown
from analysis.render.svo.shown import SvoShown
from analysis.render.values.shown import ValuesShown
from evaluations.instruments.kinds import DEFAULT_KIND

SHOWN: dict[str, Shown] = {"svo": SvoShown(), "values": ValuesShown()}


def shown_of(study: Mapping[str, Any]) -> Shown:
    """What is shown of the kind that a report's facts of its study name; of one without a room here
    what every report has."""
    return SHOWN.get(study.get("instrument", DEFAULT_KIND)) or Shown()
