"""Batch files: a question a line, and an answer a line, as OpenAI's batch API and those like it
have them (https://platform.openai.com/docs/guides/batch).

A line out: ``{"custom_id", "method": "POST", "url": "/v1/chat/completions", "body"}``. A line in:
``{"custom_id", "response": {"status_code", "body"}, "error"}``, of the output file or the error
file. Pure.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

URL = "/v1/chat/completions"
MOST_LINES = 50_000
"""Of one file, as the API takes them."""

LONGEST_LINE = 4_000_000
"""Characters of a line in."""

_NAMED = re.compile(r"valuecheck-run(\d{1,18})-trial(\d{1,18})-turn(\d{1,9})")


class LineRefused(ValueError):
    """A line that is no answer to a line of ours; says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """Which question a line is about: the turn that its answer will be, from 0."""

    run: int
    trial: int
    turn: int

    @property
    def custom_id(self) -> str:
        return f"valuecheck-run{self.run}-trial{self.trial}-turn{self.turn}"


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """What came for a place: a completion with its `status`, or an `error` of the batch itself."""

    place: Place
    status: int
    body: Any
    error: str = ""


def line_of(place: Place, body: Mapping[str, Any]) -> str:
    """A line of a file of questions, without its end."""
    entry = {"custom_id": place.custom_id, "method": "POST", "url": URL, "body": body}
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":"))


def answer_in(line: str) -> BatchAnswer:
    """The answer that a line holds. Raises LineRefused for anything else."""
    if len(line) > LONGEST_LINE:
        raise LineRefused(f"the line has {len(line):,} characters, {LONGEST_LINE:,} are the most")
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError) as wrong:
        raise LineRefused(f"this is no JSON ({wrong})") from None
    if not isinstance(entry, dict):
        raise LineRefused("this is no object {...}")
    place = _place(entry.get("custom_id"))
    response, error = entry.get("response"), entry.get("error")
    if error and not isinstance(response, dict):
        words = error.get("message") or error.get("code") if isinstance(error, dict) else error
        return BatchAnswer(place, 0, None, str(words)[:300])
    if not isinstance(response, dict):
        if "body" in entry and "method" in entry:
            raise LineRefused("this is a line of the questions: import the file of the answers")
        raise LineRefused("there is neither a response nor an error")
    status = response.get("status_code", 200)
    if isinstance(status, bool) or not isinstance(status, int):
        raise LineRefused(f"status_code is {json.dumps(status)}, no number")
    return BatchAnswer(place, status, response.get("body"))


def _place(custom_id: object) -> Place:
    found = _NAMED.fullmatch(custom_id) if isinstance(custom_id, str) else None
    if not found:
        raise LineRefused(
            f"the custom_id is {json.dumps(custom_id)[:80]}: it is none that was exported here"
        )
    return Place(*map(int, found.groups()))
