"""What stands in words beside the tables of angles, in files."""

from __future__ import annotations

from analysis.words.sheet import Part
from analysis.words.wording import count, number


def repeated_trials(section: Part) -> list[str]:
    """How many trials have an angle, and what their scatter may be compared with."""
    scored = f"{section['scored']:,} of {count(section['trials'], 'trial')} have an angle"
    reference = section["reference"]
    source = f"{number(reference['value'])}, {reference['text']} ({reference['source']})"
    caution = reference.get("caution", "")
    return [f"{scored} by {section['scorer']}.", f"For reference: {source}. {caution}"]
