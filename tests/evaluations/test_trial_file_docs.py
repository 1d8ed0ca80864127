"""docs/reference/trial-files.md and the reader of trial files say the same."""

import re
from pathlib import Path

from evaluations.trial_files import FORMAT, KINDS, NEEDED, OPTIONAL

TEXT = (Path(__file__).parents[2] / "docs/reference/trial-files.md").read_text(encoding="utf-8")


def documented():
    """Field -> whether the table says it is needed."""
    rows = re.findall(r"^\| (`[^|]+`) \| (yes)? ?\|", TEXT, re.MULTILINE)
    return {
        field: bool(needed) for names, needed in rows for field in re.findall(r"`(\w+)`", names)
    }


def test_every_field_is_documented_and_no_other():
    expected = dict.fromkeys(NEEDED, True) | dict.fromkeys(OPTIONAL, False)
    assert documented() == expected


def test_the_format_and_the_steps_are_documented():
    assert f"`{FORMAT}`" in TEXT
    assert all(f"`{kind}`" in TEXT for kind in KINDS)
