"""The items behind numbers of the raters' leanings and behind those of the ring."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.sections.behind import Met, NoSuchNumber, Query, among, rater_of
from analysis.sections.computing import Computing
from analysis.svo.human_angle import human_angle


def leaning(computing: Computing, query: Query) -> Met:
    """Put at an angle by a rater and by another one."""
    human, name = human_angle(computing), query["leaning"]
    rater = rater_of(computing, name)
    if human is None:
        raise NoSuchNumber("The raters' answers stand for no angle.")
    ratings = human.ratings
    mine = among(computing, ratings.unit[ratings.rater == rater])
    return f"Put at an angle by {name} and by another rater.", mine & (ratings.per_unit() > 1)


def on_ring(result: Mapping[str, Any], called: str) -> tuple[str, list[int]]:
    """The trials on the ring that the raters call so, by the positions of their items."""
    points = result["ring"]["points"] if result["ring"] else []
    found = [point["position"] for point in points if point["consensus"] == called]
    if not found:
        raise NoSuchNumber(f"No trial on the ring is called {called!r}.")
    return f"With an angle, called {called} by the raters.", found
