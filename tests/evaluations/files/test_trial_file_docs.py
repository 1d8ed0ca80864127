"""docs/reference/trial-files.md and the reader of trial files say the same."""

import re
from pathlib import Path

from evaluations.files.trial_files import FORMAT, NEEDED, OPTIONAL
from evaluations.files.trial_tables import columns, conversations
from evaluations.instruments.kinds import KINDS

OWN = [name for kind in KINDS.values() for name in kind.files.fields]
TEXT = (Path(__file__).parents[3] / "docs/reference/trial-files.md").read_text(encoding="utf-8")


def documented():
    """Field -> whether the table says it is needed."""
    rows = re.findall(r"^\| (`[^|]+`) \| (yes)? ?\|", TEXT, re.MULTILINE)
    return {
        field: bool(needed) for names, needed in rows for field in re.findall(r"`(\w+)`", names)
    }


def test_every_field_is_documented_and_no_other():
    expected = dict.fromkeys(NEEDED, True) | dict.fromkeys([*OPTIONAL, *OWN], False)
    assert documented() == expected


def test_the_format_and_the_steps_are_documented():
    assert f"`{FORMAT}`" in TEXT
    assert all(f"`{step}`" in TEXT for kind in KINDS.values() for step in kind.files.steps)


def test_every_column_of_the_table_is_documented():
    section = TEXT.partition("## CSV")[2]
    assert [name for name in columns(KINDS.values()) if f"`{name}`" not in section] == []


def test_the_table_in_the_documents_is_read():
    section = TEXT.partition("## CSV")[2]
    example = "\n".join(line[4:] for line in section.splitlines() if line.startswith("    "))
    (found,) = conversations(example.splitlines(keepends=True))
    assert len(found.described()["messages"]) == 6
