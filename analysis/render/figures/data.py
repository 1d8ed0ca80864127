"""What each figure draws, as rows taken from the result of a report; None when there is nothing."""

from __future__ import annotations

import math
from typing import Any

from analysis.kinds import kind_of

Rows = list[dict[str, Any]]
Part = dict[str, Any]
MAX_GROUPS = 40
MAX_MODELS = 6
MAX_ON_RING = 400


def first_labels(result: Part) -> Part | None:
    """The first metric that gives labels, which is the study's own where it has one."""
    return next((part for part in result["automated"] if part["kind"] == "labels"), None)


def confusion(result: Part) -> Rows:
    """Items by consensus and automated label, with the share of the row; empty rows left out."""
    section = first_labels(result)
    if section is None:
        return []
    matrix = section["matrix"]
    return [
        {"consensus": row, "automated": column, "items": n, "share": n / sum(counts)}
        for row, counts in zip(matrix["rows"], matrix["counts"], strict=True)
        if sum(counts)
        for column, n in zip(matrix["columns"], counts, strict=True)
    ]


def forest(result: Part) -> Rows:
    """Agreement of the first metric with the raters in each group that has an interval."""
    section = result["groups"]
    if section is None or not section["metrics"]:
        return []
    return _forest(section["metrics"][0]["by"], ("accuracy", "ccc"))


def forest_humans(result: Part) -> Rows:
    """Alpha of the raters in each group that has an interval."""
    section = result["groups"]
    return _forest(section["humans"]["by"], ("alpha",)) if section else []


def _forest(by: list[Part], keys: tuple[str, ...]) -> Rows:
    """The first groups first; a fact with one group compares nothing and is left out."""
    found: Rows = []
    for part in by:
        known = [
            {
                "by": part["title"],
                "group": row["group"],
                "items": row["items"],
                "statistic": row[key]["name"],
                "value": row[key]["value"],
                "low": row[key]["interval"]["low"],
                "high": row[key]["interval"]["high"],
            }
            for row in part["rows"]
            for key in keys
            if key in row and row[key]["defined"] and row[key]["interval"]
        ]
        if len(part["rows"]) > 1 or part["fact"] == "model":
            found += known
    return found[:MAX_GROUPS]


def radar(result: Part) -> Rows:
    """Corners of the polygons: value rationality by model, goal and kind, one spoke a target.

    Raw values lie between 0 and 1 and are drawn as they are; corrected ones below 0 are drawn at
    the centre, which the title says.
    """
    section = result.get("rationality")
    if section is None:
        return []
    spokes = sorted({row["target_value"] for row in section["rows"]})
    if len(spokes) < 3:
        return []
    models = sorted({row["model"] for row in section["rows"]})[:MAX_MODELS]
    found = []
    for row in section["rows"]:
        if row["model"] not in models:
            continue
        turn = 2 * math.pi * spokes.index(row["target_value"]) / len(spokes)
        for kind, value in (("raw", row["raw"]), ("chance-corrected", row["corrected"])):
            if value is None:
                continue
            length = min(max(value, 0.0), 1.0)
            found.append(
                {
                    "model": row["model"],
                    "goal": "goal named" if row["with_goal"] else "goal not named",
                    "kind": kind,
                    "target": row["target_value"],
                    "spoke": spokes.index(row["target_value"]),
                    "value": value,
                    "x": length * math.sin(turn),
                    "y": length * math.cos(turn),
                }
            )
    return found


def corrected(result: Part) -> Rows:
    """Shares and value rationality over all scored trials by the first corrected metric: as it says
    and as corrected by the raters. The mean angle is in degrees and has no place on this axis."""
    section = next((part for part in result["corrected"] if part["defined"]), None)
    if section is None:
        return []
    return [
        {
            "what": row["label"],
            "uncorrected": row["uncorrected"],
            "corrected": row["corrected"]["value"],
            "low": row["corrected"]["interval"]["low"],
            "high": row["corrected"]["interval"]["high"],
        }
        for row in section["rows"]
        if row["key"] not in ("angle", "mean", "rationality_corrected")
        and row["corrected"]["defined"]
        and row["corrected"]["interval"]
    ]


def bland_altman(result: Part) -> Rows:
    """Mean and difference of each item, for the first metric that has both in one unit."""
    section = differences(result)
    if section is None:
        return []
    return [
        {"item": int(position), "mean": x, "difference": y}
        for x, y, position in section["differences"]
    ]


def differences(result: Part) -> Part | None:
    """The first section that compares a metric with the raters in units of the scale."""
    beside = kind_of(result["study"]).beside_key
    parts = [
        part if part["kind"] == "numbers" else part.get(beside) for part in result["automated"]
    ]
    return next((part for part in parts if part and part["differences"]), None)


def ring(result: Part) -> Rows:
    """Each judged trial: the metric's angle, the raters' angle and what they call it."""
    section = result.get("ring")
    if section is None:
        return []
    step = max(1, -(-len(section["points"]) // MAX_ON_RING))
    return [
        {
            "item": point["position"],
            "automated": point["angle"],
            "human": point.get("human"),
            "consensus": point["consensus"],
        }
        for point in section["points"][::step]
    ]


def calibration(result: Part) -> Rows:
    """Agreement with the other raters at each confidence."""
    rows = [row for row in result["raters"]["calibration"] if row["agreement"] is not None]
    return _columns(rows, "confidence", "judgments", "agreement")


def disagreement(result: Part) -> Rows:
    """When one rater said the one label, how often another said the other."""
    return _columns(result["raters"]["mixed_up"], "one", "other", "share", "of")


def _columns(rows: Rows, *names: str) -> Rows:
    """Rows with their columns in this order: PostgreSQL keeps the keys of a stored result in one
    of its own."""
    return [{name: row[name] for name in names} for row in rows]
