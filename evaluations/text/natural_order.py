"""The order in which a person sorts names that hold numbers."""

import re


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key by which 'rater 10' follows 'rater 9', and version 1.10 follows 1.9."""
    parts = re.findall(r"\d+|\D+", text)
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)
