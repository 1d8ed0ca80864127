"""Judgments and automated labels as rows of Parquet and of Hugging Face folders, in the columns of
a judgment file. Pure."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from annotations.interchange.said import Said
from evaluations.interchange import columnar
from evaluations.interchange.found import Broken, LeftOut
from evaluations.interchange.looked_at import Looked
from evaluations.text.table_words import RejectedFile

VALUE = "value"


def why_without(needed: Sequence[str]) -> Callable[[Looked], str]:
    """What says why a file has no rows with the *needed* columns."""

    def why_not(looked: Looked) -> str:
        if why := columnar.why_not(looked):
            return why
        try:
            names = columnar.columns(looked)
        except RejectedFile as error:
            return str(error)
        missing = [name for name in needed if name not in names]
        return f"its rows have no {', '.join(missing)}" if missing else ""

    return why_not


def rows_by(who: str) -> Callable[[Looked], Iterator[Said | Broken | LeftOut]]:
    """What reads the rows, each of which *who* (the name of a column) said."""

    def read(looked: Looked) -> Iterator[Said | Broken | LeftOut]:
        for place, row in columnar.rows(looked):
            known = {n: v for n, v in row.items() if n not in ("item", who, VALUE)}
            value = {VALUE: row[VALUE]} if row[VALUE] is not None else {}
            yield Said(place, _word(row["item"]), _word(row[who]), value, {}, known)

    return read


def _word(value: Any) -> str:
    return "" if value is None else str(value)
