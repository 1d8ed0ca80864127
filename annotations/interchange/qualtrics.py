"""Responses of a Qualtrics survey as CSV or TSV with its three header rows. Pure.

A row is a respondent, a question (a column whose ImportId begins with QID) an item with the words
of the question as its text. Names, addresses, places and times are never taken.
"""

import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from annotations.interchange.said import Said
from evaluations.interchange.found import Broken, LeftOut
from evaluations.interchange.looked_at import TABLE, Looked

RESPONSE, LANGUAGE, STATUS, CHANNEL = "_recordId", "userLanguage", "status", "distributionChannel"
NO_RESPONSES = {
    "survey preview": "a preview of the survey",
    "1": "a preview of the survey",
    "survey test": "a test of the survey",
    "4": "a test of the survey",
    "spam": "marked as spam",
    "8": "marked as spam",
}
"""Values of Status (as words and as numbers) by which a row is no response."""

TIMINGS = ("_FIRST_CLICK", "_LAST_CLICK", "_PAGE_SUBMIT", "_CLICK_COUNT")
WRITTEN = "_TEXT"
_QUESTION = re.compile(r"(\d+_)?QID\d")
"""The ImportId of a question; a number before it is of a loop."""


def why_not(looked: Looked) -> str:
    """Why a file holds no responses of Qualtrics, '' where it does."""
    if looked.shape != TABLE:
        return f"it is a {looked.shape}, no table"
    if len(looked.rows) < 3:
        return "it has no three rows of headings"
    ids = _import_ids(looked.rows[2])
    if RESPONSE not in ids:
        return "its third row names no ImportId of the responses"
    if not any(map(_is_question, ids)):
        return "its third row names no question (QID)"
    return ""


def _import_ids(row: Sequence[str]) -> list[str]:
    return [_import_id(cell) for cell in row]


def _import_id(cell: str) -> str:
    """The ImportId that a cell of the third row names, '' for none."""
    try:
        said = json.loads(cell)
    except ValueError:
        return ""
    return str(said.get("ImportId", "")) if isinstance(said, dict) else ""


def _is_question(name: str) -> bool:
    """Whether a column holds what was chosen: no words of one's own, no time on a page."""
    return bool(_QUESTION.match(name)) and not name.endswith((WRITTEN, *TIMINGS))


def judgments(looked: Looked) -> Iterator[Said | Broken | LeftOut]:
    """What each respondent answered, a question at a time."""
    names, words, headings = looked.rows
    ids = _import_ids(headings)
    questions = [at for at, name in enumerate(ids) if _is_question(name)]
    for found in itertools.islice(looked.table_rows(), 3, None):
        if isinstance(found, Broken):
            yield found
        else:
            yield from _respondent(*found, names, words, ids, questions)


def _respondent(
    place: str,
    row: Sequence[str],
    names: Sequence[str],
    words: Sequence[str],
    ids: Sequence[str],
    questions: Sequence[int],
) -> Iterator[Said | Broken | LeftOut]:
    if len(row) != len(names):
        yield Broken(place, f"has {len(row)} cells, the header has {len(names)}", list(row))
        return
    about = dict(zip(ids, row, strict=False))
    if why := NO_RESPONSES.get(about.get(STATUS, "").strip().casefold()):
        yield LeftOut(place, f"is {why}")
        return
    if about.get(CHANNEL, "").casefold() == "preview":
        yield LeftOut(place, "is a preview of the survey")
        return
    for at in questions:
        if row[at].strip():
            known: Mapping[str, Any] = {"text": words[at], "language": about.get(LANGUAGE, "")}
            rater = about[RESPONSE]
            yield Said(f"{place}, {names[at]}", names[at], rater, {names[at]: row[at]}, {}, known)
