"""The trials of a file one by one, whatever format it is of, not read yet. Pure."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from evaluations.files.trial_files import FileTrial, parse_line, parse_object
from evaluations.files.trial_tables import Conversation, trial_table
from evaluations.formats.lines import LineError
from evaluations.instruments.base import InstrumentDefinition
from evaluations.interchange.formats import named
from evaluations.interchange.found import Broken
from evaluations.interchange.found import Trial as ForeignTrial
from evaluations.interchange.looked_at import Looked
from evaluations.interchange.trials import TRIAL_FORMATS
from evaluations.text.table_reader import Notes, Problem, Problems, Source, raw_lines


@dataclass(frozen=True)
class Record:
    """One trial of a file, not read yet: the line it begins on, its text, and what reads it.
    ``place``: where it stands in a file of another program, whose lines say nothing."""

    line: int
    raw: str | bytes
    read: Callable[[InstrumentDefinition], FileTrial]
    place: str = ""

    def problem(self, reason: str) -> Problem:
        return Problem(0, f"{self.place}: {reason}") if self.place else Problem(self.line, reason)


@dataclass
class Records:
    """The trials of a file; ``head`` is what a file of some of them begins with."""

    trials: Iterator[Record]
    head: str = ""


def own_format(looked: Looked) -> str:
    """Which of our own formats a file of text is of: a table says so by its name or its header."""
    named_so = looked.path.suffix.lower() in (".csv", ".tsv")
    return "csv" if named_so or "conversation" in next(iter(looked.rows), ()) else "jsonl"


def json_records(source: Source, notes: Notes, on_read: Callable[[int], object]) -> Records:
    """The trials of a JSON Lines file; blank lines are skipped. Raises RejectedFile for a file that
    is no text."""
    return Records(
        Record(number, line, partial(parse_line, line))
        for number, line in enumerate(raw_lines(source, notes, Problems(), on_read), start=1)
        if line.strip()
    )


def csv_records(source: Source, notes: Notes, on_read: Callable[[int], object]) -> Records:
    """The trials of a table, a row for each message; raises RejectedFile."""
    table = trial_table(source, notes, on_read)
    found = (Record(one.line, one.raw, partial(_read_rows, one)) for one in table)
    return Records(found, table.head)


def _read_rows(found: Conversation, instrument: InstrumentDefinition) -> FileTrial:
    return parse_object(found.described(), instrument)


Opener = Callable[[Source, Notes, Callable[[int], object]], Records]
"""Opens a file of one layout: its trials, one by one."""

OWN_FORMATS: dict[str, Opener] = {
    "jsonl": json_records,
    "csv": csv_records,
}
FORMATS = (*OWN_FORMATS, *(one.key for one in TRIAL_FORMATS))


def foreign_records(looked: Looked, key: str) -> Records:
    """The trials of a file of another program. Raises RejectedFile."""
    return Records(map(_foreign, named(key, looked, TRIAL_FORMATS).read(looked)))


def _foreign(found: ForeignTrial | Broken) -> Record:
    """What was found as a record; its text is the line of a trial file as far as it goes."""
    if isinstance(found, Broken):
        raw = json.dumps({"problem": found.reason, "found": found.original}, ensure_ascii=False)
        return Record(0, raw, partial(_refused, found.reason), found.place)
    raw = json.dumps(found.fields, ensure_ascii=False)
    return Record(0, raw, partial(parse_object, found.fields), found.place)


def _refused(reason: str, instrument: InstrumentDefinition) -> FileTrial:
    raise LineError(reason)
