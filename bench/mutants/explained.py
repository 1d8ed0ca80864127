"""Mutants that may live: each line of docs/mutants.md that names one says why.

A line is ``- `file` · `text of the line` · `before → after`: why``. It is found by the text, so it
outlives code that moves, and is reported as stale as soon as it fits no mutant any more.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from bench.mutants.mutations import Mutant

LINE = re.compile(r"^- (`+)(.+?)\1 · (`+) ?(.+?) ?\3 · (`+) ?(.+?) ?\5: (.+)$")


def explanations(page: Path) -> dict[tuple[str, str, str], str]:
    """Why each mutant may live, by its key."""
    found = {}
    for line in page.read_text(encoding="utf-8").splitlines() if page.exists() else []:
        if hit := LINE.match(line):
            found[hit[2], hit[4], hit[6]] = hit[7]
    return found


def line_for(mutant: Mutant) -> str:
    """What to write into the page, but for the reason."""
    return "- " + " · ".join(_code(part) for part in mutant.key) + ": "


def _code(text: str) -> str:
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def stale(
    known: Iterable[tuple[str, str, str]], mutants: Iterable[Mutant], files: Iterable[str]
) -> list[tuple[str, str, str]]:
    """Explanations for these files that fit none of their mutants."""
    keys, mine = {mutant.key for mutant in mutants}, set(files)
    return [key for key in known if key[0] in mine and key not in keys]
