"""Tables of angles: the ring, value rationality, raters' own angles."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.svo.unit import ANGLE
from analysis.words.sheet import Counted, Figure, Part, Sheet, listing
from analysis.words.simulated import model_name


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
                *(Figure(row[name], ANGLE) for name in ("mean", "low", "high")),
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
                model_name(row),
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
                Figure(row["own_angle"], ANGLE),
                Figure(row["leaning"], ANGLE),
                Counted(row["items"], {"leaning": row["rater"]}),
            ]
            for row in section["raters"]
        ],
    )
