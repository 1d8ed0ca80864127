"""Everything that was judged in a study, a line of JSON for each judgment, as fast as a database
gives rows: for programs. (`judgment_table` is the file that can be imported again.)
"""

import json
from collections.abc import Iterator
from typing import Any

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
    "answers": "answers",
    "comment": "comment",
    "seconds": "seconds",
    "away_seconds": "away_seconds",
    "revision": "revision",
    "is_current": "is_current",
    "is_regular": "is_regular",
    "is_counted": "is_counted",
    "created_at": "created_at",
}
"""The names in a line, and where each comes from; raters stand under their pseudonyms."""


def judgment_lines(study: Study) -> Iterator[str]:
    """The lines with their line ends, by id; earlier revisions too, and what does not count."""
    pseudonyms = dict(Rater.objects.filter(study=study).values_list("pk", "pseudonym"))
    gone, write = gone_raters(study), json.JSONEncoder(ensure_ascii=False).encode
    rows = Judgment.objects.filter(item__study=study).with_counted().order_by("pk")
    for row in rows.values_list(*NAMES.values()).iterator(chunk_size=CHUNK):
        line: dict[str, Any] = dict(zip(NAMES, row, strict=True))
        if line["rater"] in gone:
            line["comment"] = ""
        line["rater"] = pseudonyms.get(line["rater"], "")
        line["created_at"] = line["created_at"].isoformat()
        yield f"{write(line)}\n"
