"""The trials of a file one by one, as an import or a look at it takes them, and what is wrong."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from accounts.models import Project
from evaluations.definitions.catalogue import instrument_of
from evaluations.files.named_frames import NamedFrames
from evaluations.files.records import OWN_FORMATS, Opener, Record, Records, foreign_records
from evaluations.files.trial_files import FileTrial
from evaluations.formats.lines import LineError
from evaluations.interchange.looked_at import Looked
from evaluations.models import Instrument, Run
from evaluations.text.table_reader import Notes, Problem, RejectedFile, Source

BATCH = 200
"""Trials stored and scored at once; bounds the memory an import of any size needs."""
MOST_REJECTED = 100_000
"""Bad trials after which no further one is read: each is held with its reason."""

OnReject = Callable[[str | bytes, Problem | None], object]
"""Takes what is rejected, as it stands in the file, with the reason; None for the header."""


@dataclass
class Report:
    """What an import did, or would do; without a run it did nothing."""

    run: Run | None = None
    added: int = 0
    already_there: int = 0
    rejected: list[Problem] = field(default_factory=list)
    notes: Notes = field(default_factory=Notes)


class Taker(Protocol):
    """Takes the trials that can be read."""

    def add(self, batch: list[FileTrial]) -> int:
        """Take those of a batch that the run does not hold yet; return how many."""


@dataclass
class Reading:
    """Reads the trials of a file one by one, noting in the report what is wrong with it."""

    source: Source | Looked
    file_format: str | Opener
    report: Report
    rejects: OnReject
    on_read: Callable[[int], object]
    _head: str = ""

    def records(self) -> Iterator[Record]:
        found = False
        try:
            records = self._records()
            self._head = records.head
            for record in records.trials:
                found = True
                if len(self.report.rejected) >= MOST_REJECTED:
                    words = f"{MOST_REJECTED:,} trials were rejected before this one"
                    raise RejectedFile([Problem(record.line, words)], 1)
                yield record
        except RejectedFile as error:
            (problem,) = error.problems
            reason = f"{problem.reason}; nothing was read after it"
            self.report.rejected.append(Problem(problem.line, reason))
        if not found and not self.report.rejected:
            self.report.rejected.append(Problem(1, "the file holds no trial"))

    def _records(self) -> Records:
        if isinstance(self.source, Looked):
            return foreign_records(self.source, str(self.file_format))
        own = self.file_format
        opener = OWN_FORMATS[own] if isinstance(own, str) else own
        return opener(self.source, self.report.notes, self.on_read)

    def refuse(self, record: Record, reason: str) -> None:
        problem = record.problem(reason)
        self.report.rejected.append(problem)
        if self._head:
            self.rejects(self._head, None)
            self._head = ""
        self.rejects(record.raw, problem)


def batches(
    reading: Reading, instrument: Instrument, project: Project
) -> Iterator[list[FileTrial]]:
    """The trials that can be read, in batches."""
    asked = instrument_of(instrument)
    batch: list[FileTrial] = []
    frames = NamedFrames(project)
    for record in reading.records():
        try:
            trial = record.read(asked)
            frames.of(trial)
            batch.append(trial)
        except LineError as error:
            reading.refuse(record, str(error))
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def take_all(
    reading: Reading, taker: Taker, instrument: Instrument, project: Project, *, keep_good: bool
) -> bool:
    """Have *taker* take the trials of a file, all or (*keep_good*) the good ones; whether the file
    is taken. What was done is in the report of *reading*."""
    report = reading.report
    for batch in batches(reading, instrument, project):
        if keep_good or not report.rejected:
            added = taker.add(batch)
            report.added += added
            report.already_there += len(batch) - added
    if report.rejected and not (keep_good and report.added + report.already_there):
        report.added = report.already_there = 0
        return False
    return True
