"""Tables of all trials: corrected results, value rationality, repeated trials of a cell."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.render.sheet import DEGREES, RATIO, Cell, Counted, Figure, Part, Sheet, listing

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
            f"{section['name']}: all {_all(section)}, corrected by the "
            f"{section['judged']:,} judged ones",
            ("What", *_heads(section)),
            [[row["label"], *_corrected_cells(row)] for row in section["rows"]],
            remarks=[*remarks, f"{section['source']}."],
        )
        yield Sheet(
            f"corrected{at}-models",
            "corrected_models",
            f"{section['name']}: the same for each model",
            ("Model", "What", "Judged", "Scored", *_heads(section)),
            [
                [
                    part["model"],
                    row["label"],
                    Counted(
                        part["judged"],
                        {"metric": section["name"], "scored": "yes"}
                        | {"fact": "model", "group": part["model"]},
                    ),
                    Counted(part["trials"], _all_of(section, part["model"])),
                    *_corrected_cells(row),
                ]
                for part in section["models"]
                for row in part["rows"]
            ],
            text_columns=2,
        )


def _all(section: Part) -> str:
    if section["of"] == "trials":
        return f"{section['trials']:,} scored trials"
    without = section["unscorable"]
    return f"{section['trials']:,} items" + (
        f" ({without:,} without a valid label among them)" if without else ""
    )


def _heads(section: Part) -> tuple[str, ...]:
    return tuple(head.replace("trials", section["of"]) for head in CORRECTED)


def _all_of(section: Part, model: str) -> dict[str, str]:
    """What asks for all trials, or items, of a model."""
    named = {"metric": section["name"]}
    if section["of"] == "trials":
        return named | {"trials": "label", "of_model": model}
    return named | {"looked_at": "yes", "of": model}


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
        "cells",
        "Angles of each cell",
        ("Model", "Condition", "Trials", "Scored", "Mean", "SD", "Lowest", "Highest"),
        [
            [
                row["model"] + _simulated(row),
                row["condition"],
                Counted(row["trials"], _of_cell(section, at, "all")),
                Counted(row["scored"], _of_cell(section, at, "angle")),
            ]
            + [Figure(row[name], DEGREES) for name in ("mean", "sd", "low", "high")]
            for at, row in enumerate(section["cells"])
        ],
        text_columns=2,
    )


def _of_cell(section: Part, at: int, trials: str) -> dict[str, str]:
    return {"trials": trials, "metric": section["scorer"], "cell": str(at)}


def _simulated(row: Part) -> str:
    """What stands behind the name of a model whose trials are simulated, unless it says so."""
    return " (simulated)" if row["simulated"] and "simulated" not in row["model"].lower() else ""
