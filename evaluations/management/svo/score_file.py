"""Score answers to the SVO slider measure from a CSV file."""

from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evaluations.instruments.svo.files.answer_files import Summary, score_file
from evaluations.management import command_line
from evaluations.management.svo.result_file import result_file
from evaluations.text.table_reader import RejectedFile


class Command(BaseCommand):
    help = (
        "Score answers to the SVO slider measure. Columns id,item1..item6 or id,item1..item15; "
        "cells are option numbers 1-9, letters A-I or self|other pairs like 85|76, empty for a "
        "missing answer. Writes angle, orientation and flags as CSV, and nothing when a row is bad."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--out", type=Path, help="where to write (default: the screen)")
        parser.add_argument(
            "--allow-incomplete",
            action="store_true",
            help="score the items there are when some are missing; items_used says how many",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        with result_file(file, options["out"], self.stdout) as draft:
            summary = self._score(file, draft, options["allow_incomplete"])
        self.stderr.write(
            f"{summary.scored} rows scored, {summary.undefined} without an angle (see reason), "
            "none rejected."
        )

    def _score(self, file: Path, draft: IO[str], allow_incomplete: bool) -> Summary:
        with (
            file.open("rb") as source,
            command_line.progress_bar(None, "row") as bar,
        ):
            try:
                summary = score_file(
                    source, draft, allow_incomplete=allow_incomplete, progress=bar.update
                )
            except RejectedFile as error:
                command_line.show_rejected(self.stderr, file, error)
                raise CommandError(f"{file.name} cannot be read; nothing was written") from None
        problems = summary.problems
        if problems.total:
            command_line.show_rejected(
                self.stderr, file, RejectedFile(problems.first, problems.total)
            )
            raise CommandError(f"rejected for {problems.total} reasons, nothing was written")
        command_line.show_notes(self.stderr, file, summary.notes)
        return summary
