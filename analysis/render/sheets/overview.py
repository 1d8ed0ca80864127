"""Tables of what was judged: what is simulated, what metrics labelled, how many judgments."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.words.sheet import SHARE, Counted, Figure, Part, Sheet
from analysis.words.simulated import simulated_counts

BEHIND = {"judgment": {"of_kind": "simulated"}, "item": {"simulated": "yes"}}
"""What asks for the rows behind a number of what is simulated."""


def overview(result: Part) -> Iterator[Sheet]:
    section = result["overview"]
    yield _simulated(result)
    yield _coverage(section["scorers"])
    yield Sheet(
        "unscorable",
        "unscorable",
        "Why items are unscorable",
        ("Metric", "Reason", "Items"),
        [
            [
                row["name"],
                reason["reason"],
                Counted(reason["items"], {"metric": row["name"], "reason": reason["reason"]}),
            ]
            for row in section["scorers"]
            for reason in row["reasons"]
        ],
        text_columns=2,
    )
    yield Sheet(
        "overlap",
        "overlap",
        f"How many items have how many judgments ({section['overlap']['wanted']} wanted)",
        ("Judgments an item", "Items"),
        [
            [f"{row['judgments']:,}", Counted(row["items"], {"judgments": str(row["judgments"])})]
            for row in section["overlap"]["items_by_judgments"]
        ],
    )


def _simulated(result: Part) -> Sheet:
    return Sheet(
        "simulated",
        "simulated",
        "What is simulated: no judgments of people, no responses of a language model",
        ("What", "Simulated", "In all"),
        [
            [f"{what}s", Counted(n, BEHIND[what]), total]
            for what, n, total in simulated_counts(result)
        ],
    )


def _coverage(scorers: list[Part]) -> Sheet:
    return Sheet(
        "coverage",
        "coverage",
        "Items that each automated metric labelled",
        ("Metric", "Labelled", "Share", "Unscorable", "No label"),
        [
            [
                row["name"],
                _covered(row, "labelled"),
                Figure(row["share_labelled"], SHARE),
                _covered(row, "unscorable"),
                _covered(row, "missing"),
            ]
            for row in scorers
        ],
    )


def _covered(row: Part, coverage: str) -> Counted:
    return Counted(row[coverage], {"metric": row["name"], "coverage": coverage})
