"""Trials from a file into the database: all of them, or none and every bad line named.

On request the good lines go in although others are bad.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import transaction

from accounts import audit
from accounts.models import Project, User
from evaluations.files.reading import OnReject, Reading, Report, take_all
from evaluations.files.records import Opener
from evaluations.files.storing import Store, held
from evaluations.files.trial_files import FileTrial
from evaluations.interchange.looked_at import Looked
from evaluations.models import Instrument, Run
from evaluations.text.table_reader import Source

__all__ = ["Report", "foretell_trials", "import_trials"]


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
    rejects: OnReject = lambda line, problem: None,
    on_read: Callable[[int], object] = lambda size: None,
) -> Report:
    """Store the trials of *source* as the imported run *run_name*, scored.

    *file_format* is 'jsonl' or 'csv' (`trial_tables`); or what opens a file of another layout; or
    the key of a format of another program, and *source* what was found on looking at its file.

    One transaction: a bad line leaves nothing behind (unless *keep_good*: then the good lines go
    in), and the rest of the file is still read, so that every bad line is named. *rejects* is
    called with each bad line and why it is one (with the header of a table before the first),
    *on_read* with the bytes read. A conversation that the run already holds is not added again.
    Raises ValueError when the name belongs to a run that was not imported, or that was imported
    with another instrument.
    """
    report = Report()
    try:
        with transaction.atomic():
            run = _run(project, run_name, instrument, actor)
            reading = Reading(source, file_format, report, rejects, on_read)
            store = Store(run, model_note)
            if not take_all(reading, store, instrument, project, keep_good=keep_good):
                raise _RejectedFile
            report.run = run
            if report.added:
                audit.record(project, actor, "import trials", run, added=report.added)
    except _RejectedFile:
        pass
    return report


def foretell_trials(
    project: Project,
    source: Source | Looked,
    *,
    file_format: str | Opener = "jsonl",
    run_name: str,
    instrument: Instrument,
    keep_good: bool = False,
    rejects: OnReject = lambda line, problem: None,
    on_read: Callable[[int], object] = lambda size: None,
) -> Report:
    """What `import_trials` would do, by the same reading; nothing is stored, and nobody waits.

    The run of the report is not stored where there is none of the name. Raises ValueError as that
    does.
    """
    run = Run.objects.filter(project=project, name=run_name).first()
    if run:
        _check(run, instrument)
    report = Report()
    reading = Reading(source, file_format, report, rejects, on_read)
    if take_all(reading, _Foreseen(run), instrument, project, keep_good=keep_good):
        report.run = run or Run(project=project, name=run_name, instrument=instrument)
    return report


@dataclass
class _Foreseen:
    """Counts the trials that *run* (None: a new one) would get."""

    run: Run | None
    _seen: set[int] = field(default_factory=set)

    def add(self, batch: list[FileTrial]) -> int:
        keys = {trial.source_key for trial in batch}
        known = held(self.run, keys) if self.run else set()
        new = {hash(key) for key in keys - known} - self._seen
        self._seen |= new
        return len(new)


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
    if not created:
        _check(run, instrument)
    return run


def _check(run: Run, instrument: Instrument) -> None:
    """Raise ValueError where a file cannot go into a run that is there."""
    if run.source != Run.Source.IMPORT:
        raise ValueError(f"{run.name!r} is a run made here: import into a run of another name")
    if run.instrument_id != instrument.pk:
        raise ValueError(f"{run.name!r} was imported with the instrument {run.instrument}")
