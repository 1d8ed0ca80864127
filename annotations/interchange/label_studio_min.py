"""Exports of Label Studio as JSON_MIN: a list of annotations, each with the data of its task. Pure.

Nothing in it tells data from answers, as both stand side by side under their names. So each name is
taken as a question, and which of them is the value is asked for (`--value-from`), never guessed;
``text`` alone is the text of the item, and ``item`` its name. Skipped tasks, and tasks that nobody
annotated, are not in such a file.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from annotations.interchange.said import Said
from evaluations.interchange.found import Broken, LeftOut
from evaluations.interchange.json_text import elements_of
from evaluations.interchange.looked_at import Looked

MIN_KEYS = frozenset({"annotator", "annotation_id"})
OWN = MIN_KEYS | {"id", "item", "text", "created_at", "updated_at", "lead_time"}
ANSWERS = ("choices", "rating", "number", "taxonomy", "text")
"""Names under which an answer that is no single word stands."""

Result = Said | Broken | LeftOut


def short_judgments(looked: Looked) -> Iterator[Result]:
    """Each element as a judgment of its annotator."""
    with looked.open() as file:
        for number, one in enumerate(elements_of(file.read), start=1):
            if not isinstance(one, dict) or not one.keys() >= MIN_KEYS:
                words = " and ".join(sorted(MIN_KEYS))
                yield Broken(f"element {number}", f"has not both of {words}", one)
            else:
                yield from _judgment(number, one)


def _judgment(number: int, one: Mapping[str, Any]) -> Iterator[Result]:
    item = one.get("item", one.get("id", number))
    place = f"task {one.get('id', number)}, annotation {one['annotation_id']}"
    answers: dict[str, Any] = {}
    for name, given in one.items():
        if name in OWN or given is None or given == [] or given == "":
            continue
        answer = _answer(given)
        if answer is None:
            kind = _kind(given)
            yield LeftOut(place, f"what stands at {name!r} is {kind}, which is not taken")
        else:
            answers[name] = answer
    known = {"seconds": one.get("lead_time"), "sent_at": one.get("created_at")}
    if isinstance(one.get("text"), str):
        known["text"] = one["text"]
    rater = "" if one["annotator"] is None else str(one["annotator"])
    yield Said(place, str(item), rater, answers, {}, known)


def _answer(given: Any) -> Any:
    """A word or a number; of what a control gave, its answer; None where it is of parts."""
    if isinstance(given, str | int | float):
        return given
    one = given[0] if isinstance(given, list) and len(given) == 1 else given
    if isinstance(one, dict) and "start" not in one:
        return next((one[name] for name in ANSWERS if name in one), None)
    is_of_words = isinstance(given, list) and all(isinstance(w, str | int | float) for w in given)
    return given if is_of_words else None


def _kind(given: Any) -> str:
    names = {name for one in given if isinstance(one, dict) for name in one} if given else set()
    return f"of {', '.join(sorted(names))}" if names else "no answer"
