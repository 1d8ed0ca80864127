"""What data sets hold for one kind of instrument alone, by its key; as analysis.kinds, of data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from analysis.data.kinds.svo.own_angles import own_angles
from analysis.data.kinds.values.own_targets import own_targets
from annotations.models import Study

Columns = Callable[[Study, list[int]], dict[str, list[Any]]]
RATERS: dict[str, Columns] = {"svo": own_angles}
"""Columns over the raters, from their ids."""
OF_STUDY: dict[str, Callable[[Study], dict[str, Any]]] = {"values": own_targets}
"""Further parts of a data set; a study that has none of it keeps its hash."""


def columns_of_raters(kind: str, study: Study, raters: list[int]) -> dict[str, list[Any]]:
    """What an instrument of that *kind* lets a study know of *raters* (ids); nothing of a kind
    without a room here."""
    columns = RATERS.get(kind)
    return columns(study, raters) if columns else {}


def parts_of(kind: str, study: Study) -> dict[str, Any]:
    """What only data sets of an instrument of that *kind* hold."""
    parts = OF_STUDY.get(kind)
    return parts(study) if parts else {}
