"""The table of a second implementation beside ours."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.words.sheet import APART, Figure, Limits, Part, Sheet


def crosscheck(section: Part | None, of: str) -> Iterator[Sheet]:
    """The check of the part of the report called *of*; nothing where it was not made."""
    if section is None:
        return
    yield Sheet(
        f"{of}-crosscheck",
        f"{of}_crosscheck",
        f"All six forms of the ICC on {section['what']}, here and by pingouin, with 95 % limits",
        ("Form", "Here", "pingouin", "Largest difference", "Note"),
        [
            [
                row["form"],
                Limits.of(row["ours"]),
                Limits.of(row["pingouin"]),
                Figure(row["difference"], APART, none="not comparable"),
                row["note"],
            ]
            for row in section["rows"]
        ],
    )
