"""Tables by group, and contrasts between the models."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.sections.computing import BY
from analysis.words.sheet import P_VALUE, Counted, Figure, Part, Sheet


def groups(section: Part | None) -> Iterator[Sheet]:
    if section is None:
        return
    for place, part in enumerate(section["humans"]["by"], start=1):
        yield Sheet(
            f"groups-humans-{_slug(part, place)}",
            "groups_humans",
            f"The raters among themselves, by {part['title'].lower()}",
            (part["title"], "Judged", "Judged twice or more", "Krippendorff's alpha"),
            [
                [
                    row["group"],
                    _of_group(part, row, "judged"),
                    _of_group(part, row, "items", twice="yes"),
                    row["alpha"],
                ]
                for row in part["rows"]
            ],
        )
    for at, metric in enumerate(section["metrics"], start=1):
        for place, part in enumerate(metric["by"], start=1):
            yield _metric_groups(f"groups{at}-{_slug(part, place)}", metric["name"], part)
        for number_, part in enumerate(metric["contrasts"], start=1):
            yield _contrasts(part, f"contrasts{at}-{number_}", metric["name"])


def _metric_groups(key: str, name: str, part: Part) -> Sheet:
    there = [
        kind for kind in ("accuracy", "kappa", "ccc") if part["rows"] and kind in part["rows"][0]
    ]
    names = [part["rows"][0][kind]["name"] for kind in there]
    both = {"metric": name, "measured" if "ccc" in there else "decided": "yes"}
    return Sheet(
        key,
        "groups",
        f"{name} and the raters, by {part['title'].lower()}",
        (part["title"], "Judged", "Compared", *names),
        [
            [
                row["group"],
                _of_group(part, row, "judged"),
                _of_group(part, row, "items", **both),
                *(row[kind] for kind in there),
            ]
            for row in part["rows"]
        ],
    )


def _of_group(part: Part, row: Part, counted: str, **more: str) -> Counted:
    return Counted(row[counted], {"fact": part["fact"], "group": row["group"]} | more)


def _slug(part: Part, place: int) -> str:
    """Names the table in files; what a property is called may be no name for one."""
    return part["fact"].replace("_", "-") if part["fact"] in BY else f"property{place}"


def _contrasts(part: Part, key: str, name: str) -> Sheet:
    made = f"{part['tests']} test{'s' if part['tests'] != 1 else ''}"
    return Sheet(
        key,
        "contrasts",
        f"{part['what']} by {name}: one model minus another ({made}, Holm)",
        ("Models", "Blocks", "Difference", "p", "p, Holm"),
        [
            [
                row["name"],
                row["n"]["blocks"],
                row,
                Figure(row["p"], P_VALUE),
                Figure(row["p_holm"], P_VALUE),
            ]
            for row in part["rows"]
        ],
        remarks=["Blocks are target value and condition; the intervals are for each pair alone."],
    )
