"""Numbers as people write them in a form or a file."""

import re

NUMERAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)

LARGEST_KEY = 2**63 - 1
"""Neither database takes a larger number for a key, and a form or a file can name any."""

SMALLEST, LARGEST = 1e-50, 1e15
"""Sizes of a number but 0. Statistics take squares of squares, which have to stay numbers too."""


def finite(text: str) -> float | None:
    """Return the finite number *text* writes in ASCII digits ('3', '-1.5', '2e3'), else None.

    Stricter than float(): no 'nan', 'inf', '1_000' or digits of other scripts, and no number
    further from 0 than `LARGEST`, or nearer to it than `SMALLEST` without being 0.
    """
    stripped = text.strip()
    if not NUMERAL.fullmatch(stripped):
        return None
    return sized(float(stripped))


def sized(number: float) -> float | None:
    """*number* (0 without a sign) where it is one to compute with, else None; as `finite`."""
    if number == 0:
        return 0.0
    return number if SMALLEST <= abs(number) <= LARGEST else None
