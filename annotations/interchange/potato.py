"""Annotations of Potato: its exports as JSON Lines and as a table, the folder with a state for each
rater, and what its first version wrote (`annotated_instances`). Pure.

A question is a scheme; what was written into a text box is a remark. Texts of the items stand in
what the first version wrote alone.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from annotations.interchange.said import Said
from evaluations.interchange.found import Broken, LeftOut
from evaluations.interchange.json_text import JsonText, json_lines
from evaluations.interchange.looked_at import FOLDER, LINES, TABLE, Looked
from evaluations.text.table_words import RejectedFile

ITEM, TEXT = "instance_id", "displayed_text"
USER, LABELS = ("user_id", "user"), ("labels", "label_annotations")
"""Of a rater and of what they chose the names of version 2, and of version 1."""
SPANS = ("spans", "span_annotations")
STATE, STATE_LABELS = "user_state.json", "instance_id_to_label_to_value"
OLD_STATE = "annotated_instances.jsonl"
OLD_MARK, MARK = ":::", "."
"""Between scheme and label in the name of a column."""
OLD_SPANS = "span_annotation"
TEXT_BOX = "text_box"

Result = Said | Broken | LeftOut
Labels = Iterable[tuple[str, list[tuple[str, Any]]]]


def why_not(looked: Looked) -> str:
    """Why a file or folder holds no annotations of Potato, '' where it does."""
    if looked.shape == FOLDER:
        return "" if _states(looked) else f"the folder holds no {STATE} and no {OLD_STATE}"
    if looked.shape == TABLE:
        header = set(looked.rows[0]) if looked.rows else set()
        if ITEM in header and any(name in header for name in USER):
            return ""
        return f"its header has no {ITEM} and {' or '.join(USER)}"
    if looked.shape != LINES:
        return f"it is a {looked.shape}, no JSON Lines, no table and no folder"
    if {"id", LABELS[1]} <= looked.keys:
        return (
            "it is the file of one rater, whom it does not name: take the folder "
            "annotation_output that it stands in"
        )
    missing = [
        " or ".join(names)
        for names in ((ITEM,), USER, LABELS)
        if not looked.keys.intersection(names)
    ]
    return f"its first line has no {', '.join(missing)}" if missing else ""


def _states(looked: Looked) -> list[str]:
    """The file of each rater in a folder, whichever version wrote it."""
    found = [name for name in looked.names if PurePosixPath(name).name == STATE]
    old = [name for name in looked.names if PurePosixPath(name).name == OLD_STATE]
    return found or [name for name in old if len(PurePosixPath(name).parts) > 1]


def judgments(looked: Looked) -> Iterator[Result]:
    """What each rater answered to the schemes of an instance."""
    if looked.shape == FOLDER:
        for name in _states(looked):
            is_old = PurePosixPath(name).name == OLD_STATE
            yield from (_old_state if is_old else _state)(looked, name)
    elif looked.shape == TABLE:
        yield from _table(looked)
    else:
        with looked.open() as file:
            for number, line in json_lines(file):
                if isinstance(line, Broken):
                    yield line
                else:
                    yield from _line(f"line {number}", line)


def _line(place: str, line: Any, rater: str = "", item: str = ITEM) -> Iterator[Result]:
    """A line; *rater*: who it is of, where it does not say so itself."""
    said = line if isinstance(line, dict) else {}
    given = _first(said, LABELS)
    who = rater or _first(said, USER)
    if not isinstance(given, dict) or who is None or item not in said:
        names = (item, *([] if rater else [USER[0]]), LABELS[0])
        yield Broken(place, f"has not all of {', '.join(names)}", line)
        return
    if _first(said, SPANS):
        yield _marked(place)
    labels = ((scheme, _named(chosen)) for scheme, chosen in given.items())
    yield _said(place, str(said[item]), str(who), labels, said.get(TEXT))


def _marked(place: str) -> LeftOut:
    return LeftOut(place, "marks parts of the text, which is not taken")


def _first(said: Mapping[str, Any], names: Sequence[str]) -> Any:
    return next((said[name] for name in names if said.get(name) is not None), None)


# --- folders --------------------------------------------------------------------------------------


def _state(looked: Looked, name: str) -> Iterator[Result]:
    """The answers in the state of one rater."""
    try:
        with (looked.path / name).open("rb") as file:
            state = JsonText(file.read).value()
        rater, given = str(state["user_id"]), state[STATE_LABELS].items()
    except (RejectedFile, OSError, KeyError, TypeError, AttributeError) as error:
        yield Broken(name, f"is no state of a rater ({error})")
        return
    for instance, labels in given:
        by_scheme: dict[str, list[tuple[str, Any]]] = {}
        try:
            for label, value in labels:
                by_scheme.setdefault(str(label["schema"]), []).append((str(label["name"]), value))
        except (TypeError, KeyError, ValueError):
            yield Broken(f"{name}, instance {instance}", "holds no labels by scheme", labels)
            continue
        yield _said(f"{name}, instance {instance}", instance, rater, by_scheme.items())


def _old_state(looked: Looked, name: str) -> Iterator[Result]:
    """The lines of a rater, whom the folder is named after."""
    with (looked.path / name).open("rb") as file:
        for number, line in json_lines(file):
            place = f"{name}, line {number}"
            if isinstance(line, Broken):
                yield Broken(place, line.reason, line.original)
            else:
                yield from _line(place, line, PurePosixPath(name).parent.name, "id")


# --- tables ---------------------------------------------------------------------------------------


def _table(looked: Looked) -> Iterator[Result]:
    """The rows of a table, which has a column for each label of each scheme."""
    header: list[str] = []
    for found in looked.table_rows():
        if isinstance(found, Broken):
            yield found
        elif not header:
            header = found[1]
        else:
            yield from _row(found[0], header, found[1])


def _row(place: str, header: Sequence[str], row: Sequence[str]) -> Iterator[Result]:
    if len(row) != len(header):
        yield Broken(place, f"has {len(row)} cells, the header has {len(header)}", list(row))
        return
    said = dict(zip(header, row, strict=True))
    mark = OLD_MARK if any(OLD_MARK in name for name in header) else MARK
    by_scheme: dict[str, list[tuple[str, Any]]] = {}
    settled: dict[str, list[tuple[str, Any]]] = {}
    for name, value in said.items():
        scheme, parted, label = name.partition(mark)
        if name in (ITEM, TEXT, *USER) or not value:
            continue
        if scheme == OLD_SPANS or label == "_spans":
            if value != "[]":
                yield _marked(place)
        elif not parted and mark == MARK:  # which of several stored labels holds
            settled[scheme] = [("", value)]
        elif parted and not label.startswith("_"):
            by_scheme.setdefault(scheme, []).append((label, value))
    labels = {scheme: settled.get(scheme, given) for scheme, given in by_scheme.items()}
    who = str(_first(said, USER) or "")
    yield _said(place, said[ITEM], who, labels.items(), said.get(TEXT))


# --- answers --------------------------------------------------------------------------------------


def _named(given: Any) -> list[tuple[str, Any]]:
    """The labels of a scheme with their values."""
    return list(given.items()) if isinstance(given, dict) else [("", given)]


def _said(
    place: str, item: str, rater: str, labels: Labels, text: str | None = None
) -> Said | LeftOut:
    answers: dict[str, Any] = {}
    remarks: dict[str, Any] = {}
    for scheme, given in labels:
        words = [value for name, value in given if name == TEXT_BOX]
        chosen = [_chosen(name, value) for name, value in given if name != TEXT_BOX]
        if words:
            remarks[scheme] = "\n".join(map(str, words))
        if chosen:
            answers[scheme] = chosen
    if not answers:
        return LeftOut(place, f"{rater} chose nothing")
    return Said(place, item, rater, answers, remarks, {"text": text} if text else {})


def _chosen(name: str, value: Any) -> Any:
    """What was chosen: the value, or of a box that was ticked its name."""
    ticked = value is True or value is None or str(value).casefold() in ("true", "on", "")
    return name if ticked else value
