"""Exports of doccano for the classification of texts: an archive with a file for each rater, or one
such file (JSON or JSON Lines). Pure.

The rater is the name of the file, as nothing in it says who labelled. Comments are not taken: the
file does not say whose they are.
"""

import io
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from annotations.interchange.said import Said, of_item
from evaluations.interchange.archives import Archive, DamagedMember
from evaluations.interchange.found import Broken, LeftOut
from evaluations.interchange.json_text import broken_file, elements_of, json_lines
from evaluations.interchange.looked_at import LINES, LIST, ZIP, Looked
from evaluations.text.table_words import RejectedFile

LABELS = ("label", "labels")
QUESTION = "label"
OWN = ("id", "text", "Comments", "comments", *LABELS)

Result = Said | Broken | LeftOut


def why_not(looked: Looked) -> str:
    """Why a file is no export of doccano, '' where it is one."""
    if looked.damage:
        return looked.damage
    if looked.shape == ZIP:
        files = [name for name in looked.names if not name.endswith("/")]
        if not files or any(not name.endswith((".json", ".jsonl")) for name in files):
            return "the archive holds other files than .json and .jsonl"
        try:
            with Archive(looked.path) as archive:
                first = next((one for _, one in _values(files[0], archive.read(files[0]))), None)
        except (DamagedMember, RejectedFile) as error:
            return f"{files[0]}: {error}"
        return _why_no_record(first)
    if looked.shape not in (LIST, LINES):
        return f"it is a {looked.shape}, no archive and no JSON of records"
    return _why_no_record(looked.first)


def _why_no_record(first: Any) -> str:
    keys = set(first) if isinstance(first, dict) else set()
    if not {"id", "text"} <= keys or not any(
        isinstance(first[k], list) for k in keys & set(LABELS)
    ):
        return "its first record has no id, text and list of labels"
    return ""


def judgments(looked: Looked) -> Iterator[Result]:
    """Each labelled record as a judgment of the rater whose file it is."""
    if looked.shape != ZIP:
        with looked.open() as file:
            values = enumerate(elements_of(file.read), start=1)
            found = values if looked.shape == LIST else json_lines(file)
            word = "element" if looked.shape == LIST else "line"
            for number, record in found:
                yield _record(f"{word} {number}", looked.path.stem, record)
        return
    try:
        with Archive(looked.path) as archive:
            for name in archive.names:
                rater = PurePosixPath(name).stem
                for number, record in _values(name, archive.read(name)):
                    yield _record(f"{name}, record {number}", rater, record)
    except DamagedMember as error:
        raise broken_file(f"a file of the archive {error}") from None


def _values(name: str, content: bytes) -> Iterator[tuple[int, Any]]:
    stream = io.BytesIO(content)
    if name.endswith(".jsonl"):
        return json_lines(stream)
    return enumerate(elements_of(stream.read), start=1)


def _record(place: str, rater: str, record: Any) -> Result:
    if isinstance(record, Broken):
        return Broken(place, record.reason, record.original)
    if not isinstance(record, dict) or "id" not in record:
        return Broken(place, "is no record with an id", record)
    given = next((record[name] for name in LABELS if isinstance(record.get(name), list)), None)
    if given is None:
        return Broken(place, "has no list of labels", record)
    if not given:
        return LeftOut(place, f"{rater} gave no label")
    if not all(isinstance(one, str) for one in given):
        return LeftOut(place, "labels parts of the text, which is not taken")
    return Said(place, str(record["id"]), rater, {QUESTION: given}, {}, _facts(record))


def _facts(record: Mapping[str, Any]) -> dict[str, Any]:
    text = {"text": record["text"]} if isinstance(record.get("text"), str) else {}
    rest = {name: value for name, value in record.items() if name not in OWN}
    return of_item(text | rest) if text else {}
