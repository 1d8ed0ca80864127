"""Write everything that was judged in a study as one table."""

import json
import shlex
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from accounts.migrated import DatabaseCommand
from annotations.files.judgment_table import judgment_table
from annotations.files.properties import MEANT
from annotations.judging.shown_text import shown_text
from annotations.models import Study
from annotations.studies.exporting import READ_AGAIN, WRITERS, export_study, scale_of, write_labels
from evaluations.management import command_line


class Command(DatabaseCommand):
    help = (
        "Write everything that was judged in a study as one table, under pseudonyms, which "
        "import_judgments reads again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--study", required=True, help="name of the study, or its slug")
        parser.add_argument("--out", type=Path, help="where to write (default: the screen)")
        parser.add_argument(
            "--format",
            choices=list(WRITERS),
            default="csv",
            help="a table (default), Parquet, tasks of Label Studio, a folder with the data and "
            "their descriptions (Data Package and Croissant), or lines of JSON with earlier "
            "revisions, as the API sends them",
        )
        parser.add_argument(
            "--licence",
            default="",
            metavar="NAME",
            help="what may be done with the data, such as CC-BY-4.0 or an address; stands in a "
            "data package",
        )
        parser.add_argument(
            "--automated",
            type=Path,
            help="where to write what metrics said of the items, with their names and versions, as "
            "CSV (a data package and tasks of Label Studio hold it anyway)",
        )
        parser.add_argument(
            "--questions", type=Path, help="where to write the further questions, as JSON"
        )
        command_line.add_project(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        study = self._study(options["project"], options["study"])
        if options["questions"]:
            text = json.dumps(study.further_questions, ensure_ascii=False, indent=2)
            options["questions"].write_text(f"{text}\n", "utf-8")
        if options["automated"]:
            self._write_labels(study, options["automated"])
        out: Path | None = options["out"]
        if out is None:
            if options["format"] != "csv":
                raise CommandError(f"--format {options['format']} needs --out")
            for line in judgment_table(study):
                self.stdout.write(line, ending="")
            return
        try:
            written = export_study(
                study, options["format"], out, options["licence"], text_of=shown_text
            )
        except OSError as error:
            raise CommandError(f"{out} cannot be written: {error.strerror}") from error
        for beside in written[1:]:
            self.stdout.write(f"Beside it: {beside}")
        if options["format"] not in READ_AGAIN:
            return
        again = out / "judgments.csv" if out.is_dir() else out
        words = command_for(study, again, options["questions"], options["automated"])
        self.stdout.write(f"Read again with: {words}")

    def _write_labels(self, study: Study, out: Path) -> None:
        try:
            number = write_labels(study, out)
        except OSError as error:
            raise CommandError(f"{out} cannot be written: {error.strerror}") from error
        self.stderr.write(f"{number:,} automated label{'' if number == 1 else 's'} in {out}")

    def _study(self, slug: str | None, name: str) -> Study:
        studies = Study.objects.all()
        if slug:
            studies = studies.filter(project__slug=slug)
        found = list(studies.filter(name=name) or studies.filter(slug=name))
        if len(found) != 1:
            known = ", ".join(studies.order_by("name").values_list("name", flat=True)) or "none"
            problem = "several studies are" if found else "no study is"
            raise CommandError(f"{problem} called {name!r}; there are: {known}")
        return found[0]


def command_for(
    study: Study, file: Path, questions: Path | None, automated: Path | None = None
) -> str:
    """The command that makes a study of the table again."""
    words = ["import_judgments", str(file), "--study", f"{study.name} again"]
    words += ["--scale", scale_of(study)]
    if study.scale != Study.Scale.INTERVAL:
        words += ["--categories", *study.categories]
    if study.ways_out:
        words += ["--ways-out", *study.ways_out]
    if study.raters_are:
        words += ["--raters-are", study.raters_are]
    if further := [name for name in study.properties if name not in MEANT]:
        words += ["--properties", *further]
    if study.question:
        words += ["--question", study.question]
    if automated:
        words += ["--automated", str(automated)]
    if questions and study.further_questions:
        words += ["--further", str(questions)]
    return shlex.join(map(str, words))
