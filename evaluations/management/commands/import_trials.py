"""Import trials made elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from tqdm import tqdm

from accounts.migrated import DatabaseCommand
from evaluations.definitions.catalogue import DEFAULT_INSTRUMENT
from evaluations.files.importing import Report, import_trials
from evaluations.files.records import FORMATS, own_format
from evaluations.interchange.formats import AUTO
from evaluations.interchange.looked_at import Looked
from evaluations.interchange.trials import TRIAL_FORMATS
from evaluations.management import command_line
from evaluations.management.rejects import Rejects, add_partial, rejects_of
from evaluations.pages import queries


class Command(DatabaseCommand):
    help = (
        "Import trials from a JSON Lines or CSV file (docs/reference/trial-files.md), or from a "
        "file of another program (docs/reference/interchange.md), as one run and score them. All "
        "trials or none: a bad one is named by its line and leaves nothing behind. With --partial "
        "the good ones go in, the bad ones into a file. Importing again adds nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--format",
            choices=(AUTO, *FORMATS),
            default=AUTO,
            help="what the file is (default: told by its content)",
        )
        parser.add_argument("--run", help="name of the run (default: the name of the file)")
        parser.add_argument("--note", default="", help="a note shown with the model of new trials")
        parser.add_argument("--instrument", default=DEFAULT_INSTRUMENT)
        add_partial(parser, "trials")
        command_line.add_project(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        opened = _opened(file, options["format"])
        suffix = ".jsonl" if opened.looked else file.suffix
        rejects = rejects_of(options, suffix)
        with transaction.atomic():  # a refused file leaves no new project behind either
            report = self._import(file, opened, rejects, options)
            number = command_line.show_problems(
                self.stderr,
                (f"{file.name}, {bad}" for bad in report.rejected),
            )
            command_line.show_notes(self.stdout, file, report.notes)
            if report.run is None:
                if opened.why_no_other:
                    self.stderr.write(
                        f"{file.name} was read as {opened.key}: {opened.why_no_other}"
                    )
                raise CommandError(f"{trials(number)} rejected, nothing was imported")
        self.stdout.write(
            f"{report.run.name}: {trials(report.added)} added, "
            f"{report.already_there} were already there, {number or 'none'} rejected."
        )
        self.stdout.write(queries.scorable_sentence(report.run))
        if number:
            raise CommandError(f"{trials(number)} rejected; they are in {rejects.file}")

    def _import(
        self, file: Path, opened: "_Opened", rejects: "Rejects", options: dict[str, Any]
    ) -> Report:
        project = command_line.project_named(options["project"], self.stdout)
        with rejects, opened.source(file) as (source, bar):
            try:
                return import_trials(
                    project,
                    source,
                    file_format=opened.key,
                    run_name=(options["run"] or file.stem)[:120],
                    instrument=command_line.instrument_named(options["instrument"], project),
                    model_note=options["note"],
                    keep_good=options["partial"],
                    rejects=rejects.write if options["partial"] else lambda line, problem: None,
                    on_read=bar.update,
                )
            except ValueError as error:
                raise CommandError(str(error)) from None


@dataclass(frozen=True)
class _Opened:
    """The format of a file; ``looked`` where it is another program's. ``why_no_other``: why it is
    none of those, where that was asked."""

    key: str
    looked: Looked | None = None
    why_no_other: str = ""

    @contextmanager
    def source(self, file: Path) -> Iterator[tuple[IO[bytes] | Looked, tqdm]]:
        """What is read, and a bar over its bytes."""
        if self.looked is None:
            with command_line.opened(file) as opened:
                yield opened
        else:
            with command_line.progress_bar(None, "trial") as bar:
                yield self.looked, bar


def _opened(file: Path, key: str) -> _Opened:
    """The file in the format of *key*, or in the one its content tells. Raises CommandError."""
    told = command_line.told(file, key, TRIAL_FORMATS, "trials")
    if told.format:
        return _Opened(told.format.key, told.looked)
    if key == AUTO:
        key = own_format(told.looked)
    return _Opened(key, None, told.why_none)


def trials(number: int) -> str:
    return "1 trial" if number == 1 else f"{number:,} trials"
