"""Tables of the data's quality and of the reporting checklist."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.data.whose_judgments import how_many_are_left_out, left_out
from analysis.words.sheet import Counted, Part, Sheet


def quality(section: Part) -> Iterator[Sheet]:
    many = how_many_are_left_out(section["excluded"])
    yield Sheet(
        "quality",
        "quality",
        "What is missing or unsettled",
        ("What", "Items"),
        [
            [row["text"], Counted(row["items"], {"quality": row["code"]})]
            for row in section["items"]
        ],
        remarks=[many] if many else [],
    )
    yield Sheet(
        "left-out",
        "quality",
        "Whose judgments are left out",
        ("Rater", "Why"),
        [[name, reason] for name, reason in left_out(section["excluded"])],
    )


def grras(section: Part) -> Sheet:
    return Sheet(
        "grras",
        "grras",
        "GRRAS: what a report of reliability and agreement has to say",
        ("No.", "Item", "Status", "This study"),
        [[str(row["number"]), row["item"], _status(row), row["text"]] for row in section["rows"]],
        remarks=[f"{section['source']}. 'Not recorded' is for the authors to add."],
        text_columns=4,
    )


def _status(row: Part) -> str:
    """A report kept before items had a status says only whether something is recorded."""
    return row.get("status") or ("recorded" if row["recorded"] else "not recorded")
