"""Tables of a metric against the raters."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.words.sheet import SHARE, Counted, Figure, Part, Sheet, listing
from analysis.words.verdicts import NOT_SHOWN, WITHHELD
from analysis.words.wording import count, listed


def metric(section: Part, key: str, beside: str) -> Iterator[Sheet]:
    """*beside*: under which key a metric of labels has its differences in numbers."""
    name = section["name"]
    if section["kind"] == "labels":
        yield from _labels(section, key)
    else:
        yield from _differences(section, key, "mean")
    if section.get(beside):
        yield from _differences(section[beside] | {"name": name}, key, beside)
    yield Sheet(
        f"{key}-raters",
        f"{key}-raters",
        "Cohen's kappa of the metric with one rater",
        ("Rater", "Items", "Kappa"),
        [
            [row["rater"], Counted(row["n"]["units"], {"metric": name, "met": row["rater"]}), row]
            for row in section["raters"]
        ],
    )
    yield from _substitute(section["substitute"], key, name)


def _labels(section: Part, key: str) -> Iterator[Sheet]:
    """The confusion matrix, the statistics over what was decided and over all, and each class."""
    name, decided, everything = section["name"], section["decided"], section["everything"]
    asked = {"metric": name, "decided": "1"}
    yield _matrix(section, key)
    both = f"{count(decided['items'], 'item')} to which both gave a value"
    title = f"{name} against the consensus, over the {both}"
    yield listing(f"{key}-decided", f"{key}-decided", title, decided["statistics"])
    if not everything["same_as_decided"]:
        title = (
            f"{name} against the consensus, over all {count(everything['items'], 'item')} with "
            f"one, what is no value ({listed(section['ends'])}) being classes of their own"
        )
        yield listing(f"{key}-everything", f"{key}-decided", title, everything["statistics"])
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
                Counted(row["without_label"], {"metric": name, "silent": row["category"]}),
            ]
            + [row[kind] for kind in ("precision", "recall", "f1")]
            for row in section["classes"]
        ],
    )


def _matrix(section: Part, key: str) -> Sheet:
    name, matrix = section["name"], section["matrix"]
    return Sheet(
        f"{key}-matrix",
        f"{key}-matrix",
        f"{name}: items by human consensus (rows) and automated label (columns)",
        ("Consensus", *matrix["columns"], "Items"),
        [
            [
                row,
                *(
                    Counted(n, {"metric": name, "consensus": row, "automated": column})
                    for column, n in zip(matrix["columns"], counts, strict=True)
                ),
                Counted(sum(counts), {"metric": name, "consensus": row}),
            ]
            for row, counts in zip(matrix["rows"], matrix["counts"], strict=True)
        ],
        shaded=True,
    )


def _differences(section: Part, key: str, part: str) -> Iterator[Sheet]:
    """Bias and limits against the raters' mean and against one rater, and within groups."""
    rows = [*section["statistics"], *section.get("one_rater", [])]
    title = f"{section['name']} and the raters' mean, in units of the scale"
    remarks = [section["note"]] if section.get("note") else []
    yield listing(f"{key}-{part}", f"{key}-differences", title, rows, remarks=remarks)
    for by in section.get("by", []):
        yield Sheet(
            f"{key}-bias-{by['fact'].replace('_', '-')}",
            f"{key}-differences",
            f"Bias of {section['name']} by {by['title'].lower()}",
            (by["title"], "Items", "Bias", "Lower limit", "Upper limit"),
            [
                [
                    row["group"],
                    Counted(
                        row["items"],
                        {"metric": section["name"], "measured": "yes"}
                        | {"fact": by["fact"], "group": row["group"]},
                    ),
                    row["bias"],
                    row["lower"],
                    row["upper"],
                ]
                for row in by["rows"]
            ],
        )


def _substitute(section: Part, key: str, name: str) -> Iterator[Sheet]:
    yield Sheet(
        f"{key}-alt-test",
        f"{key}-substitute",
        "Could the metric stand in for one rater? The alternative annotator test",
        ("What", "Value and interval", "Verdict"),
        [
            *(
                [f"{row['name']} ({row['raters']} raters)", row, _verdict(section, row)]
                for row in section["rates"]
            ),
            [section["advantage"]["name"], section["advantage"], ""],
            [section["gap"]["name"], section["gap"], ""],
        ],
        remarks=[*section["remarks"], f"{section['source']}."],
    )
    yield Sheet(
        f"{key}-alt-test-raters",
        f"{key}-each",
        "Metric and rater, each against the other raters",
        ("Rater", "Items", "Metric at least as near", "Rater at least as near", "Holds at epsilon"),
        [
            [
                row["rater"],
                Counted(row["items"], {"metric": name, "shared": row["rater"]}),
                Figure(row["advantage"], SHARE),
                Figure(row["human_advantage"], SHARE),
                listed([f"{epsilon:g}" for epsilon in row["holds_at"]]) or "none",
            ]
            for row in section["humans"]
        ],
    )


def _verdict(section: Part, row: Part) -> str:
    """The verdict in a word; a kept report of before has one for each epsilon."""
    if row["passes"] is None:
        return "cannot be said"
    code = section.get("verdict", {}).get("code")
    if code == WITHHELD:
        return "passes, but see the answer in words"
    if code == NOT_SHOWN:
        return "not shown"
    return "may stand in" if row["passes"] else "may not stand in"
