"""Trials as rows of Parquet and of Hugging Face folders, with the fields of a trial line. Pure."""

from collections.abc import Iterator
from typing import Any

from evaluations.interchange import columnar
from evaluations.interchange.found import Broken, Trial
from evaluations.interchange.looked_at import LINES, Looked
from evaluations.text.table_words import RejectedFile

NEEDED = ("model", "messages")


def why_not(looked: Looked) -> str:
    """Why a file holds no rows of trials, '' where it does."""
    if looked.shape == LINES:
        return "it is JSON Lines, as a trial file of ours is"
    if why := columnar.why_not(looked):
        return why
    try:
        names = columnar.columns(looked)
    except RejectedFile as error:
        return str(error)
    missing = [name for name in NEEDED if name not in names]
    return f"its rows have no {', '.join(missing)}" if missing else ""


def trials(looked: Looked) -> Iterator[Trial | Broken]:
    """Each row as a trial; what is empty in it was not said."""
    for place, row in columnar.rows(looked):
        said = {name: _said(value) for name, value in row.items() if value is not None}
        yield Trial(place, {"target_value": "", "trial": 0} | said)


def _said(value: Any) -> Any:
    """Without the empty entries that a column of objects has where others say something."""
    if isinstance(value, dict):
        return {name: _said(entry) for name, entry in value.items() if entry is not None}
    return [_said(entry) for entry in value] if isinstance(value, list) else value
