"""How many examples a property draws, and which: one profile for the suite, one for the night.

``suite`` (the default): the same examples in every run, so that no change fails for another's
fault. ``many`` (``make properties``): new ones each time, and many.
"""

import os

from hypothesis import HealthCheck, settings

PROFILE = os.environ.get("PROPERTIES", "suite")
TIMES = {"suite": 2, "many": 40}
"""What a profile multiplies the usual number of examples by."""

DEFAULT = 100
"""Examples of a property that names no number; Hypothesis' own default."""


def examples(usual: int) -> int:
    """The number for ``settings(max_examples=...)`` of a property that usually takes *usual*."""
    return usual * TIMES[PROFILE]


def load_profile() -> None:
    """Called before any test is read. How long an example takes is the machine's affair: no test
    is timed."""
    if PROFILE not in TIMES:
        raise ValueError(f"PROPERTIES is {PROFILE!r}: use {' or '.join(TIMES)}")
    for name in TIMES:
        settings.register_profile(
            name,
            deadline=None,
            derandomize=name == "suite",
            print_blob=name != "suite",
            max_examples=examples(DEFAULT) if name == "many" else DEFAULT,
            suppress_health_check=[HealthCheck.too_slow],
        )
    settings.load_profile(PROFILE)
