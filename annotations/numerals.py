"""Numbers as people write them in a form or a file."""

import math
import re

NUMERAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def finite(text: str) -> float | None:
    """Return the finite number *text* writes in ASCII digits ('3', '-1.5', '2e3'), else None.

    Stricter than float(): no 'nan', 'inf', '1_000' or digits of other scripts.
    """
    stripped = text.strip()
    if not NUMERAL.fullmatch(stripped):
        return None
    number = float(stripped)
    return number if math.isfinite(number) else None
