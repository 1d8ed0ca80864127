"""Annotations of Potato: its JSON Lines export, or the folder with a state for each rater. Pure.

A question is a scheme; what was written into a text box is a remark. Texts of the items stand in
neither.
"""

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any

from annotations.interchange.said import Said
from evaluations.interchange.found import Broken, LeftOut
from evaluations.interchange.json_text import JsonText, json_lines
from evaluations.interchange.looked_at import FOLDER, LINES, TABLE, Looked
from evaluations.text.table_words import RejectedFile

KEYS = ("instance_id", "user_id", "labels")
STATE, LABELS = "user_state.json", "instance_id_to_label_to_value"
TEXT_BOX = "text_box"

Result = Said | Broken | LeftOut


def why_not(looked: Looked) -> str:
    """Why a file or folder holds no annotations of Potato, '' where it does."""
    if looked.shape == FOLDER:
        return "" if _states(looked) else f"the folder holds no {STATE}"
    if looked.shape == TABLE and looked.rows and set(KEYS[:2]) <= set(looked.rows[0]):
        return "it is its table, which splits answers over columns: export it as jsonl"
    if looked.shape != LINES:
        return f"it is a {looked.shape}, no JSON Lines and no folder"
    missing = [name for name in KEYS if name not in looked.keys]
    return f"its first line has no {', '.join(missing)}" if missing else ""


def _states(looked: Looked) -> list[str]:
    return [name for name in looked.names if PurePosixPath(name).name == STATE]


def judgments(looked: Looked) -> Iterator[Result]:
    """What each rater answered to the schemes of an instance."""
    if looked.shape == FOLDER:
        for name in _states(looked):
            yield from _state(looked, name)
        return
    with looked.open() as file:
        for number, line in json_lines(file):
            place = f"line {number}"
            if isinstance(line, Broken):
                yield line
            elif not isinstance(line, dict) or not isinstance(line.get("labels"), dict):
                yield Broken(place, f"has not all of {', '.join(KEYS)}", line)
            else:
                labels = ((scheme, _named(given)) for scheme, given in line["labels"].items())
                yield _said(place, str(line["instance_id"]), str(line["user_id"]), labels)


def _state(looked: Looked, name: str) -> Iterator[Result]:
    """The answers in the state of one rater."""
    try:
        with (looked.path / name).open("rb") as file:
            state = JsonText(file.read).value()
        rater, given = str(state["user_id"]), state[LABELS].items()
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


def _named(given: Any) -> list[tuple[str, Any]]:
    """The labels of a scheme with their values."""
    return list(given.items()) if isinstance(given, dict) else [("", given)]


def _said(
    place: str, item: str, rater: str, labels: Iterable[tuple[str, list[tuple[str, Any]]]]
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
    return Said(place, item, rater, answers, remarks)


def _chosen(name: str, value: Any) -> Any:
    """What was chosen: the value, or of a box that was ticked its name."""
    ticked = value is True or value is None or str(value).casefold() in ("true", "on", "")
    return name if ticked else value
