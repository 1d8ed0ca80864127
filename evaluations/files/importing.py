"""Trials from a file into the database: all of them, or none and every bad line named.

On request the good lines go in although others are bad.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from accounts import audit
from accounts.models import Project, User
from evaluations.definitions.catalogue import instrument_of
from evaluations.files.named_frames import NamedFrames
from evaluations.files.records import (
    OWN_FORMATS,
    Opener,
    Record,
    Records,
    foreign_records,
)
from evaluations.files.trial_files import FileTrial, FileTurn
from evaluations.formats.lines import LineError
from evaluations.instruments.conditions import Condition
from evaluations.interchange.looked_at import Looked
from evaluations.models import Answer, Cell, Endpoint, Instrument, Run, Trial, Turn
from evaluations.scoring.scorers import StoredTrial, own_metric, score_stored
from evaluations.text.table_reader import Notes, Problem, RejectedFile, Source

BATCH = 200
"""Trials stored and scored at once; bounds the memory an import of any size needs."""
MOST_REJECTED = 100_000
"""Bad trials after which no further one is read: each is held with its reason."""


@dataclass
class Report:
    """What an import did; without a run it did nothing."""

    run: Run | None = None
    added: int = 0
    already_there: int = 0
    rejected: list[Problem] = field(default_factory=list)
    notes: Notes = field(default_factory=Notes)


class _RejectedFile(Exception):
    """Rolls the transaction back."""


def import_trials(
    project: Project,
    source: Source | Looked,
    *,
    file_format: str | Opener = "jsonl",
    run_name: str,
    instrument: Instrument,
    model_note: str = "",
    actor: User | None = None,
    keep_good: bool = False,
    rejects: Callable[[str | bytes], object] = lambda line: None,
    on_read: Callable[[int], object] = lambda size: None,
) -> Report:
    """Store the trials of *source* as the imported run *run_name*, scored.

    *file_format* is 'jsonl' or 'csv' (`trial_tables`); or what opens a file of another layout; or
    the key of a format of another program, and *source* what was found on looking at its file.

    One transaction: a bad line leaves nothing behind (unless *keep_good*: then the good lines go
    in), and the rest of the file is still read, so that every bad line is named. *rejects* is
    called with each bad line (with the header of a table before the first), *on_read* with the
    bytes read. A conversation that the run already holds is not added again.
    Raises ValueError when the name belongs to a run that was not imported, or that was imported
    with another instrument.
    """
    report = Report()
    try:
        with transaction.atomic():
            store = _Store(_run(project, run_name, instrument, actor), model_note)
            reading = _Reading(source, file_format, report, rejects, on_read)
            for batch in _batches(reading, instrument, project):
                if keep_good or not report.rejected:
                    added = store.add(batch)
                    report.added += added
                    report.already_there += len(batch) - added
            if report.rejected and not (keep_good and report.added + report.already_there):
                raise _RejectedFile
            report.run = store.run
            if report.added:
                audit.record(project, actor, "import trials", store.run, added=report.added)
    except _RejectedFile:
        report.added = report.already_there = 0
    return report


def _run(project: Project, name: str, instrument: Instrument, actor: User | None) -> Run:
    run, created = Run.objects.get_or_create(
        project=project,
        name=name,
        defaults={
            "source": Run.Source.IMPORT,
            "state": Run.State.COMPLETE,
            "instrument": instrument,
            "trials_per_cell": 0,
            "created_by": actor,
        },
    )
    if not created and run.source != Run.Source.IMPORT:
        raise ValueError(f"{name!r} is a run made here: import into a run of another name")
    if run.instrument_id != instrument.pk:
        raise ValueError(f"{name!r} was imported with the instrument {run.instrument}")
    return run


@dataclass
class _Reading:
    """Reads the trials of a file one by one, noting in the report what is wrong with it."""

    source: Source | Looked
    file_format: str | Opener
    report: Report
    rejects: Callable[[str | bytes], object]
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
        self.report.rejected.append(record.problem(reason))
        if self._head:
            self.rejects(self._head)
            self._head = ""
        self.rejects(record.raw)


def _batches(
    reading: _Reading, instrument: Instrument, project: Project
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


@dataclass
class _Store:
    """Writes trials into one run, remembering the endpoints and cells it has met."""

    run: Run
    model_note: str
    _endpoints: dict[str, Endpoint] = field(default_factory=dict)
    _cells: dict[tuple[int, Condition, str], Cell] = field(default_factory=dict)
    _numbers: dict[int, dict[str, set[int]]] = field(default_factory=dict)
    _highest: dict[tuple[int, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._frames = NamedFrames(self.run.project)

    def add(self, batch: list[FileTrial]) -> int:
        """Store and score those of a batch that the run does not hold yet; return how many."""
        by_key = {trial.source_key: trial for trial in batch}
        known = set(
            Trial.objects.filter(run=self.run, source_key__in=by_key).values_list(
                "source_key", flat=True
            )
        )
        new = [trial for key, trial in by_key.items() if key not in known]
        trials = Trial.objects.bulk_create(self._trial(trial) for trial in new)
        turns: list[Turn] = []
        stored: list[StoredTrial] = []
        for trial, source in zip(trials, new, strict=True):
            rows = [_turn(trial, position, turn) for position, turn in enumerate(source.turns)]
            turns += rows
            stored.append(StoredTrial(trial, _answers(rows, source.turns)))
        Turn.objects.bulk_create(turns, batch_size=500)
        answers = [answer for trial in stored for answer in trial.answers]
        Answer.objects.bulk_create(answers, batch_size=500)
        for scorer in instrument_of(self.run.instrument).kind.scorers:
            score_stored(stored, scorer, own_metric(scorer))
        return len(new)

    def _trial(self, source: FileTrial) -> Trial:
        cell = self._cell(source)
        return Trial(
            run=self.run,
            cell=cell,
            prompt=source.prompt,
            number=self._number(cell, source.prompt, source.number),
            seed=source.seed,
            is_simulated=source.simulated,
            state=Trial.State.COMPLETE,
            source_key=source.source_key,
            model_returned=source.model_returned,
            system_fingerprint=source.system_fingerprint,
            parameters=dict(source.parameters),
        )

    def _cell(self, source: FileTrial) -> Cell:
        endpoint = self._endpoint(source)
        key = (endpoint.pk, source.condition, source.frame)
        if key not in self._cells:
            told = self._frames.of(source)
            cell = Cell.holding(source.condition, run=self.run, endpoint=endpoint, frame=told)
            known = self.run.cells.filter(endpoint=endpoint, condition_key=cell.condition_key)
            if found := known.first():
                cell = found
            else:
                cell.save()
            self._cells[key] = cell
        return self._cells[key]

    def _endpoint(self, source: FileTrial) -> Endpoint:
        model = source.model
        if model not in self._endpoints:
            found = Endpoint.objects.filter(
                project=self.run.project, kind=Endpoint.Kind.IMPORTED, model=model
            ).first()
            self._endpoints[model] = found or Endpoint.objects.create(
                project=self.run.project,
                kind=Endpoint.Kind.IMPORTED,
                model=model,
                name=self._free_name(model),
                note=self.model_note,
            )
        return self._endpoints[model]

    def _free_name(self, model: str) -> str:
        names = set(
            Endpoint.objects.filter(project=self.run.project).values_list("name", flat=True)
        )
        candidates = [model[:100], *(f"{model[:100]} (imported {n})" for n in range(1, 1000))]
        return next(name for name in candidates if name not in names)

    def _number(self, cell: Cell, prompt: str, wanted: int) -> int:
        """The trial's own number in its cell (of its prompt), or the next free one if another trial
        has it."""
        if cell.pk not in self._numbers:
            known: dict[str, set[int]] = defaultdict(set)
            for name, number in cell.trials.values_list("prompt", "number"):
                known[name].add(number)
            self._numbers[cell.pk] = known
        taken, key = self._numbers[cell.pk][prompt], (cell.pk, prompt)
        highest = self._highest.get(key, max(taken, default=-1))
        number = wanted if wanted not in taken else highest + 1
        self._highest[key] = max(highest, number)
        taken.add(number)
        return number


def _answers(rows: Sequence[Turn], turns: Sequence[FileTurn]) -> list[Answer]:
    """The answers to the items among the turns of one trial, which are not stored yet."""
    return [
        Answer(
            trial_id=row.trial_id,
            turn=row,
            item_number=turn.item_number,
            shown=turn.shown,
        )
        for row, turn in zip(rows, turns, strict=True)
        if turn.is_read and turn.item_number is not None
    ]


def _turn(trial: Trial, position: int, turn: FileTurn) -> Turn:
    return Turn(
        trial=trial,
        position=position,
        role=turn.role,
        step=turn.step,
        item_number=turn.item_number,
        text=turn.text,
        reasoning=turn.reasoning,
        call=dict(turn.call),
    )
