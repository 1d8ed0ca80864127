"""Tables of how near models' values are to targets."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.words.sheet import Cell, Figure, Part, Sheet
from analysis.words.wording import sentence

PART = "alignment"
GROUP = ("Model", "Asked to hold")
NEAR = (*GROUP, "Target", "By the metric", "By people", "Corrected")
MADE_OF = (
    *(*GROUP, "Target", "Of the vector", "Shape (r)", "Level", "Spread"),
    *("Distance, masked", "Distance, L2 on ones", "Distance, L1 on ones"),
)
MEANS = (*GROUP, "Value", "By the metric", "By people", "Corrected")
GAINS = ("Model", "Target", "By the metric", "By people", "Corrected")
NOTHING = "nothing"
BESIDE = (
    "The masked distance is 0 for a vector that says nothing, and those on ones are 0 for nations "
    "in the published code: read none of them alone."
)


def alignment(section: Part | None) -> Iterator[Sheet]:
    """What is compared with, then each metric's tables."""
    if not section:
        return
    yield _targets(section["targets"])
    names = {target["key"]: target["name"] for target in section["targets"]}
    for at, metric in enumerate(section["metrics"], start=1):
        yield from _metric(metric, at, names)


def _targets(targets: list[Part]) -> Sheet:
    rows: list[list[Cell]] = [
        [
            target["name"],
            f"{target['source']}, {target['year']}",
            f"{target['scaling']}{'; ' if target['inference'] else ''}{target['inference']}",
            ", ".join(f"{value} {number:g}" for value, number in target["vector"].items()),
        ]
        for target in targets
    ]
    head = ("Target", "Source", "Scaling, and what of it is our inference", "Vector")
    return Sheet("targets", PART, "What is compared with", head, rows, text_columns=4)


def _metric(metric: Part, at: int, names: dict[str, str]) -> Iterator[Sheet]:
    yield _near(metric, at, names)
    yield _made_of(metric, at, names)
    yield _means(metric, at)
    if metric["gains"]:
        yield _gains(metric, at, names)


def _near(metric: Part, at: int, names: dict[str, str]) -> Sheet:
    rows: list[list[Cell]] = [
        [*_of(group), names[row["target"]], row["metric"], row["people"], row["corrected"]]
        for group in metric["groups"]
        for row in group["targets"]
    ]
    title = f"Alignment with targets, {metric['name']}"
    remarks = [sentence(text) for text in metric["warnings"]]
    return Sheet(f"alignment{at}", PART, title, NEAR, rows, remarks=remarks, text_columns=3)


def _made_of(metric: Part, at: int, names: dict[str, str]) -> Sheet:
    rows: list[list[Cell]] = [
        [*_of(group), names[row["target"]], row["of"], *_parts(row["made_of"])]
        for group in metric["groups"]
        for row in group["targets"]
    ]
    title = f"What the alignment is made of, {metric['name']}, and the published distances"
    key = f"alignment-parts{at}"
    return Sheet(key, PART, title, MADE_OF, rows, remarks=[BESIDE], text_columns=4)


def _means(metric: Part, at: int) -> Sheet:
    rows: list[list[Cell]] = [
        [*_of(group), row["value"], Figure(row["metric"]), Figure(row["people"]), row["corrected"]]
        for group in metric["groups"]
        for row in group["values"]
    ]
    title = f"Mean vectors, {metric['name']}: -1 all oppose a value, 1 all support it"
    return Sheet(f"mean-vectors{at}", PART, title, MEANS, rows, text_columns=3)


def _gains(metric: Part, at: int, names: dict[str, str]) -> Sheet:
    rows: list[list[Cell]] = [
        [row["model"], names[row["target"]], row["metric"], row["people"], row["corrected"]]
        for row in metric["gains"]
    ]
    title = f"What being asked to hold a target changed in the alignment with it, {metric['name']}"
    return Sheet(f"gains{at}", PART, title, GAINS, rows, text_columns=2)


def _of(group: Part) -> list[Cell]:
    return [group["model"], group["induced"] or NOTHING]


def _parts(parts: Part | None) -> list[Cell]:
    keys = ("shape", "level", "spread", "masked", "euclid", "city_block")
    return [Figure(parts[key] if parts else None) for key in keys]
