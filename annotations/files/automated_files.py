"""Automated labels from a table: every row is checked before any is used.

Knows no database. docs/reference/judgment-files.md describes the file. One with a problem is
rejected as a whole, with the line and the reason of each problem.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from annotations.files.judged_values import MAX_ITEM, MAX_SCORER, Labels, Values
from annotations.files.judgment_rows import AutomatedRow, JudgmentFile, index_of
from annotations.files.properties import FactColumns, columns_of
from evaluations.text.table_cells import within
from evaluations.text.table_reader import Notes, Source, Table
from evaluations.text.table_words import column_of


def read_automated(
    source: Source,
    values: Values,
    judged: JudgmentFile,
    on_read: Callable[[int], object] = lambda size: None,
    notes: Notes | None = None,
    *,
    unscorable: Sequence[str] = (),
    properties: Sequence[str] = (),
) -> list[AutomatedRow]:
    """Read a long table with the columns item, scorer and value, and of items as judgments have.

    Items that nobody judged are added to those of *judged*. An empty value and the words
    *unscorable* are no valid label. Raises RejectedFile when anything is wrong: also for a second
    label of the same scorer on an item, and where not one of the items was judged.
    """
    required = ("item", "scorer", "value")
    known = columns_of(properties)
    table = Table(source, required, known, unmarks=True, notes=notes, on_read=on_read)
    table.note_ignored(table.further)
    labels = Labels(values, table)
    facts = FactColumns(table, judged.facts, properties)
    at = [table.columns.index(name) for name in required]
    found: dict[tuple[int, str], AutomatedRow] = {}
    n_judged, without = len(judged.items), frozenset(unscorable)
    for line, cells in table.lists():
        item_cell, scorer_cell, value_cell = (cells[place] for place in at)
        try:
            is_valid = value_cell and value_cell not in without
            label = labels.read(value_cell, line) if is_valid else ""
            scorer = within(scorer_cell, "scorer", MAX_SCORER)
            item = index_of(judged.items, item_cell, "item", MAX_ITEM)
            facts.read(item, cells, line)
            if (item, scorer) in found:
                raise ValueError(f"the scorer {scorer!r} labelled this item already")
        except ValueError as error:
            table.problems.add(line, str(error), column_of(error))
            continue
        found[item, scorer] = AutomatedRow(item, scorer, label, "" if is_valid else value_cell)
    if not table.read:
        table.problems.add(0, "the file holds no automated label, only a header")
    elif found and all(item >= n_judged for item, _ in found):
        table.problems.add(0, "not one of its items was judged: are the ids the same in both?")
    table.decimals.check(table.problems)
    table.problems.raise_if_any()
    _note_what_is_missing(table.notes, found.values(), n_judged)
    return list(found.values())


def _note_what_is_missing(notes: Notes, rows: Iterable[AutomatedRow], n_judged: int) -> None:
    """Say how many labels are of items nobody judged, and how many are no valid ones."""
    unjudged = len({row.item for row in rows if row.item >= n_judged})
    if unjudged:
        items = "1 item" if unjudged == 1 else f"{unjudged:,} items"
        notes.say(f"{items} that nobody judged, with automated labels alone")
    invalid = Counter(row.reason for row in rows if not row.label)
    if invalid:
        words = [f"{n:,} {repr(word) if word else 'empty'}" for word, n in sorted(invalid.items())]
        labels = "1 label" if invalid.total() == 1 else f"{invalid.total():,} labels"
        notes.say(f"{labels} that are no valid ones: {', '.join(words)}")
