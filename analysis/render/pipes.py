"""Words and tables that Markdown takes for no more than words and tables."""

from __future__ import annotations

import re
from collections.abc import Sequence

from evaluations.text.storable import with_marks_shown


def table(head: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[bool]) -> str:
    """A pipe table; *numeric* columns are aligned to the right."""
    rule = ["---:" if right else "---" for right in numeric]
    lines = [map(_cell, head), rule, *(map(_cell, row) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(text: str) -> str:
    """*text* safe inside a pipe table."""
    return _inline(text).replace("|", "\\|")


_MEANS = re.compile(r"[\\*`]|(?<!\d)\]|\](?=[(\[:])|<(?=[a-zA-Z/!?])|&(?=#?\w+;)|(?<!\w)_|_(?!\w)")
"""What Markdown takes for more than a character. The backslash first of all: it would undo ours.
The end of an interval, '0.64]', can only mean something before a bracket or a colon."""
_STARTS = ("#", ">", "-", "+", "=", "~~~")
_NUMBERED = re.compile(r"^(\d{1,9})([.)])(?= |$)")


def plain(text: str) -> str:
    """*text* as one line that Markdown takes for words: no emphasis, code, link, HTML or list."""
    found = _NUMBERED.sub(r"\1\\\2", _inline(text))
    return f"\\{found}" if found.startswith(_STARTS) else found


def _inline(text: str) -> str:
    return _MEANS.sub(r"\\\g<0>", " ".join(with_marks_shown(text).split()))
