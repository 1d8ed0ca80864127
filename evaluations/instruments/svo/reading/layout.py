"""What of an answer is said, and in which lines: thoughts, quotes and struck words go, the keys of
JSON and the heads of tables become the beginnings of lines.

Each function gives replacements, place -> (what stands there in plain text, how many characters it
replaces); `plain_text` applies them, so that evidence still points into the words as they were
said.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from evaluations.text.thoughts import thoughts

Replacements = dict[int, tuple[str, int]]

_CONTROL = re.compile(r"<\|[a-z_]{1,20}\|>")
_QUOTED = re.compile(r"^[ \t]*>[^\n]*$", re.MULTILINE)
_STRUCK = re.compile(r"~~[^~\n]{1,200}~~")
_KEY = re.compile(r"(?<=[{,\n])\s*[\"'](\w[\w -]{0,30})[\"']\s*:")
_ROW = re.compile(r"^[ \t]*\|?([^\n|]*(?:\|[^\n|]*)+)$", re.MULTILINE)
_RULE = re.compile(r"[\s|:-]*-[\s|:-]*")


def replacements(answer: str) -> Replacements:
    """All replacements for the layout of an answer."""
    found: Replacements = {}
    for start, end in thoughts(answer)[0]:
        found[start] = ("\n", end - start)
    for match in _CONTROL.finditer(answer):
        found.setdefault(match.start(), ("\n", len(match.group())))
    for match in _STRUCK.finditer(answer):
        found[match.start()] = (" ", len(match.group()))
    found.update(_quotes(answer))
    if '"' in answer or "'" in answer:
        for match in _KEY.finditer(answer):
            found[match.start()] = (f"\n{_words(match.group(1))}: ", len(match.group()))
    if "|" in answer:
        found.update(_table(answer))
    return found


def _words(key: str) -> str:
    return key.replace("_", " ").replace("-", " ").strip()


def _quotes(answer: str) -> Iterator[tuple[int, tuple[str, int]]]:
    """Quoted lines, unless the line before announces them or nothing else is said."""
    quoted = list(_QUOTED.finditer(answer))
    if not quoted or not _QUOTED.sub("", answer).strip():
        return
    for match in quoted:
        before = answer[max(0, match.start() - 40) : match.start()].rstrip(" \t\n*_")
        if not before.endswith((":", "\uff1a")):
            yield match.start(), ("\n", len(match.group()))


def _table(answer: str) -> Replacements:
    """Cells as lines 'head: cell', of a table with one row under its heads or with two columns."""
    rows = list(_ROW.finditer(answer))
    rules = [row for row in rows if _RULE.fullmatch(row.group())]
    body = [_cells(row) for row in rows if row not in rules]
    if not rules or len(body) < 2:
        return {}
    found: Replacements = {row.start(): ("\n", len(row.group())) for row in rules}
    if all(len(cells) == 2 for cells in body) and len(body[0][1].words) == 1:
        for name, cell in body:
            found[name.start] = (f"\n{_words(name.words)}: ", cell.start - name.start)
    elif len(body) == 2:
        heads, cells = body
        end = heads[-1].start + heads[-1].length
        found[heads[0].start] = ("\n", end - heads[0].start)
        for head, cell in zip(heads, cells, strict=False):
            # The bar before the cell gives way to its head.
            found[cell.start - 1] = (f"\n{_words(head.words)}: ", 1)
    return {place: change for place, change in found.items() if place >= 0}


class _Cell(NamedTuple):
    """The words of a cell, where it begins and how long it is with its blanks."""

    words: str
    start: int
    length: int


def _cells(row: re.Match[str]) -> list[_Cell]:
    found, place = [], row.start(1)
    for cell in row.group(1).split("|"):
        if cell.strip():
            found.append(_Cell(cell.strip(" *_`\t"), place, len(cell)))
        place += len(cell) + 1
    return found
