"""Answers to slider items as JSON lines, read one by one: which option did each choose?

Pure: reads and writes streams, knows no database and holds one answer at a time. docs/reference/
commands.md (read_answers) says what a line holds.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import IO, Any

from evaluations.formats.lines import LineError, json_of
from evaluations.instruments.svo.measure.items import Allocation
from evaluations.instruments.svo.measure.shown_options import ShownOptions, shown
from evaluations.instruments.svo.measure.slider import SLIDER
from evaluations.instruments.svo.reading import ProseReading, language_codes, read_prose
from evaluations.text.file_lines import Source, raw_lines
from evaluations.text.table_words import Notes, Problems

SHOWN_PROBLEMS = 1000
"""Problems that are told one by one."""
FIELDS = ("id", "item", "text", "shown", "language", "truncated")
REFUSED = "refused"
"""Outcome of an answer that declines to choose; the others are those of a reading."""


@dataclass
class Summary:
    """How many answers came to which outcome; the result is to be used only when there are no
    problems."""

    outcomes: Counter[str] = field(default_factory=Counter)
    problems: Problems = field(default_factory=lambda: Problems(kept=SHOWN_PROBLEMS))
    notes: Notes = field(default_factory=Notes)


def read_lines(
    source: Source, result: IO[str], *, progress: Callable[[int], None] = lambda lines: None
) -> Summary:
    """Read every line of *source* and write one line into *result* for each.

    Goes on after a bad line, so that all of them are named; whoever calls it must then discard
    *result*. Raises RejectedFile for an encoding that is no text, and for a file without a line.
    """
    summary = Summary()
    seen: dict[str, int] = {}
    number = 0
    for number, line in enumerate(raw_lines(source, summary.notes, summary.problems), start=1):
        progress(1)
        if not line.strip():
            continue
        try:
            found = json_of(line)
            read = _read(found)
            for name in sorted(set(found) - set(FIELDS)):
                summary.notes.say(f"The field {name!r} is not read")
            _check_once(found["id"], number, seen)
        except LineError as error:
            summary.problems.add(number, str(error))
            continue
        outcome = REFUSED if read.refused else read.outcome.value
        summary.outcomes[outcome] += 1
        result.write(json.dumps(_told(found["id"], outcome, read), ensure_ascii=False) + "\n")
    if not seen and not summary.problems.total:
        raise summary.problems.stop(0, "the file holds no answer")
    return summary


def _told(name: Any, outcome: str, read: ProseReading) -> dict[str, Any]:
    return {
        "id": name,
        "outcome": outcome,
        "letter": read.label,
        "method": read.method,
        "span": read.evidence,
        "note": read.note,
    }


def _read(line: Any) -> ProseReading:
    if not isinstance(line, dict):
        raise LineError('must be an object: {"id": 1, "item": 4, "text": "I choose C."}')
    for name in ("id", "text"):
        if name not in line:
            raise LineError(f"has no {name}")
    if not isinstance(line["text"], str):
        raise LineError("text must be the answer as a text")
    if not isinstance(line.get("truncated", False), bool):
        raise LineError("truncated must be true or false")
    language = line.get("language")
    if language is not None and language not in language_codes():
        known = ", ".join(language_codes())
        raise LineError(
            f"there are no cue words for the language {language!r}: give {known}, or leave it out "
            "to have it recognised"
        )
    truncated = line.get("truncated", False)
    return read_prose(line["text"], _options(line), truncated=truncated, language=language)


def _check_once(name: Any, number: int, seen: dict[str, int]) -> None:
    if isinstance(name, bool) or not isinstance(name, str | int) or not str(name).strip():
        raise LineError(f"id is {name!r}, must be a text or a whole number")
    if str(name) in seen:
        raise LineError(f"id {name!r} is already on line {seen[str(name)]}")
    seen[str(name)] = number


def _options(line: Mapping[str, Any]) -> ShownOptions:
    """The options of a line: an item's as printed, in the order shown, or those it gives itself."""
    order = line.get("shown")
    if order is not None and (not isinstance(order, list) or not order):
        raise LineError("shown must be a list of option numbers, or of pairs [self, other]")
    try:
        if order and isinstance(order[0], list | dict):
            return _given(order)
        if "item" not in line:
            raise LineError("has no item; it is needed where shown gives no payoffs")
        item = line["item"]
        if isinstance(item, bool) or not isinstance(item, int):
            raise LineError(f"item is {item!r}, must be the number of a slider item")
        return shown(item, order)
    except (ValueError, TypeError) as error:
        raise LineError(str(error)) from None


def _given(options: list[Any]) -> ShownOptions:
    """Options whose payoffs the line gives: pairs, or objects with self, other and maybe label."""
    if len(options) > len(SLIDER.labels):
        raise LineError(f"shown has {len(options)} options, at most {len(SLIDER.labels)} are known")
    labels, payoffs = [], []
    for option, letter in zip(options, SLIDER.labels, strict=False):
        named = option if isinstance(option, dict) else {}
        pair = [named.get("self"), named.get("other")] if named else option
        if not isinstance(pair, list) or len(pair) != 2 or not all(map(_is_amount, pair)):
            raise LineError("shown must be pairs [self, other] or objects with self and other")
        labels.append(str(named.get("label", letter)))
        payoffs.append(Allocation(*pair))
    return ShownOptions(tuple(labels), tuple(payoffs))


def _is_amount(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
