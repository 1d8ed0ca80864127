"""A file of another program as a table of judgments or of automated labels of ours. Pure.

The table's rows go through the readers of our own files, so that one set of checks holds; what
those say of a line is said of the place in the other program's file instead.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from annotations.files.automated_files import read_automated
from annotations.files.judged_values import Values
from annotations.files.judgment_columns import ANSWER
from annotations.files.judgment_files import read_judgments
from annotations.files.judgment_rows import AutomatedRow, JudgmentFile
from annotations.interchange.formats import JudgedFormat
from annotations.interchange.said import COLUMNS, Said
from evaluations.interchange.found import Broken
from evaluations.interchange.json_text import broken_file
from evaluations.interchange.looked_at import Looked
from evaluations.text.storable import storable
from evaluations.text.table_cells import marked
from evaluations.text.table_reader import quoted_row
from evaluations.text.table_words import Notes, Problem, Problems, RejectedFile

RATER, SCORER = "rater", "scorer"
VALUE, COMMENT = "value", "comment"
TOLD = 1000
"""Things left out that are told one by one."""

_LINE = re.compile(r"\bline (\d+)\b")

T = TypeVar("T")


@dataclass
class OthersTable:
    """The rows of a file of another program.

    who: the column of who said it, ``rater`` or ``scorer``. value_from: the questions that the
    values are answers to; where none is named, the one called ``value`` or the only one there is.
    The file is read twice: to learn its questions and columns, and for the rows. Raises
    RejectedFile for a file that is damaged, and where the question is not clear.
    """

    format: JudgedFormat
    looked: Looked
    value_from: Sequence[str] = ()
    who: str = RATER
    columns: list[str] = field(init=False)
    left_out: list[str] = field(default_factory=list)
    count_left_out: int = 0

    def __post_init__(self) -> None:
        problems = Problems()
        self._questions: Counter[str] = Counter()
        self._remarks: dict[str, None] = {}
        self._count = 0
        self._numbered: dict[str, str] = {}
        self._places_read: list[str] = []
        """Of each row that was read; what is wrong with many is not looked up by reading anew."""
        known: dict[str, None] = {}
        for found in self.format.read(self.looked):
            if isinstance(found, Broken):
                problems.add(0, f"{found.place}: {found.reason}")
            elif isinstance(found, Said):
                self._count += 1
                self._questions.update(found.answers.keys())
                self._remarks |= dict.fromkeys(found.remarks)
                known |= dict.fromkeys(name for name, value in found.known.items() if _is(value))
            else:
                self._leave_out(found.place, found.reason)
        problems.raise_if_any()
        self._values = self._chosen()
        self.columns = self._all_columns(known)
        if not self.format.is_wide and self.who == RATER:
            self._name_those_without_a_value()

    def _leave_out(self, place: str, reason: str) -> None:
        self.count_left_out += 1
        if len(self.left_out) < TOLD:
            self.left_out.append(f"{place}: {reason}")

    def _chosen(self) -> frozenset[str]:
        """The questions whose answers are the values."""
        there = [name for name in self._questions if name not in COLUMNS or name == VALUE]
        words = ", ".join(there) or "none"
        if missing := [name for name in self.value_from if name not in self._questions]:
            raise broken_file(f"the file has no question {missing[0]!r}; there are: {words}")
        if self.format.is_wide:
            return frozenset(self.value_from or there)
        if len(self.value_from) > 1:
            raise broken_file("one question gives the value of a judgment: name one")
        if self.value_from or VALUE in there:
            return frozenset(self.value_from or (VALUE,))
        if not there:
            why = f"; {self.left_out[0]}" if self.left_out else ""
            raise broken_file(f"the file holds nothing that can be taken{why}")
        if len(there) != 1:
            raise broken_file(
                f"the file has the questions {words}: --value-from says which one is the value"
            )
        return frozenset(there)

    def _all_columns(self, known: dict[str, None]) -> list[str]:
        names = dict.fromkeys(("item", self.who, VALUE))
        if not self.format.is_wide:
            others = [name for name in self._questions if name not in self._values]
            names |= dict.fromkeys(map(self._column, (*others, *self._remarks)))
        return [*(names | known)]

    def _column(self, question: str) -> str:
        """The column of a question beside the value."""
        if question in COLUMNS:
            return question
        only_remark = list(self._remarks) == [question] and COMMENT not in self._questions
        return COMMENT if only_remark else f"{ANSWER}{question}"

    def _name_those_without_a_value(self) -> None:
        if all(self._questions[name] == self._count for name in self._values):
            return
        for found in self.format.read(self.looked):
            if isinstance(found, Said) and not self._values & found.answers.keys():
                self._leave_out(found.place, f"says nothing to {', '.join(self._values)}")

    # --- rows ------------------------------------------------------------------------------------

    def lines(self) -> Iterator[str]:
        """The table as CSV, a row in each text, the header first."""
        yield quoted_row(self.columns)
        self._places_read = []
        for place, row in self._rows():
            self._places_read.append(place)
            yield quoted_row(row.get(name, "") for name in self.columns)

    def _rows(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Place and cells of each row."""
        for found in self.format.read(self.looked):
            if not isinstance(found, Said):
                continue
            if self.format.is_wide:
                for question, answer in found.answers.items():
                    if question in self._values:
                        yield found.place, self._cells(found, {VALUE: answer})
            elif self.who == SCORER or self._values & found.answers.keys():
                yield found.place, self._cells(found, self._said(found))

    def _said(self, found: Said) -> dict[str, Any]:
        (question,) = self._values
        others = {**found.answers, **found.remarks}
        row = {self._column(name): value for name, value in others.items() if name != question}
        return row | {VALUE: found.answers.get(question)}

    def _cells(self, found: Said, row: dict[str, Any]) -> dict[str, str]:
        whole = {"item": found.item, self.who: self._pseudonym(found.who), **found.known, **row}
        return {name: _cell(value) for name, value in whole.items() if _is(value)}

    def _pseudonym(self, who: str) -> str:
        """Who it is; of a rater who is named by a mail address, a number in the order of the file,
        as an address tells who somebody is."""
        if self.who != RATER or "@" not in who:
            return who
        return self._numbered.setdefault(who, f"rater {len(self._numbered) + 1}")

    @property
    def count_numbered(self) -> int:
        """Raters who are named by a mail address, and were given a number instead."""
        return len(self._numbered)

    # --- places ----------------------------------------------------------------------------------

    def named(self, words: Sequence[str]) -> list[str]:
        """The words with the places of this file instead of lines of the table."""
        lines = {int(found[1]) for one in words for found in _LINE.finditer(one)}
        places = self._places(lines)

        def place(found: re.Match[str]) -> str:
            return places.get(int(found[1]), found[0])

        return [_LINE.sub(place, one) for one in words]

    def _places(self, lines: set[int]) -> dict[int, str]:
        """Of lines of the table (the header is line 1) that were read the places."""
        read = range(2, len(self._places_read) + 2)
        return {line: self._places_read[line - 2] for line in lines if line in read}


def _is(value: Any) -> bool:
    return value is not None and value != "" and value != []


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _cell(value: Any) -> str:
    """A value as a cell of a judgment file, which takes an apostrophe before a formula off."""
    if type(value) is str:  # nearly all of them
        return marked(storable(value))
    if isinstance(value, dict) or (isinstance(value, list) and any(map(_is_object, value))):
        return marked(storable(json.dumps(value, ensure_ascii=False)))  # such as passages
    if isinstance(value, list):
        if all(isinstance(one, int | float) for one in value):
            return ",".join(str(one) for one in value)
        return marked(storable("; ".join(map(str, value))))
    if isinstance(value, bool):
        return str(value).lower()
    return marked(storable(str(value)))


def judgments_of(table: OthersTable, values: Values, **options: Any) -> JudgmentFile:
    """The judgments of another program's file, checked as those of our own. Raises RejectedFile.

    *options* are those of `read_judgments`. What is left out is among the notes.
    """
    found = _read(table, lambda lines: read_judgments(lines, values, **options))
    found.notes = _notes(table, found.notes)
    return found


def labels_of(
    table: OthersTable, values: Values, judged: JudgmentFile, notes: Notes, **options: Any
) -> list[AutomatedRow]:
    """The automated labels of another program's file. Raises RejectedFile."""
    own = Notes()
    found = _read(table, lambda lines: read_automated(lines, values, judged, notes=own, **options))
    for note in _notes(table, own):
        notes.say(note.removesuffix("."))
    return found


def _read(table: OthersTable, read: Callable[[Iterator[str]], T]) -> T:
    try:
        return read(table.lines())
    except RejectedFile as error:
        words = table.named([str(problem) for problem in error.problems])
        raise RejectedFile([Problem(0, one) for one in words], error.total) from None


def _notes(table: OthersTable, notes: Notes) -> Notes:
    """What was noted, in places of the file, and everything that was left out."""
    found = Notes()
    for words in table.named(list(notes)):
        found.say(words.removesuffix("."))
    if number := table.count_numbered:
        found.say(
            f"Raters whom the file calls by mail addresses are rater 1 to rater {number:,}, in the "
            "order of the file: an address tells who somebody is"
        )
    for one in table.left_out:
        found.say(f"Left out: {one}")
    if more := table.count_left_out - len(table.left_out):
        found.say(f"Left out: {more:,} more")
    return found
