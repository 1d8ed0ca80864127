"""The page about frames shows a file that is one."""

import json
import re
from pathlib import Path

from evaluations.instruments.frames import parse_frame

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "frames.md"


def test_the_documented_frame_is_one():
    page = PAGE.read_text(encoding="utf-8")
    (example,) = re.findall(r"```json\n(.*?)```", page, flags=re.DOTALL)
    assert parse_frame(json.loads(example), "docs").resource == "minutes of canal water"
    assert set(
        re.findall(r"`(\w+)`", page.partition("| entry |")[2].partition("All entries")[0])
    ) >= {*json.loads(example)}
