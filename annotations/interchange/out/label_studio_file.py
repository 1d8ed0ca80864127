"""Judgments as Label Studio imports them: tasks with annotations, and the configuration that shows
them. Pure. What metrics said stands beside them as predictions, with name and version.

The value is a control called ``value``, confidence a rating; every other column of the table that
can be read again is a text area of its name, the rater's pseudonym among them, since a rater is no
user there.
"""

import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

from annotations.files.judgment_columns import ANSWER, OF_JUDGMENT, OF_RATER
from annotations.files.properties import MEANT, WEIGHT
from annotations.interchange.out.fields import Described

CHOICES, NUMBER, WORDS = "choices", "number", "textarea"
SHOWN_AS = {"nominal": CHOICES, "ordinal": CHOICES, "interval": NUMBER}
CONFIDENCE = "confidence"
AREAS = ("rater", "stage", "expected", *(n for n in OF_JUDGMENT if n != CONFIDENCE), *OF_RATER)


Labels = Sequence[tuple[str, str]]


def tasks_of(
    rows: Iterable[Mapping[str, Any]],
    study: Described,
    labels: Iterable[tuple[str, Labels]] = (),
) -> Iterator[str]:
    """The file in pieces: a list of tasks, one for the rows of each item, which stand together.

    *labels*: by item, in the order of the rows, the metrics (name and version) with what they said;
    each is a prediction of the task.
    """
    mark, left = "[", iter(labels)
    for item, judged in itertools.groupby(rows, key=lambda row: row["item"]):
        said = next((found for name, found in left if name == item), ())
        task = _task(list(judged), study) | _predictions(said, study)
        yield f"{mark}\n{json.dumps(task, ensure_ascii=False)}"
        mark = ","
    yield "[]\n" if mark == "[" else "\n]\n"


def _task(rows: list[Mapping[str, Any]], study: Described) -> dict[str, Any]:
    first = rows[0]
    about = {
        name: first[name]
        for name in (*MEANT, WEIGHT, *study.properties)
        if first.get(name) not in (None, "")
    }
    data = {**about, "item": first["item"], "text": first.get("text") or ""}
    return {"data": data, "annotations": [_annotation(row, study) for row in rows]}


def _predictions(labels: Labels, study: Described) -> dict[str, Any]:
    found = [
        {"model_version": scorer, "result": [_value(label, study)]}
        for scorer, label in labels
        if label
    ]
    return {"predictions": found} if found else {}


def _annotation(row: Mapping[str, Any], study: Described) -> dict[str, Any]:
    results = [_value(row["value"], study)]
    if row.get(CONFIDENCE):
        results.append(_result(CONFIDENCE, "rating", int(row[CONFIDENCE])))
    answers = {name.removeprefix(ANSWER): row[name] for name in row if name.startswith(ANSWER)}
    for name, said in [*((name, row.get(name)) for name in AREAS), *answers.items()]:
        if said not in (None, ""):
            results.append(_result(name, WORDS, [_words(said)], "text"))
    annotation: dict[str, Any] = {"result": results}
    if row.get("seconds"):
        annotation["lead_time"] = float(row["seconds"])
    return annotation


def _value(label: str, study: Described) -> dict[str, Any]:
    shown = SHOWN_AS.get(study.scale, WORDS)
    if shown == CHOICES:
        return _result("value", CHOICES, [label])
    if shown == NUMBER:
        return _result("value", NUMBER, json.loads(label))
    return _result("value", WORDS, [label], "text")


def _result(name: str, kind: str, value: Any, within: str = "") -> dict[str, Any]:
    return {"from_name": name, "to_name": "text", "type": kind, "value": {within or kind: value}}


def _words(said: Any) -> str:
    if isinstance(said, datetime):
        return said.isoformat()
    return said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)


def configuration(study: Described, keys: Iterable[str]) -> str:
    """The labelling configuration of a project that imports the tasks. *keys*: of the further
    questions."""
    view = ElementTree.Element("View")
    ElementTree.SubElement(view, "Text", name="text", value="$text")
    if study.question:
        ElementTree.SubElement(view, "Header", value=study.question)
    shown = SHOWN_AS.get(study.scale, WORDS)
    if shown == CHOICES:
        choices = ElementTree.SubElement(
            view, "Choices", name="value", toName="text", choice="single"
        )
        for category in study.categories:
            ElementTree.SubElement(choices, "Choice", value=category)
    else:
        tag = "Number" if shown == NUMBER else "TextArea"
        ElementTree.SubElement(view, tag, name="value", toName="text")
    ElementTree.SubElement(view, "Rating", name=CONFIDENCE, toName="text", maxRating="5")
    for name in (*AREAS, *keys):
        ElementTree.SubElement(view, "TextArea", name=name, toName="text", editable="false")
    ElementTree.indent(view)
    return f"{ElementTree.tostring(view, encoding='unicode')}\n"
