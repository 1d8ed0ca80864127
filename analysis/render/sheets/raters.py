"""Tables of single raters: the board, calibration, what they mix up."""

from __future__ import annotations

from analysis.words.sheet import PLAIN, SECONDS, SHARE, Counted, Figure, Part, Sheet
from analysis.words.wording import number


def raters(section: Part) -> Sheet:
    return Sheet(
        "raters",
        "raters",
        "Rater board",
        (
            "Rater",
            "Kind",
            "Judgments",
            "Agrees with the others",
            "Off their mean",
            "On items",
            "Median",
            "Same answer",
        ),
        [
            [
                row["rater"],
                row["kind"],
                Counted(row["judgments"], {"by": row["rater"]}),
                Figure(row["agreement"], SHARE),
                Figure(row.get("difference"), PLAIN),
                Counted(row["compared"], {"compared": row["rater"]}),
                Figure(row["median_seconds"], SECONDS),
                _run(row),
            ]
            for row in section["rows"]
        ],
        remarks=[
            "Agreement is with the majority of the other raters of an item; it is no measure of "
            "being right.",
            "Off their mean: the mean absolute difference from the mean of the other raters of an "
            "item, in the unit of an interval scale, or in steps of an ordinal one, whose "
            "categories count as equally far apart. Numbers have no majority, and other scales no "
            "distance.",
            f"A run of one answer is called long from {section['long_run']} on.",
        ],
        text_columns=2,
    )


def calibration(section: Part) -> Sheet:
    return Sheet(
        "calibration",
        "calibration",
        "Agreement with the other raters by confidence",
        ("Confidence", "Judgments", "Agrees with the others"),
        [
            [
                number(row["confidence"], 0),
                Counted(row["judgments"], {"sure": str(row["confidence"])}),
                Figure(row["agreement"], SHARE),
            ]
            for row in section["calibration"]
        ],
    )


def _run(row: Part) -> str:
    if row["longest_run"] is None:
        return "order not known"
    return f"{row['longest_run']} in a row" + (" (long)" if row["straight_lining"] else "")


def mixed_up(section: Part) -> Sheet:
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
        [
            [
                one,
                *(
                    Figure(shares[one, other], SHARE, {"category": one, "and": other})
                    for other in others
                ),
            ]
            for one in said
        ],
    )
