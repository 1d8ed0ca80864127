"""Tables of the results for all that was scored, corrected by what the raters said of a part."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.render.shown import Shown
from analysis.words.sheet import RATIO, Cell, Counted, Figure, Part, Sheet

CORRECTED = ("Uncorrected", "Raters, judged trials", "Corrected for all trials")


def corrected(sections: list[Part], own: Shown) -> Iterator[Sheet]:
    """*own*: what is shown of the kind of the instrument."""
    for at, section in enumerate(sections, start=1):
        if not section["defined"]:
            continue
        remarks = [*section["remarks"], *own.remarks_on_corrected(section)]
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
