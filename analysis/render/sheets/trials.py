"""How far the trials of a cell agree: tables, and what stands in words beside them."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.words.sheet import Counted, Figure, Part, Sheet, listing
from analysis.words.simulated import model_name
from analysis.words.units import Unit
from analysis.words.wording import count, number


def trials(section: Part | None, unit: Unit) -> Iterator[Sheet]:
    if section is None:
        return
    title = "Internal consistency over the trials of a cell"
    yield listing("trials", "trials", title, section["statistics"])
    yield Sheet(
        "cells",
        "trials",
        f"{unit.value.capitalize()}s of each cell",
        ("Model", "Condition", "Trials", "Scored", "Mean", "SD", "Lowest", "Highest"),
        [
            [
                model_name(row),
                row["condition"],
                Counted(row["trials"], _of_cell(section, at, "all")),
                Counted(row["scored"], _of_cell(section, at, unit.value)),
                Figure(row["mean"], unit, none=f"no {unit.value}"),
                Figure(row["sd"], unit, none="–" if row["mean"] is None else "one trial"),
                Figure(row["low"], unit),
                Figure(row["high"], unit),
            ]
            for at, row in enumerate(section["cells"])
        ],
        text_columns=2,
    )


def _of_cell(section: Part, at: int, trials: str) -> dict[str, str]:
    return {"trials": trials, "metric": section["scorer"], "cell": str(at)}


def in_words(section: Part, unit: Unit) -> list[str]:
    """How many trials have a number, and what their scatter may be compared with."""
    there = f"{section['scored']:,} of {count(section['trials'], 'trial')} have {unit.a_value}"
    found = [f"{there} by {section['scorer']}."]
    if reference := section["reference"]:
        source = f"{number(reference['value'])}, {reference['text']} ({reference['source']})"
        found.append(f"For reference: {source}. {reference.get('caution', '')}")
    return found
