"""Texts to judge, and items with a known answer, from tables: all of a file, or its problems.

Knows no database. docs/reference/item-files.md describes both files.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from annotations.files.judged_values import MAX_ITEM
from annotations.files.properties import FactColumns, ItemFacts, columns_of
from evaluations.text.table_cells import within
from evaluations.text.table_reader import Decimals, Notes, Problems, Source, Table
from evaluations.text.table_words import column_of

MAX_SHOWN, MAX_FEEDBACK, MAX_EXPECTED, MAX_LANGUAGE = 100_000, 4_000, 200, 20
MAX_TEXTS, MAX_CONTROLS = 200_000, 2_000
LANGUAGE_TAG = re.compile(r"\A[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\Z")

KINDS = ("practice", "qualification", "gold", "attention")
"""Kinds of items with a known answer, in the order in which raters meet them."""


@dataclass(frozen=True, slots=True)
class TextRow:
    """A text to judge: its id in the file, the text, its language tag ('' for none given), what
    else the file says of it, and its sampling weight."""

    key: str
    text: str
    language: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class ControlRow:
    """An item with a known answer: a trial (by its number in the database) with the number of one
    of its answers where one is judged, or a text. ``line``: where it stands in its file."""

    kind: str
    expected: str
    feedback: str = ""
    trial: int | None = None
    answer_number: int | None = None
    text: str = ""
    line: int = 0


def read_texts(
    source: Source,
    notes: Notes | None = None,
    properties: Sequence[str] = (),
    problems: Problems | None = None,
) -> list[TextRow]:
    """Read a table with the columns id, text and, if wanted, language, weight and what is known of
    the texts (`properties.MEANT`, and *properties*).

    Raises RejectedFile when anything is wrong: a missing column, an empty cell, an id given twice.
    """
    known = ("language", *columns_of(properties))
    table = Table(source, ("id", "text"), known, unmarks=True, notes=notes, problems=problems)
    table.note_ignored(table.further)
    problems, facts = table.problems, ItemFacts()
    fact_columns = FactColumns(table, facts, properties)
    found: dict[str, TextRow] = {}
    for line, row in table.lists():
        cells = dict(zip(table.columns, row, strict=True))
        try:
            key = within(cells["id"], "id", MAX_ITEM)
            text = within(cells["text"], "text", MAX_SHOWN)
            language = cells.get("language", "")
            is_tag = LANGUAGE_TAG.fullmatch(language) and len(language) <= MAX_LANGUAGE
            if language and not is_tag:
                raise ValueError(f"the language is a tag such as en, not {language[:40]!r}")
            if key in found:
                raise ValueError(f"the id {key[:40]!r} stands in an earlier line already")
            fact_columns.read(len(found), row, line)
        except ValueError as error:
            problems.add(line, str(error), column_of(error))
            continue
        found[key] = TextRow(key, text, language)
        if len(found) > MAX_TEXTS:
            raise problems.stop(line, f"a study has at most {MAX_TEXTS:,} texts")
    if not table.read:
        problems.add(0, "the file holds no text, only a header")
    if missing := [name for name in properties if name not in facts.properties]:
        problems.add(1, f"the header has no column {missing[0]!r}")
    table.decimals.check(problems)
    problems.raise_if_any()
    return [
        replace(text, properties=said, weight=weight)
        for text, (said, weight) in zip(found.values(), facts.of_items(len(found)), strict=True)
    ]


def read_controls(
    source: Source,
    check: Callable[[str], object],
    notes: Notes | None = None,
    problems: Problems | None = None,
) -> list[ControlRow]:
    """Read a table with the columns kind, expected and one of trial (with answer, where single
    answers are judged) and text, and if wanted feedback.

    *check* raises ValueError for an expected answer that the study's question does not have.
    Raises RejectedFile when anything is wrong.
    """
    optional = ("trial", "answer", "text", "feedback")
    needed = ("kind", "expected")
    table = Table(source, needed, optional, unmarks=True, notes=notes, problems=problems)
    table.note_ignored(table.further)
    problems = table.problems
    found: list[ControlRow] = []
    for line, cells in table:
        try:
            row = _control(cells, line, table.decimals)
            check(row.expected)
        except ValueError as error:
            problems.add(line, str(error), column_of(error))
            continue
        found.append(row)
        if len(found) > MAX_CONTROLS:
            raise problems.stop(line, f"a study has at most {MAX_CONTROLS:,} control items")
    if not table.read:
        problems.add(0, "the file holds no control item, only a header")
    problems.raise_if_any()
    return found


def _control(cells: Mapping[str, str], line: int, decimals: Decimals) -> ControlRow:
    kind, text = cells["kind"], cells.get("text", "")
    trial, answer = cells.get("trial", ""), cells.get("answer", "")
    if kind not in KINDS:
        raise ValueError(f"the kind {kind[:40]!r} is none of: {', '.join(KINDS)}")
    if bool(trial) == bool(text):
        raise ValueError("give a trial or a text, one of the two")
    if answer and not trial:
        raise ValueError("an answer is an answer of a trial: name the trial")
    feedback = cells.get("feedback", "")
    return ControlRow(
        kind=kind,
        expected=within(cells["expected"], "expected answer", MAX_EXPECTED),
        feedback=feedback and within(feedback, "feedback", MAX_FEEDBACK),
        trial=_number(decimals.whole(trial, line), trial, "trial") if trial else None,
        answer_number=_number(decimals.whole(answer, line), answer, "answer") if answer else None,
        text=text and within(text, "text", MAX_SHOWN),
        line=line,
    )


def _number(number: int | None, cell: str, what: str) -> int:
    if number is None or not 0 <= number < 10**9:
        raise ValueError(f"the {what} {cell[:40]!r} is no number")
    return number


def kinds_in_words(rows: Sequence[ControlRow]) -> str:
    """How many of each kind there are: '2 gold, 1 attention'."""
    counts = {kind: sum(row.kind == kind for row in rows) for kind in KINDS}
    return ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)
