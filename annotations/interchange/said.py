"""What a file of another program says of an item: a judgment, or the label of a metric. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from annotations.files.judgment_columns import OF_JUDGMENT, OF_RATER
from annotations.files.properties import MEANT, OCCASION, TAKEN, WEIGHT

COLUMNS = (
    *("item", "rater", "value", "stage", "text", "expected"),
    *OF_JUDGMENT,
    *OF_RATER,
    WEIGHT,
    OCCASION,
    *MEANT,
)
"""The columns of a judgment file, but for answers to further questions."""

OF_ITEM = frozenset({WEIGHT, *MEANT})


@dataclass(frozen=True, slots=True)
class Said:
    """What *who* (a rater, or a metric) said of *item*, and where that stands.

    answers: by question what was chosen, or the number that was given. remarks: by question what
    was written freely. known: by column what else is known, ``text`` of the item among it.
    """

    place: str
    item: str
    who: str
    answers: Mapping[str, Any]
    remarks: Mapping[str, Any] = field(default_factory=dict)
    known: Mapping[str, Any] = field(default_factory=dict)


def of_item(data: Mapping[str, Any], without: Collection[str] = ()) -> dict[str, Any]:
    """What the data of an item say in columns of ours: its text (``text``, or else the only text
    among them), its properties; names that mean something else in a judgment file are left out."""
    texts = [name for name, value in data.items() if isinstance(value, str) and name not in OF_ITEM]
    named = "text" if "text" in data else texts[0] if len(texts) == 1 else ""
    other = (TAKEN | set(COLUMNS) | set(without)) - OF_ITEM
    facts = {
        name: value
        for name, value in data.items()
        if name not in other and name != named and isinstance(value, str | int | float)
    }
    return facts | ({"text": data[named]} if named else {})
