"""Tables of angles: the ring, repeated trials of a cell, value rationality, raters' own angles."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.words.sheet import DEGREES, Counted, Figure, Part, Sheet, listing


def ring(section: Part | None) -> Iterator[Sheet]:
    if section is None:
        return
    yield Sheet(
        "ring",
        "ring",
        "Automated angle by human consensus",
        ("Human consensus", "Trials", "Mean angle", "Lowest", "Highest"),
        [
            [
                row["consensus"],
                Counted(row["items"], {"ring": row["consensus"]}),
                *(Figure(row[name], DEGREES) for name in ("mean", "low", "high")),
            ]
            for row in section["by_consensus"]
        ],
    )


def rationality(section: Part | None) -> Iterator[Sheet]:
    if section is None:
        return
    yield Sheet(
        "rationality",
        "rationality",
        f"Value rationality by {section['scorer']}",
        ("Model", "Target value", "Goal", "Trials", "Raw", "Chance-corrected"),
        [
            [
                row["model"] + _simulated(row),
                row["target_value"],
                "named" if row["with_goal"] else "not named",
                Counted(
                    row["trials"],
                    {
                        "trials": "rationality",
                        "metric": section["scorer"],
                        "of_model": row["model"],
                        "of_target": row["target_value"],
                        "of_goal": str(int(row["with_goal"])),
                    },
                ),
                Figure(row["raw"]),
                Figure(row["corrected"]),
            ]
            for row in section["rows"]
        ],
        text_columns=3,
    )


def trials(section: Part | None) -> Iterator[Sheet]:
    if section is None:
        return
    title = "Internal consistency over the trials of a cell"
    yield listing("trials", "trials", title, section["statistics"])
    yield Sheet(
        "cells",
        "trials",
        "Angles of each cell",
        ("Model", "Condition", "Trials", "Scored", "Mean", "SD", "Lowest", "Highest"),
        [
            [
                row["model"] + _simulated(row),
                row["condition"],
                Counted(row["trials"], _of_cell(section, at, "all")),
                Counted(row["scored"], _of_cell(section, at, "angle")),
                Figure(row["mean"], DEGREES, none="no angle"),
                Figure(row["sd"], DEGREES, none="–" if row["mean"] is None else "one trial"),
                Figure(row["low"], DEGREES),
                Figure(row["high"], DEGREES),
            ]
            for at, row in enumerate(section["cells"])
        ],
        text_columns=2,
    )


def _of_cell(section: Part, at: int, trials: str) -> dict[str, str]:
    return {"trials": trials, "metric": section["scorer"], "cell": str(at)}


def _simulated(row: Part) -> str:
    """What stands behind the name of a model whose trials are simulated, unless it says so."""
    return " (simulated)" if row["simulated"] and "simulated" not in row["model"].lower() else ""


def own_angle(section: Part | None) -> Iterator[Sheet]:
    if section is None or not section["raters"]:
        return
    title = "Does a rater's own orientation colour the judgments?"
    remarks = [
        "Leaning: the rater's angle minus the mean of the other raters of an item, in degrees; "
        "above 0 they see more regard for the other than the others do."
    ]
    yield listing("own-angle", "own_angle", title, section["statistics"], remarks=remarks)
    yield Sheet(
        "own-angle-raters",
        "own_angle",
        "Own angle and leaning of each rater",
        ("Rater", "Own angle", "Leaning", "On items"),
        [
            [
                row["rater"],
                Figure(row["own_angle"], DEGREES),
                Figure(row["leaning"], DEGREES),
                Counted(row["items"], {"leaning": row["rater"]}),
            ]
            for row in section["raters"]
        ],
    )
