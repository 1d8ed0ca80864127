"""Exports of Label Studio as JSON: a list of tasks with their annotations and predictions; or of
annotations alone (JSON_MIN). Pure.

The question is the name of its control; a control named as a column of a judgment file is that
column. The item is the task's ``item`` among its data, else the number of the task.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from annotations.interchange.label_studio_min import MIN_KEYS, short_judgments
from annotations.interchange.said import Said, of_item
from evaluations.interchange.found import Broken, LeftOut
from evaluations.interchange.json_text import elements_of
from evaluations.interchange.looked_at import LIST, TABLE, Looked

ANNOTATIONS = ("annotations", "completions")
CHOSEN = ("choices", "rating", "number", "taxonomy")
"""Kinds of results that are answers, each with the name its value has."""

VALUE = "value"
"""The control that we write: its answer is one in whatever form."""

Result = Said | Broken | LeftOut


def why_not(looked: Looked) -> str:
    """Why a file is no export of Label Studio, '' where it is one."""
    if looked.shape == TABLE and looked.rows and set(looked.rows[0]) >= MIN_KEYS:
        return "it is its table: export it as JSON"
    if looked.shape != LIST:
        return f"it is a {looked.shape}, no JSON list"
    if looked.damage:
        return looked.damage
    if looked.keys >= MIN_KEYS:
        return ""
    if "data" not in looked.keys or not looked.keys & set(ANNOTATIONS):
        return "its first element has no data and annotations"
    return ""


def why_no_labels(looked: Looked) -> str:
    """Why it holds no tasks with predictions, '' where it does; they need no annotations."""
    why = why_not(looked)
    if looked.keys >= MIN_KEYS:
        return "it is its JSON_MIN, which holds no predictions: export it as JSON"
    return "" if why and {"data", "predictions"} <= looked.keys else why


def _tasks(looked: Looked) -> Iterator[tuple[str, str, Mapping[str, Any]] | Broken]:
    """Place, item and task."""
    with looked.open() as file:
        for number, task in enumerate(elements_of(file.read), start=1):
            if not isinstance(task, dict) or not isinstance(task.get("data"), dict):
                yield Broken(f"element {number}", "is no task with data", task)
                continue
            name = task.get("id", number)
            item = task["data"].get("item")
            yield f"task {name}", str(name if item is None else item), task


def judgments(looked: Looked) -> Iterator[Result]:
    """Each annotation as a judgment of who completed it."""
    if looked.keys >= MIN_KEYS:
        yield from short_judgments(looked)
        return
    for found in _tasks(looked):
        if isinstance(found, Broken):
            yield found
            continue
        place, item, task = found
        annotations: list[Any] = next((task[name] for name in ANNOTATIONS if task.get(name)), [])
        if not annotations:
            yield LeftOut(place, "nobody annotated it")
        facts = of_item(task["data"])
        for number, annotation in enumerate(annotations, start=1):
            yield from _annotation(place, number, item, annotation, facts)


def _annotation(
    place: str, number: int, item: str, annotation: Any, facts: Mapping[str, Any]
) -> Iterator[Result]:
    if not isinstance(annotation, dict) or not isinstance(annotation.get("result"), list):
        yield Broken(f"{place}, annotation {number}", "holds no result", annotation)
        return
    place = f"{place}, annotation {annotation.get('id', number)}"
    if annotation.get("was_cancelled"):
        yield LeftOut(place, "its rater skipped the task")
        return
    answers, remarks, other = _results(annotation["result"])
    for name, kind in other.items():
        yield LeftOut(place, f"the answer to {name!r} is of the kind {kind}, which is not taken")
    known = {
        "seconds": annotation.get("lead_time"),
        "sent_at": annotation.get("created_at"),
        **facts,
    }
    yield Said(place, item, _person(annotation.get("completed_by")), answers, remarks, known)


def _person(completed_by: Any) -> str:
    """The number of a user, never the mail address that may stand beside it."""
    if isinstance(completed_by, dict):
        completed_by = completed_by.get("id")
    return "" if completed_by is None else str(completed_by)


def _results(results: list[Any]) -> tuple[dict[str, Any], dict[str, Any], dict[str, str]]:
    """Answers and remarks by the name of their control, and the kinds of those that are neither."""
    answers: dict[str, Any] = {}
    remarks: dict[str, Any] = {}
    other: dict[str, str] = {}
    for result in results:
        result = result if isinstance(result, dict) else {}
        name, kind = str(result.get("from_name", "")), str(result.get("type", ""))
        value = result.get("value")
        value = value if isinstance(value, dict) else {}
        if kind in CHOSEN and kind in value and "start" not in value:
            answers[name] = _flat(value[kind])
        elif kind == "textarea":
            text = value.get("text", "")
            words = "\n".join(map(str, text)) if isinstance(text, list) else str(text)
            (answers if name == VALUE else remarks)[name] = words
        else:
            other[name] = kind or "nothing"
    return answers, remarks, other


def _flat(answer: Any) -> Any:
    """An answer; of a taxonomy each choice as its path ('values > care')."""
    if isinstance(answer, list) and all(isinstance(one, list) for one in answer):
        return [" > ".join(map(str, path)) for path in answer]
    return answer


def labels(looked: Looked) -> Iterator[Result]:
    """Each prediction as the label of its model version."""
    for found in _tasks(looked):
        if isinstance(found, Broken):
            yield found
            continue
        place, item, task = found
        for number, prediction in enumerate(task.get("predictions") or [], start=1):
            if not isinstance(prediction, dict) or not isinstance(prediction.get("result"), list):
                where = f"{place}, prediction {number}"
                yield LeftOut(where, "stands in the file by its number alone")
                continue
            where = f"{place}, prediction {prediction.get('id', number)}"
            who = str(prediction.get("model_version") or "predictions")
            answers, remarks, _ = _results(prediction["result"])
            yield Said(where, item, who, answers, remarks, of_item(task["data"]))
