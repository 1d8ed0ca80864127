"""The scorable trials of a run as marks on the ring, and the numbers behind them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from django.urls import reverse

from evaluations.instruments.svo import Orientation
from evaluations.models import Run
from evaluations.pages.queries import ScoreRow

MOST_RING_POINTS = 600
"""Trials drawn on one ring; of more, every n-th is drawn and the caption says so."""


def ring_points(run: Run, rows: Sequence[ScoreRow]) -> tuple[list[dict[str, Any]], int]:
    """A mark for each scorable trial, evenly thinned, and how many were left out."""
    scored = [row for row in rows if row.number is not None]
    step = -(-len(scored) // MOST_RING_POINTS) or 1
    points = [
        {
            "angle": row.number,
            "radius": None,
            "kind": row.label,
            "label": f"trial {row.trial_number}: {row.number:.1f}°, {row.label}",
            "href": reverse("trial", args=[run.project.slug, row.trial_id]),
        }
        for row in scored[::step]
    ]
    return points, len(scored) - len(points)


@dataclass(frozen=True)
class Sector:
    """The scorable trials of one orientation; angles in degrees."""

    orientation: str
    trials: int
    mean: float
    low: float
    high: float


def sectors(rows: Sequence[ScoreRow]) -> list[Sector]:
    """The ring as a table: one row an orientation that occurs, in the order of the product."""
    angles: Mapping[str, list[float]] = {value.value: [] for value in Orientation}
    for row in rows:
        if row.number is not None:
            angles[row.label].append(row.number)
    return [
        Sector(value, len(found), fmean(found), min(found), max(found))
        for value, found in angles.items()
        if found
    ]
