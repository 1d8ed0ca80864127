"""Import trials made elsewhere."""

from pathlib import Path
from typing import IO, Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from accounts.migrated import DatabaseCommand
from evaluations.definitions.catalogue import DEFAULT_INSTRUMENT
from evaluations.files.importing import Report, import_trials
from evaluations.management import command_line
from evaluations.pages import queries


class Command(DatabaseCommand):
    help = (
        "Import trials from a JSON Lines or CSV file (docs/reference/trial-files.md) as one run "
        "and score them. All trials or none: a bad one is named by its line and leaves nothing "
        "behind. With --partial the good ones go in, the bad ones into a file. Importing again "
        "adds nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--run", help="name of the run (default: the name of the file)")
        parser.add_argument("--note", default="", help="a note shown with the model of new trials")
        parser.add_argument("--instrument", default=DEFAULT_INSTRUMENT)
        parser.add_argument(
            "--partial",
            action="store_true",
            help="import the good trials; write the bad ones beside FILE (or to --rejects)",
        )
        parser.add_argument("--rejects", type=Path, help="where --partial writes the bad trials")
        command_line.add_project(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        if file.is_dir():
            raise CommandError(f"{file} is a folder, not a file")
        if not file.is_file():
            raise CommandError(f"there is no file {file}")
        rejects = _Rejects(
            options["rejects"] or file.with_name(f"{file.stem}.rejects{file.suffix}")
        )
        with transaction.atomic():  # a refused file leaves no new project behind either
            report = self._import(file, rejects, options)
            number = command_line.show_problems(
                self.stderr,
                (f"{file.name}, {bad}" for bad in report.rejected),
            )
            command_line.show_notes(self.stdout, file, report.notes)
            if report.run is None:
                raise CommandError(f"{trials(number)} rejected, nothing was imported")
        self.stdout.write(
            f"{report.run.name}: {trials(report.added)} added, "
            f"{report.already_there} were already there, {number or 'none'} rejected."
        )
        self.stdout.write(queries.scorable_sentence(report.run))
        if number:
            raise CommandError(f"{trials(number)} rejected; they are in {rejects.file}")

    def _import(self, file: Path, rejects: "_Rejects", options: dict[str, Any]) -> Report:
        project = command_line.project_named(options["project"], self.stdout)
        bar = command_line.progress_bar(file.stat().st_size, "B", unit_scale=True)
        with file.open("rb") as handle, bar, rejects:
            try:
                return import_trials(
                    project,
                    handle,
                    file_format=_format_of(file),
                    run_name=(options["run"] or file.stem)[:120],
                    instrument=command_line.instrument_named(options["instrument"], project),
                    model_note=options["note"],
                    keep_good=options["partial"],
                    rejects=rejects.write if options["partial"] else lambda line: None,
                    on_read=bar.update,
                )
            except ValueError as error:
                raise CommandError(str(error)) from None


class _Rejects:
    """The file of the rejected trials, made with the first of them."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._handle: IO[bytes] | None = None

    def __enter__(self) -> "_Rejects":
        return self

    def __exit__(self, *_: object) -> None:
        if self._handle:
            self._handle.close()

    def write(self, line: str | bytes) -> None:
        if self._handle is None:
            self._handle = self.file.open("wb")
        content = line.encode() if isinstance(line, str) else line
        self._handle.write(content.rstrip(b"\r\n") + b"\n")


def trials(number: int) -> str:
    return "1 trial" if number == 1 else f"{number:,} trials"


def _format_of(file: Path) -> str:
    return "csv" if file.suffix.lower() in (".csv", ".tsv") else "jsonl"
