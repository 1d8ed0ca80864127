"""What the methods paragraph says of angles and of the raters' own orientation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from analysis.sections.human_number import CODED

Part = Mapping[str, Any]
REFERENCES = {
    "slider": "Murphy RO, Ackermann KA, Handgraaf MJJ (2011). Measuring social value orientation. "
    "Judgm Decis Mak 6, 771-781.",
    "own_angle": "Krueger J, Clement RW (1994). The truly false consensus effect: an ineradicable "
    "and egocentric bias in social perception. J Pers Soc Psychol 67, 596-610.",
}
FURTHER = {"own_angle": "the raters' own angles beside how they lean"}


def used(result: Part) -> dict[str, bool]:
    """Whether each of ``REFERENCES`` gave a number in a report."""
    leaning = (result["own_angle"] or {}).get("statistics", [])
    return {
        "slider": any(_coded(result)) or bool(result["rationality"]),
        "own_angle": any(row["key"] == "own_slope" and row["defined"] for row in leaning),
    }


def in_degrees(result: Part) -> str:
    """What the angle of the raters is where they chose labels."""
    note = next((part["note"] for part in _coded(result)), "")
    return f"In degrees {note[:1].lower()}{note[1:]}" if note else ""


def _coded(result: Part) -> Iterator[Part]:
    """The parts in which labels stood for angles."""
    parts = (part.get("degrees") for part in result["automated"] if part["kind"] == "labels")
    return (part for part in parts if part and part["kind"] == CODED)
