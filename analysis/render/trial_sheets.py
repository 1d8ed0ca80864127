"""Tables of all trials: corrected results, value rationality, repeated trials of a cell."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.render.sheet import DEGREES, RATIO, Cell, Figure, Part, Sheet, listing

CORRECTED = ("Uncorrected", "Raters, judged trials", "Corrected for all trials")


def corrected(sections: list[Part]) -> Iterator[Sheet]:
    for at, section in enumerate(sections, start=1):
        if not section["defined"]:
            continue
        remarks = list(section["remarks"])
        if section["no_angle"]:
            remarks.append(f"No corrected mean angle: {section['no_angle']}.")
        yield Sheet(
            f"corrected{at}",
            "corrected",
            f"{section['name']}: all {section['trials']:,} scored trials, corrected by the "
            f"{section['judged']:,} judged ones",
            ("What", *CORRECTED),
            [[row["label"], *_corrected_cells(row)] for row in section["rows"]],
            remarks=[*remarks, f"{section['source']}."],
        )
        yield Sheet(
            f"corrected{at}-models",
            "corrected_models",
            f"{section['name']}: the same for each model",
            ("Model", "What", "Judged", "Scored", *CORRECTED),
            [
                [
                    part["model"],
                    row["label"],
                    part["judged"],
                    part["trials"],
                    *_corrected_cells(row),
                ]
                for part in section["models"]
                for row in part["rows"]
            ],
            text_columns=2,
        )


def _corrected_cells(row: Part) -> list[Cell]:
    return [Figure(row["uncorrected"], RATIO), Figure(row["human"], RATIO), row["corrected"]]


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
                row["model"],
                row["target_value"],
                "named" if row["with_goal"] else "not named",
                row["trials"],
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
        "cells",
        "Angles of each cell",
        ("Model", "Condition", "Trials", "Scored", "Mean", "SD", "Lowest", "Highest"),
        [
            [row["model"], row["condition"], row["trials"], row["scored"]]
            + [Figure(row[name], DEGREES) for name in ("mean", "sd", "low", "high")]
            for row in section["cells"]
        ],
        text_columns=2,
    )
