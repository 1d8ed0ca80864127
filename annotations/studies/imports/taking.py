"""What is in a file that somebody sent: tried without a trace, then imported.

Trying is importing and taking it all back, so that what the page foretells is what will be.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.db import transaction
from django.http import Http404

from accounts.models import User
from annotations.files.judged_values import Values
from annotations.files.judgment_files import read_judgments
from annotations.files.judgment_rows import JudgmentFile
from annotations.interchange.formats import JUDGMENT_FORMATS
from annotations.interchange.tables import OthersTable, judgments_of
from annotations.models import Study, Upload
from annotations.studies.imports.judgments import import_judgments
from annotations.studies.studies import StudyRefused
from evaluations.files.importing import import_trials
from evaluations.files.records import own_format
from evaluations.interchange.formats import nothing_in, recognised
from evaluations.interchange.looked_at import Looked, look_at
from evaluations.interchange.trials import TRIAL_FORMATS
from evaluations.models import Instrument, Run
from evaluations.text.storable import storable_values
from evaluations.text.table_words import Problem, RejectedFile

SHOWN_PROBLEMS = 200
SHOWN_ROWS, SHOWN_CHARACTERS = 3, 200
"""Of what the page of an upload shows of the file itself."""


@dataclass
class Found:
    """What was understood of a file. ``rows``: the first lines or rows of it; ``would``: what
    importing it does, '' where it is refused; ``total``: how many problems there are."""

    format: str = ""
    rows: list[list[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    total: int = 0
    would: str = ""
    rejects: bytes = b""

    def refuse(self, problems: list[Problem], total: int) -> None:
        self.problems = [str(problem) for problem in problems[:SHOWN_PROBLEMS]]
        self.total = total


def try_out(upload: Upload) -> None:
    """Note in *upload* what importing it would do; nothing else is stored."""
    with transaction.atomic():
        found, _ = _take(upload, None)
        transaction.set_rollback(True)
    _note(upload, found)


@transaction.atomic
def take_in(upload: Upload, actor: User) -> Run | Study | None:
    """Import it, whereupon it waits no more; None where it is refused after all (what it would
    meet has changed meanwhile), which is then noted in it."""
    # Whoever presses the button twice imports once: the second finds no row to hold.
    if not Upload.objects.select_for_update().filter(pk=upload.pk).exists():
        raise Http404("This file was imported or discarded meanwhile.")
    found, made = _take(upload, actor)
    if made is None:
        _note(upload, found)
        upload.save(update_fields=["found", "rejects"])
        return None
    upload.delete()
    return made


def _note(upload: Upload, found: Found) -> None:
    told = asdict(found)
    upload.rejects = told.pop("rejects")
    upload.found = storable_values(told)  # a NUL in a row is shown, and no database takes it


def _take(upload: Upload, actor: User | None) -> tuple[Found, Run | Study | None]:
    found = Found()
    of_trials = upload.what == Upload.What.TRIALS
    with as_file(upload) as path:
        looked = look_at(path)
        found.rows = _shown(looked)
        try:
            made = (_trials if of_trials else _judgments)(upload, looked, found, actor)
        except RejectedFile as error:
            found.refuse(list(error.problems), error.total)
            return found, None
        except (StudyRefused, ValueError) as error:
            found.refuse([Problem(0, str(error))], 1)
            return found, None
    return found, made


@contextmanager
def as_file(upload: Upload) -> Iterator[Path]:
    """The content in a file of its own, whose name ends as that of the upload does."""
    with tempfile.TemporaryDirectory(prefix="valuecheck-upload-") as folder:
        path = Path(folder) / f"upload{Path(upload.name).suffix[:12]}"
        path.write_bytes(upload.content)
        yield path


def _trials(upload: Upload, looked: Looked, found: Found, actor: User | None) -> Run | None:
    told = recognised(looked, TRIAL_FORMATS)
    if told.format is None and not looked.is_text:
        raise _none_in(looked, "trials", told.why_none)
    key = told.format.key if told.format else own_format(looked)
    found.format = told.format.name if told.format else OWN_NAMES[key]
    instrument = Instrument.objects.in_reach_of(upload.project).get(pk=upload.options["instrument"])
    rejects: list[bytes] = []
    with looked.open() as stream:
        report = import_trials(
            upload.project,
            looked if told.format else stream,
            file_format=key,
            run_name=upload.options["run"],
            instrument=instrument,
            model_note=upload.options["note"],
            actor=actor,
            keep_good=upload.options["partial"],
            rejects=lambda line: rejects.append(_line(line)),
        )
    found.notes = [str(note) for note in report.notes]
    found.rejects = b"".join(rejects)
    if report.rejected:
        found.refuse(report.rejected, len(report.rejected))
    if report.run:
        found.would = (
            f"{_counted(report.added, 'trial')} added to the run {report.run.name}; "
            f"{report.already_there:,} already there, {len(report.rejected):,} rejected"
        )
    return report.run


def _judgments(upload: Upload, looked: Looked, found: Found, actor: User | None) -> Study:
    options = upload.options
    values = Values(options["scale"], tuple(options["categories"]))
    told = recognised(looked, JUDGMENT_FORMATS)
    if told.format is None and not looked.is_text:
        raise _none_in(looked, "judgments", told.why_none)
    found.format = told.format.name if told.format else OWN_NAMES["table"]
    judgments: JudgmentFile
    if told.format:
        judgments = judgments_of(OthersTable(told.format, looked, options["value_from"]), values)
    else:
        with looked.open() as stream:
            judgments = read_judgments(stream, values)
    found.notes = [str(note) for note in judgments.notes]
    counts = (
        f"{_counted(len(judgments), 'judgment')} of {_counted(len(judgments.items), 'item')} "
        f"by {_counted(len(judgments.raters), 'rater')}"
    )
    study = import_judgments(
        upload.project,
        options["study"],
        values,
        judgments,
        question=options["question"],
        ways_out=options["ways_out"],
        raters_are=options["raters_are"],
        created_by=actor,
    )
    found.would = f"A closed study {study.name}: {counts}"
    return study


OWN_NAMES = {
    "jsonl": "JSON Lines, a trial a line",
    "csv": "a table of trials, a row for each message",
    "table": "a table of judgments, a row for each",
}


def _none_in(looked: Looked, what: str, why: str) -> RejectedFile:
    return RejectedFile([Problem(0, f"This is {nothing_in(looked, what, why)}")], 1)


def _shown(looked: Looked) -> list[list[str]]:
    """The first rows of a table, the first lines of other text, the first names of an archive."""
    if looked.rows:
        return [[cell[:SHOWN_CHARACTERS] for cell in row[:20]] for row in looked.rows]
    if looked.names:
        return [[name] for name in looked.names[:SHOWN_ROWS]]
    if not looked.is_text:
        return []
    with looked.open() as stream:
        lines = [stream.readline(SHOWN_CHARACTERS) for _ in range(SHOWN_ROWS)]
    return [[line.decode("utf-8", "replace").strip()] for line in lines if line.strip()]


def _line(line: str | bytes) -> bytes:
    content = line.encode() if isinstance(line, str) else line
    return content.rstrip(b"\r\n") + b"\n"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
