"""Judgments from a table: every row is checked before any is used.

Knows no database. docs/reference/judgment-files.md describes the file. One with a problem is
rejected as a whole, with the line and the reason of each problem.
"""

from array import array
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from annotations.files.judged_values import MAX_ITEM, MAX_RATER, Labels, Values
from annotations.files.judgment_columns import (
    ANSWER,
    JUDGING,
    LONGEST_EXPECTED,
    READ,
    REPEAT,
    STAGES,
    DetailColumns,
)
from annotations.files.judgment_rows import Aside, Column, Control, JudgmentFile, index_of
from annotations.files.properties import OCCASION, FactColumns, columns_of
from annotations.scales.numerals import finite
from evaluations.text.passages.spans import SpanRefused, check_places, check_signs
from evaluations.text.table_cells import within
from evaluations.text.table_reader import Problems, Source, Table
from evaluations.text.table_words import column_of


def read_judgments(
    source: Source,
    values: Values,
    further: Sequence[str] = (),
    on_read: Callable[[int], object] = lambda size: None,
    properties: Sequence[str] = (),
    answers: Mapping[str, Callable[[str], object]] = {},
    problems: Problems | None = None,
) -> JudgmentFile:
    """Read a long table: the columns item, rater, value and, if wanted, text, occasion, weight,
    what is known of the items (`properties.MEANT`, and *properties*) and those of
    `judgment_columns`.

    *further*: names of columns that are kept as well, where the file has them. *answers*: what
    reads the answer to each further question, by its key. *problems* collects what is wrong, and
    says which rows are passed over. Raises RejectedFile when anything is
    wrong: a missing column, an empty cell, a value the scale does not have, a second judgment of
    the same rater on an item (on the same occasion), or two texts, or two words of one property,
    for one item.
    """
    of_answers = (f"{ANSWER}{key}" for key in answers)
    known = ("text", OCCASION, *columns_of(properties), *READ, *of_answers, *further)
    needed = ("item", "rater", "value")
    table = Table(source, needed, known, unmarks=True, problems=problems, on_read=on_read)
    found = JudgmentFile(
        ignored_columns=table.further,
        notes=table.notes,
        further={name: Column() for name in further if name in table.columns},
    )
    details = DetailColumns(table, found.details, answers)
    table.note_ignored(table.further)
    labels = Labels(values, table)
    at = [table.columns.index(name) for name in needed]
    text_at, stage_at, expected_at = map(table.place, ("text", "stage", "expected"))
    kept = [(table.columns.index(name), column) for name, column in found.further.items()]
    facts = FactColumns(table, found.facts, properties)
    occasion_at = table.columns.index(OCCASION) if OCCASION in table.columns else None
    for line, cells in table.lists():
        item_cell, rater_cell, value_cell = (cells[place] for place in at)
        text = "" if text_at is None else cells[text_at]
        stage = "" if stage_at is None else cells[stage_at].casefold()
        try:
            label = labels.read(value_cell, line)
            rater = index_of(found.raters, rater_cell, "rater", MAX_RATER)
            more = details.read(rater, cells, line)
            if stage not in ("", JUDGING):
                expected = "" if expected_at is None else cells[expected_at]
                _keep_control(found, item_cell, stage, expected, text)
                alone = details.alone(more)
                found.aside.append(Aside(line, item_cell, rater, label, stage, alone))
                continue
            item = index_of(found.items, item_cell, "item", MAX_ITEM)
            _keep_text(found, item, text)
            facts.read(item, cells, line)
            if occasion_at is not None:
                found.occasion_of.append(_occasion(table, cells[occasion_at], line))
        except ValueError as error:
            table.problems.add(line, str(error), column_of(error))
            continue
        found.item_of.append(item)
        found.rater_of.append(rater)
        found.label_of.append(found.labels.setdefault(label, len(found.labels)))
        found.line_of.append(line)
        details.add(more)
        for place, column in kept:
            column.add(cells[place])
    if not found.label_of and not table.problems.total:
        only = "no judgment that takes a place" if found.aside else "no judgment, only a header"
        table.problems.add(0, f"the file holds {only}")
    _refuse_second_ones(found, table.problems)
    _check_aside(found, table.problems)
    _check_marks(found, values, table.problems)
    table.decimals.check(table.problems)
    table.problems.raise_if_any()
    return found


def _keep_control(found: JudgmentFile, name: str, stage: str, expected: str, text: str) -> None:
    """Remember the item with a known answer that a row is about; ValueError where it is none."""
    if stage not in STAGES:
        raise ValueError(f"the stage {stage[:40]!r} is none of: {', '.join(STAGES)}")
    within(name, "item", MAX_ITEM)
    if stage == REPEAT:
        return
    within(expected, "expected answer", LONGEST_EXPECTED)
    known = found.controls.get(name)
    if known is None:
        found.controls[name] = Control(stage, expected, text)
    elif (known.kind, known.expected) != (stage, expected):
        raise ValueError("this item has another stage or expected answer in an earlier line")
    elif text and not known.text:
        found.controls[name] = Control(stage, expected, text)
    elif text and text != known.text:
        raise ValueError("this item has another text in an earlier line")


def _check_aside(found: JudgmentFile, problems: Problems) -> None:
    """Add a problem for a repeat of no judgment, a control item that is judged, a second row."""
    if not found.aside:
        return
    judged = set(zip(found.item_of, found.rater_of, strict=True))
    seen: dict[tuple[str, int], int] = {}
    for row in found.aside:
        item = found.items.get(row.item)
        if row.stage == REPEAT and (item is None or (item, row.rater) not in judged):
            problems.add(row.line, "repeats a judgment that is not in the file")
        elif row.stage != REPEAT and item is not None:
            problems.add(row.line, f"the item {row.item!r} is judged, and has a known answer here")
        first = seen.setdefault((row.item, row.rater), row.line)
        if first != row.line:
            words = f"this rater has a row of stage {row.stage} on this item in line {first}"
            problems.add(row.line, words)


def _check_marks(found: JudgmentFile, values: Values, problems: Problems) -> None:
    """Add a problem for each passage that does not stand in the text of its item, where the file
    has the text, or shows something else than the value of its row."""
    names, labels = list(found.items), list(found.labels)
    rows = [
        (found.line_of[at], found.texts.get(found.item_of[at]), labels[found.label_of[at]], spans)
        for at, spans in enumerate(found.details.of_judgment.get("marks", []))
        if spans
    ]
    for row in found.aside:
        if spans := row.details.at(0).get("marks"):
            control = found.controls.get(row.item)
            at = names.index(row.item) if row.item in found.items else -1
            text = control.text if control else found.texts.get(at)
            rows.append((row.line, text, row.label, spans))
    for line, text, label, spans in rows:
        try:
            check_signs(spans, values.signs(label))
            if text:
                check_places(spans, [text])
        except SpanRefused as refused:
            problems.add(line, str(refused))


def _refuse_second_ones(found: JudgmentFile, problems: Problems) -> None:
    """Add a problem for each judgment of an item whose rater judged it in an earlier line."""
    item, rater = (np.frombuffer(codes, np.uint32) for codes in (found.item_of, found.rater_of))
    pairs = item.astype(np.uint64) << np.uint64(32) | rater
    occasion = np.frombuffer(found.occasion_of or array("d", bytes(8 * len(pairs))), np.float64)
    if len(occasion) != len(pairs):
        return  # an occasion could not be read, which is a problem already
    order = np.lexsort((occasion, pairs))
    same = (pairs[order][1:] == pairs[order][:-1]) & (np.diff(occasion[order]) == 0)
    again = order[1:][same]
    if len(again):
        first_at = {(int(pairs[at]), float(occasion[at])): at for at in order[::-1].tolist()}
        on = " on this occasion" if found.occasion_of else ""
        for at in sorted(again):
            first = found.line_of[first_at[int(pairs[at]), float(occasion[at])]]
            problems.add(
                found.line_of[at], f"this rater judged this item already{on} in line {first}"
            )


def _occasion(table: Table, cell: str, line: int) -> float:
    number = finite(table.decimals.text(cell, line)) if cell else None
    if number is None:
        raise ValueError(f"the occasion {cell[:40]!r} is no number: 1 stands for the first")
    return number


def _keep_text(found: JudgmentFile, item: int, text: str) -> None:
    if text and found.texts.setdefault(item, text) != text:
        raise ValueError("this item has another text in an earlier line")
