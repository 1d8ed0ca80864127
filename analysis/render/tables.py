"""Markdown tables and the rows that page and Markdown share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from analysis.words.wording import digits_of, interval, number
from evaluations.text.storable import with_marks_shown


def table(head: Sequence[str], rows: Sequence[Sequence[Any]], numeric_from: int = 1) -> str:
    """A pipe table; columns from *numeric_from* on are aligned to the right."""
    rule = ["---" if at < numeric_from else "---:" for at in range(len(head))]
    lines = [head, rule, *rows]
    return "\n".join(f"| {' | '.join(cell(value) for value in line)} |" for line in lines)


def cell(value: Any) -> str:
    """Text safe inside a pipe table."""
    text = "" if value is None else f"{value:,}" if isinstance(value, int) else str(value)
    return _inline(text).replace("|", "\\|")


_MEANS = re.compile(r"[\\*`\]]|<(?=[a-zA-Z/!?])|&(?=#?\w+;)|(?<!\w)_|_(?!\w)")
"""What Markdown takes for more than a character. The backslash first of all: it would undo ours."""
_STARTS = ("#", ">", "-", "+", "=", "~~~")
_NUMBERED = re.compile(r"^(\d{1,9})([.)])(?= |$)")


def plain(text: str) -> str:
    """*text* as one line that Markdown takes for words: no emphasis, code, link, HTML or list."""
    found = _NUMBERED.sub(r"\1\\\2", _inline(text))
    return f"\\{found}" if found.startswith(_STARTS) else found


def _inline(text: str) -> str:
    return _MEANS.sub(r"\\\g<0>", " ".join(with_marks_shown(text).split()))


def statistic_rows(statistics: Sequence[dict[str, Any]]) -> list[list[str]]:
    """Name, value and interval (or the reason for none) of each statistic."""
    return [[row["name"], *value_cells(row)] for row in statistics]


def value_cells(row: dict[str, Any]) -> list[str]:
    if not row["defined"]:
        return ["undefined", row["reason"]]
    digits = digits_of(row)
    return [number(row["value"], digits), interval(row, digits)]
