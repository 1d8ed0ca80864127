"""Everything that was judged in a study, as fast as a database gives rows: for programs.
(`judgment_table` is the file that can be imported again.)

A row is never an object: its columns stand in `NAMES`, and each form is written from them. What was
answered to further questions comes as the text that the database holds.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from json import dumps
from json.encoder import encode_basestring
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast

from annotations.files.judgment_table import gone_raters
from annotations.models import Judgment, Rater, Study

CHUNK = 10_000

NAMES = {
    "id": "id",
    "item": "item__position",
    "item_key": "item__external_id",
    "trial": "item__trial_id",
    "rater": "rater_id",
    "label": "label",
    "number": "number",
    "confidence": "confidence",
    "answers": "answers_as_text",
    "comment": "comment",
    "seconds": "seconds",
    "away_seconds": "away_seconds",
    "revision": "revision",
    "is_current": "is_current",
    "is_regular": "is_regular",
    "is_counted": "is_counted",
    "created_at": "created_at",
}
"""The names in a row, and where each comes from; raters stand under their pseudonyms."""

_RATER, _COMMENT = (list(NAMES).index(name) for name in ("rater", "comment"))

Row = list[Any]
"""The values of `NAMES`, ``answers`` as JSON text, ``created_at`` as a datetime."""


def judgment_rows(study: Study) -> Iterator[Row]:
    """The rows by id; earlier revisions too, and what does not count. One chunk is in memory."""
    pseudonyms = dict(Rater.objects.filter(study=study).values_list("pk", "pseudonym"))
    gone = gone_raters(study)
    found = Judgment.objects.filter(item__study=study).with_counted().order_by("pk")
    found = found.annotate(answers_as_text=Cast("answers", TextField()))
    for known in found.values_list(*NAMES.values()).iterator(chunk_size=CHUNK):
        row = list(known)
        if row[_RATER] in gone:
            row[_COMMENT] = ""
        row[_RATER] = pseudonyms.get(row[_RATER], "")
        yield row


def judgment_lines(study: Study) -> Iterator[str]:
    """A line of JSON with its line end for each row of `judgment_rows`."""
    pattern = ", ".join(f"{dumps(name)}: %s" for name in NAMES)
    line = f"{{{pattern}}}\n"
    write = [_WRITERS.get(name, _plain) for name in NAMES]
    for row in judgment_rows(study):
        yield line % tuple([one(value) for one, value in zip(write, row, strict=True)])


_FIXED = {None: "null", True: "true", False: "false"}


def _plain(value: Any) -> str:
    """A number, a truth value or nothing as JSON: databases hold no infinite number."""
    return repr(value) if type(value) in (int, float) else _FIXED[value]


def _text(value: str) -> str:
    return encode_basestring(value)


def _as_it_is(value: str) -> str:
    return value


def _time(value: datetime) -> str:
    return f'"{value.isoformat()}"'


_WRITERS: dict[str, Callable[[Any], str]] = {
    **dict.fromkeys(("item_key", "rater", "label", "comment"), _text),
    "answers": _as_it_is,
    "created_at": _time,
}
