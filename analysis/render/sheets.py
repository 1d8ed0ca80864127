"""The tables of a report, once for page, Markdown, LaTeX and CSV."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analysis.render.sheet import (
    DEGREES,
    P_VALUE,
    RATIO,
    SECONDS,
    SHARE,
    Cell,
    Counted,
    Figure,
    Sheet,
)
from analysis.wording import listed, number

Part = dict[str, Any]
STATISTIC = ("Statistic", "Value and interval")


def sheets(result: Part) -> list[Sheet]:
    """Every table of a computed report, in the order of its sections; empty ones are left out."""
    found = [*_humans(result["humans"])]
    for at, section in enumerate(result["automated"], start=1):
        found += _metric(section, f"metric{at}")
    found += [*_vectors(result.get("vectors")), *_repeats(result.get("repeats"))]
    found += [*_latent(result["latent"]), *_corrected(result["corrected"])]
    found += [*_groups(result["groups"]), *_rationality(result["rationality"])]
    found += [*_trials(result["trials"]), *_raters(result["raters"])]
    found.append(_mixed_up(result["raters"]))
    found += _own_angle(result.get("own_angle"))
    found += [*_quality(result["quality"]), _grras(result["grras"])]
    return [sheet for sheet in found if sheet.rows]


def by_section(result: Part) -> dict[str, list[Sheet]]:
    """The sheets by the part of the report they belong to."""
    found: dict[str, list[Sheet]] = {}
    for sheet in sheets(result):
        found.setdefault(sheet.section, []).append(sheet)
    return found


def _listing(key: str, section: str, title: str, statistics: list[Part], **more: Any) -> Sheet:
    rows: list[list[Cell]] = [[row["name"], row] for row in statistics]
    return Sheet(key, section, title, STATISTIC, rows, **more)


def _humans(section: Part) -> Iterator[Sheet]:
    yield _listing("humans", "humans", "Agreement among the raters", section["statistics"])
    yield Sheet(
        "humans-icc",
        "icc",
        "The intraclass correlation in all six forms",
        ("Form", "What it speaks of", "Value, F limits", "Value, simulated limits"),
        [[row["form"], row["says"], row["f"], row["simulated"]] for row in section.get("icc", [])],
        remarks=[
            "F limits are what other software prints. The simulated ones draw the variances of "
            "raters, items and rest, and stay wide enough where the raters differ a lot."
        ],
        text_columns=2,
    )
    confidence = section.get("confidence", [])
    yield _listing("humans-confidence", "confidence", "Are raters equally sure?", confidence)
    yield Sheet(
        "humans-categories",
        "categories",
        "By category: when one rater chose it, how often did another?",
        ("Category", "Judgments", "Items", "Specific agreement"),
        [
            [
                row["category"],
                row["judgments"],
                Counted(row["items"], {"category": row["category"]}),
                row,
            ]
            for row in section["categories"]
        ],
    )
    yield Sheet(
        "humans-pairs",
        "pairs",
        "Pairs of raters",
        ("Raters", "Items both judged", section["pairs"][0]["name"] if section["pairs"] else ""),
        [[listed(row["raters"]), row["n"]["units"], row] for row in section["pairs"]],
    )


def _metric(section: Part, key: str) -> Iterator[Sheet]:
    name = section["name"]
    if section["kind"] == "labels":
        matrix, asked = section["matrix"], {"metric": name, "decided": "1"}
        yield Sheet(
            f"{key}-matrix",
            "matrix",
            f"{name}: items by human consensus (rows) and automated label (columns)",
            ("Consensus", *matrix["columns"]),
            [[row, *line] for row, line in zip(matrix["rows"], matrix["counts"], strict=True)],
        )
        decided = section["decided"]["statistics"]
        yield _listing(f"{key}-decided", "decided", f"{name} against the consensus", decided)
        yield Sheet(
            f"{key}-classes",
            f"{key}-classes",
            "Class by class",
            ("Class", "Consensus", "Metric", "No value", "Precision", "Recall", "F1"),
            [
                [
                    row["category"],
                    Counted(row["consensus"], asked | {"consensus": row["category"]}),
                    Counted(row["automated"], asked | {"automated": row["category"]}),
                    row["without_label"],
                ]
                + [row[kind] for kind in ("precision", "recall", "f1")]
                for row in section["classes"]
            ],
        )
    else:
        yield from _degrees(section, key, "mean")
    if section.get("degrees"):
        yield from _degrees(section["degrees"] | {"name": name}, key, "degrees")
    yield Sheet(
        f"{key}-raters",
        f"{key}-raters",
        "Cohen's kappa of the metric with one rater",
        ("Rater", "Items", "Kappa"),
        [[row["rater"], row["n"]["units"], row] for row in section["raters"]],
    )
    yield from _substitute(section["substitute"], key)


def _degrees(section: Part, key: str, part: str) -> Iterator[Sheet]:
    """Bias and limits against the raters' mean and against one rater, and within groups."""
    rows = [*section["statistics"], *section.get("one_rater", [])]
    title = f"{section['name']} and the raters' mean, in units of the scale"
    remarks = [section["note"]] if section.get("note") else []
    yield Sheet(
        f"{key}-{part}",
        f"{key}-degrees",
        title,
        (*STATISTIC, "Interval by"),
        [[row["name"], row, _way(row)] for row in rows],
        remarks=remarks,
    )
    for by in section.get("by", []):
        yield Sheet(
            f"{key}-bias-{by['fact'].replace('_', '-')}",
            f"{key}-degrees",
            f"Bias of {section['name']} by {by['title'].lower()}",
            (by["title"], "Items", "Bias", "Lower limit", "Upper limit"),
            [
                [row["group"], row["items"], row["bias"], row["lower"], row["upper"]]
                for row in by["rows"]
            ],
        )


def _way(row: Part) -> str:
    """How the interval of a statistic was made."""
    return row["interval"]["method"] if row["defined"] and row["interval"] else ""


def _vectors(section: Part | None) -> Iterator[Sheet]:
    if section is None:
        return
    steps = list(section["used"][0]["counts"]) if section["used"] else []
    yield Sheet(
        "vectors-used",
        "vectors",
        "How often each dimension was given which value",
        ("Dimension", *steps),
        [[row["dimension"], *row["counts"].values()] for row in section["used"]],
        remarks=[section["note"]],
    )
    for at, metric in enumerate(section["metrics"], start=1):
        yield _listing(
            f"vectors-metric{at}",
            "vectors",
            f"{metric['name']} and the raters' mean vector ({metric['items']:,} items)",
            [metric["macro"], *metric["rows"]],
        )


def _repeats(section: Part | None) -> Iterator[Sheet]:
    if section is None:
        return
    yield _listing("repeats", "repeats", "The same item a second time", section["statistics"])
    names = [row["name"] for row in section["statistics"]]
    yield Sheet(
        "repeats-raters",
        "repeats",
        "The same item a second time, rater by rater",
        ("Rater", "Pairs", *names),
        [
            [
                row["rater"],
                Counted(row["pairs"], {"at": f"repeats.raters.{at}.positions"}),
                *row["statistics"],
            ]
            for at, row in enumerate(section["raters"])
        ],
    )


def _substitute(section: Part, key: str) -> Iterator[Sheet]:
    yield Sheet(
        f"{key}-alt-test",
        f"{key}-substitute",
        "Could the metric stand in for one rater? The alternative annotator test",
        ("What", "Value and interval", "Verdict"),
        [
            *(
                [f"{row['name']} ({row['raters']} raters)", row, _verdict(row)]
                for row in section["rates"]
            ),
            [section["advantage"]["name"], section["advantage"], ""],
            [section["gap"]["name"], section["gap"], ""],
        ],
        remarks=[*section["remarks"], f"{section['source']}."],
    )
    yield Sheet(
        f"{key}-alt-test-raters",
        f"{key}-substitute",
        "Metric and rater, each against the other raters",
        ("Rater", "Items", "Metric at least as near", "Rater at least as near", "Holds at epsilon"),
        [
            [
                row["rater"],
                row["items"],
                Figure(row["advantage"], SHARE),
                Figure(row["human_advantage"], SHARE),
                listed([f"{epsilon:g}" for epsilon in row["holds_at"]]) or "none",
            ]
            for row in section["humans"]
        ],
    )


def _verdict(row: Part) -> str:
    if row["passes"] is None:
        return "cannot be said"
    return "may stand in" if row["passes"] else "may not stand in"


def _latent(section: Part | None) -> Iterator[Sheet]:
    if section is None or not section["defined"]:
        return
    remarks = [*section["remarks"], f"{section['source']}."]
    yield Sheet(
        "latent-prevalence",
        "latent",
        "Share of each category, by the majority and by the model",
        ("Category", "Items by majority", "Majority", "Dawid-Skene"),
        [
            [
                row["category"],
                row["items"],
                Figure(row["majority"], SHARE),
                Figure(row["latent"], SHARE),
            ]
            for row in section["prevalence"]
        ],
        remarks=remarks,
    )
    yield Sheet(
        "latent-sensitivity",
        "latent",
        "How often each rater finds each category, by the model",
        ("Rater", *(row["category"] for row in section["prevalence"])),
        [
            [row["rater"], *(Figure(value, SHARE) for value in row["sensitivity"])]
            for row in section["raters"]
        ],
        remarks=["A dash: the rater met hardly any item of that category."],
    )
    yield Sheet(
        "latent-metrics",
        "latent",
        "Cohen's kappa of each metric with either consensus",
        ("Metric", "With the majority", "With Dawid-Skene"),
        [[row["name"], row["majority"], row["latent"]] for row in section["metrics"]],
    )


CORRECTED = ("Uncorrected", "Raters, judged trials", "Corrected for all trials")


def _corrected(sections: list[Part]) -> Iterator[Sheet]:
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


def _groups(section: Part | None) -> Iterator[Sheet]:
    if section is None:
        return
    for part in section["humans"]["by"]:
        yield Sheet(
            f"groups-humans-{_slug(part)}",
            "groups_humans",
            f"The raters among themselves, by {part['title'].lower()}",
            (part["title"], "Judged", "Judged twice or more", "Krippendorff's alpha"),
            [
                [row["group"], _of_group(part, row), row["items"], row["alpha"]]
                for row in part["rows"]
            ],
        )
    for at, metric in enumerate(section["metrics"], start=1):
        for part in metric["by"]:
            yield _metric_groups(f"groups{at}-{_slug(part)}", metric["name"], part)
        for number_, part in enumerate(metric["contrasts"], start=1):
            yield _contrasts(part, f"contrasts{at}-{number_}", metric["name"])


def _metric_groups(key: str, name: str, part: Part) -> Sheet:
    there = [
        kind for kind in ("accuracy", "kappa", "ccc") if part["rows"] and kind in part["rows"][0]
    ]
    names = [part["rows"][0][kind]["name"] for kind in there]
    return Sheet(
        key,
        "groups",
        f"{name} and the raters, by {part['title'].lower()}",
        (part["title"], "Judged", "Compared", *names),
        [
            [row["group"], _of_group(part, row), row["items"], *(row[kind] for kind in there)]
            for row in part["rows"]
        ],
    )


def _of_group(part: Part, row: Part) -> Counted:
    return Counted(row["judged"], {"fact": part["fact"], "group": row["group"]})


def _slug(part: Part) -> str:
    return part["fact"].replace("_", "-")


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


def _rationality(section: Part | None) -> Iterator[Sheet]:
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


def _trials(section: Part | None) -> Iterator[Sheet]:
    if section is None:
        return
    title = "Internal consistency over the trials of a cell"
    yield _listing("trials", "trials", title, section["statistics"])
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


def _run(row: Part) -> str:
    if row["longest_run"] is None:
        return "order not known"
    return f"{row['longest_run']} in a row" + (" (long)" if row["straight_lining"] else "")


def _raters(section: Part) -> Iterator[Sheet]:
    yield Sheet(
        "raters",
        "raters",
        "Rater board",
        (
            "Rater",
            "Kind",
            "Judgments",
            "Agrees with the others",
            "On items",
            "Median",
            "Same answer",
        ),
        [
            [
                row["rater"],
                row["kind"],
                Counted(row["judgments"], {"rater": row["rater"]}),
                Figure(row["agreement"], SHARE),
                row["compared"],
                Figure(row["median_seconds"], SECONDS),
                _run(row),
            ]
            for row in section["rows"]
        ],
        remarks=[
            "Agreement is with the majority of the other raters of an item; it is no measure of "
            "being right.",
            f"A run of one answer is called long from {section['long_run']} on.",
        ],
        text_columns=2,
    )
    yield Sheet(
        "calibration",
        "calibration",
        "Agreement with the other raters by confidence",
        ("Confidence", "Judgments", "Agrees with the others"),
        [
            [number(row["confidence"], 0), row["judgments"], Figure(row["agreement"], SHARE)]
            for row in section["calibration"]
        ],
    )


def _own_angle(section: Part | None) -> Iterator[Sheet]:
    if section is None or not section["raters"]:
        return
    title = "Does a rater's own orientation colour the judgments?"
    remarks = [
        "Leaning: the rater's angle minus the mean of the other raters of an item, in degrees; "
        "above 0 they see more regard for the other than the others do."
    ]
    yield _listing("own-angle", "own_angle", title, section["statistics"], remarks=remarks)
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
                row["items"],
            ]
            for row in section["raters"]
        ],
    )


def _mixed_up(section: Part) -> Sheet:
    """The labels that raters of one item gave together: a row for what one of them said."""
    rows = section["mixed_up"]
    said = list(dict.fromkeys(row["one"] for row in rows))
    others = list(dict.fromkeys(row["other"] for row in rows))
    shares = {(row["one"], row["other"]): row["share"] for row in rows}
    return Sheet(
        "disagreement",
        "disagreement",
        "When one rater said the label of the row, how often did another say that of the column?",
        ("One rater said", *others),
        [[one, *(Figure(shares[one, other], SHARE) for other in others)] for one in said],
    )


def _quality(section: Part) -> Iterator[Sheet]:
    rows: list[list[Cell]] = [
        [row["text"], Counted(row["items"], {"quality": row["code"]})] for row in section["items"]
    ]
    yield Sheet("quality", "quality", "What is missing or unsettled", ("What", "Items"), rows)


def _grras(section: Part) -> Sheet:
    return Sheet(
        "grras",
        "grras",
        "GRRAS: what a report of reliability and agreement has to say",
        ("No.", "Item", "This study"),
        [[str(row["number"]), row["item"], row["text"]] for row in section["rows"]],
        remarks=[f"{section['source']}. 'Not recorded' is for the authors to add."],
        text_columns=3,
    )
