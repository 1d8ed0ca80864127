"""What each figure draws, as rows taken from the result of a report; None when there is nothing."""

from __future__ import annotations

import math
from typing import Any

Rows = list[dict[str, Any]]
Part = dict[str, Any]
MAX_GROUPS = 40
MAX_MODELS = 6


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
    """Agreement with the consensus of each group that has an estimate with an interval."""
    section = result["groups"]
    if section is None or not section["metrics"]:
        return []
    return [
        {
            "by": part["title"],
            "group": row["group"],
            "items": row["items"],
            "value": row["accuracy"]["value"],
            "low": row["accuracy"]["interval"]["low"],
            "high": row["accuracy"]["interval"]["high"],
        }
        for part in section["metrics"][0]["by"]
        for row in part["rows"]
        if row["accuracy"]["defined"] and row["accuracy"]["interval"]
    ][:MAX_GROUPS]


def radar(result: Part) -> Rows:
    """Corners of the polygons: value rationality by model, goal and kind, one spoke a target.

    Raw values lie between 0 and 1 and are drawn as they are; corrected ones below 0 are drawn at
    the centre, which the title says.
    """
    section = result["rationality"]
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
        for kind in ("raw", "corrected"):
            if row[kind] is None:
                continue
            length = min(max(row[kind], 0.0), 1.0)
            found.append(
                {
                    "model": row["model"],
                    "goal": "goal named" if row["with_goal"] else "goal not named",
                    "kind": kind,
                    "target": row["target_value"],
                    "spoke": spokes.index(row["target_value"]),
                    "value": row[kind],
                    "x": length * math.sin(turn),
                    "y": length * math.cos(turn),
                }
            )
    return found


def bland_altman(result: Part) -> Rows:
    """Mean and difference of each item, for the first metric that gives numbers."""
    section = numbers(result)
    return [{"mean": x, "difference": y} for x, y in section["differences"]] if section else []


def numbers(result: Part) -> Part | None:
    return next((part for part in result["automated"] if part["kind"] == "numbers"), None)


def calibration(result: Part) -> Rows:
    """Agreement with the other raters at each confidence."""
    return [row for row in result["raters"]["calibration"] if row["agreement"] is not None]


def disagreement(result: Part) -> Rows:
    """When one rater said the one label, how often another said the other."""
    return result["raters"]["mixed_up"]
