"""Import dialogues made elsewhere, and the labels of values that came with them."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from accounts.migrated import DatabaseCommand
from annotations.studies.imports.values.labelled import store_labels
from evaluations.files.importing import Report, import_trials
from evaluations.files.values.dialogue_records import Dialogues
from evaluations.management import command_line
from evaluations.management.rejects import Rejects, add_partial, rejects_of

INSTRUMENT = "dialogues"


class Command(DatabaseCommand):
    help = (
        "Import dialogues, one JSON object a line, as one run: FULCRA's layout (dialogue, "
        "value_items, value_types, query_source, response_source) or a plain one (id, prompt, "
        "answer, model, topic, language). All or none: a bad line is named and leaves nothing "
        "behind. With --partial the good ones go in, the bad ones into a file. Labels that cannot "
        "be read are named by line. Importing again adds nothing (docs/reference/dialogues.md)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--run", required=True, help="name of the run")
        parser.add_argument(
            "--labels-as",
            metavar="RATER",
            help="keep the labels of values as what a rater of this name judged, in a study",
        )
        parser.add_argument("--note", default="", help="a note shown with the model of new trials")
        parser.add_argument("--instrument", default=INSTRUMENT)
        add_partial(parser, "lines")
        command_line.add_project(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        rejects = rejects_of(options, file.suffix)
        dialogues = Dialogues()
        with transaction.atomic():  # a refused file leaves no new project behind either
            report = self._import(file, dialogues, rejects, options)
            bad = command_line.show_problems(
                self.stderr, (f"{file.name}, {problem}" for problem in report.rejected)
            )
            command_line.show_notes(self.stdout, file, report.notes)
            if report.run is None:
                raise CommandError(f"{_lines(bad)} rejected, nothing was imported")
            command_line.show_problems(
                self.stderr, (f"{file.name}, {remark}" for remark in dialogues.remarks)
            )
            self.stdout.write(
                f"{report.run.name}: {report.added:,} dialogues added, {report.already_there:,} "
                f"were already there, {bad or 'none'} rejected; {len(dialogues.labels):,} carry "
                f"labels, {_remarks(len(dialogues.remarks))}."
            )
            if options["labels_as"]:
                self._store_labels(report, dialogues, options["labels_as"])
        if bad:
            raise CommandError(f"{_lines(bad)} rejected; they are in {rejects.file}")

    def _import(
        self, file: Path, dialogues: Dialogues, rejects: Rejects, options: dict[str, Any]
    ) -> Report:
        project = command_line.project_named(options["project"], self.stdout)
        with rejects, command_line.opened(file) as (source, bar):
            try:
                return import_trials(
                    project,
                    source,
                    file_format=dialogues.open,
                    run_name=options["run"][:120],
                    instrument=command_line.instrument_named(options["instrument"], project),
                    model_note=options["note"],
                    keep_good=options["partial"],
                    rejects=rejects.write if options["partial"] else lambda line, problem: None,
                    on_read=bar.update,
                )
            except ValueError as error:
                raise CommandError(str(error)) from None

    def _store_labels(self, report: Report, dialogues: Dialogues, rater: str) -> None:
        if len(rater) > 80 or not rater.strip():
            raise CommandError("--labels-as: a rater's name has 1 to 80 characters")
        if report.run is None or not dialogues.labels:
            raise CommandError("--labels-as: no line of the file carries a label of a value")
        study, added = store_labels(report.run, rater, dialogues.labels)
        self.stdout.write(f"{study.name}: {added:,} judgments of {rater} added.")


def _lines(number: int) -> str:
    return "1 line" if number == 1 else f"{number:,} lines"


def _remarks(number: int) -> str:
    return f"{number:,} remarks on labels" if number != 1 else "1 remark on labels"
