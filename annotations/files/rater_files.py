"""The cultures of raters from a table: every row is checked before any is used.

Knows no database. docs/reference/judgment-files.md describes the file. One with a problem is
rejected as a whole, with the line and the reason of each problem.
"""

from collections import Counter
from collections.abc import Callable, Iterable

from annotations.files.judged_values import MAX_RATER
from annotations.files.judgment_rows import JudgmentFile
from evaluations.text.table_cells import within
from evaluations.text.table_reader import Notes, Source, Table

CULTURE = "culture"
MAX_CULTURE = 40
NAMED = 10
"""Raters that a note names; the rest are counted."""


def read_cultures(
    source: Source,
    judgments: JudgmentFile,
    on_read: Callable[[int], object] = lambda size: None,
    notes: Notes | None = None,
    *,
    column: str = CULTURE,
) -> dict[int, str]:
    """The culture of each rater of *judgments*, by the rater's index, from the columns rater and
    *column*.

    A rater may stand in several rows that say the same. Notes name raters of no culture, cultures
    of one rater, and say where there is one culture alone; raters who judged nothing are counted.
    Raises RejectedFile for a rater with two cultures, a culture of more than 40 characters, and
    where no rater of the judgments is named.
    """
    table = Table(source, ("rater", column), (), unmarks=True, notes=notes, on_read=on_read)
    table.note_ignored(table.further)
    rater_at, culture_at = table.columns.index("rater"), table.columns.index(column)
    found: dict[int, str] = {}
    strangers: set[str] = set()
    for line, cells in table.lists():
        try:
            name = within(cells[rater_at], "rater", MAX_RATER)
            if not (word := cells[culture_at]):
                continue
            culture = within(word, column, MAX_CULTURE)
            index = judgments.raters.get(name)
            if index is None:
                strangers.add(name)
            elif found.setdefault(index, culture) != culture:
                raise ValueError(
                    f"the rater {name!r} has two cultures: {found[index]!r} in an earlier line and "
                    f"{culture!r} here; give one"
                )
        except ValueError as error:
            table.problems.add(line, str(error))
    if not found and not table.problems.total:
        table.problems.add(
            0, "not one of its raters judged anything: are the ids the same in both files?"
        )
    table.problems.raise_if_any()
    _note(table.notes, judgments, found, len(strangers))
    return found


def _note(notes: Notes, judgments: JudgmentFile, found: dict[int, str], strangers: int) -> None:
    held = Counter(found.values())
    told = ", ".join(f"{culture} {n:,}" for culture, n in sorted(held.items()))
    notes.say(f"raters of each culture: {told}")
    without = [name for name, index in judgments.raters.items() if index not in found]
    if without:
        notes.say(f"no culture, and so no part of what cultures are compared by: {_named(without)}")
    if alone := [culture for culture, n in sorted(held.items()) if n == 1]:
        notes.say(f"one rater alone, so that no agreement within it is known: {_named(alone)}")
    if len(held) == 1:
        notes.say("one culture alone: there is no other to compare it with")
    if strangers:
        notes.say(f"raters who judged nothing and are left out: {strangers:,}")


def _named(names: Iterable[str]) -> str:
    listed = list(names)
    more = f" and {len(listed) - NAMED:,} more" if len(listed) > NAMED else ""
    return ", ".join(listed[:NAMED]) + more
