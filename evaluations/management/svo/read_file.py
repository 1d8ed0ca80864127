"""Read answers to slider items from a file of JSON lines."""

from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evaluations.instruments.svo.files.answer_lines import Summary, read_lines
from evaluations.management import command_line
from evaluations.management.svo.result_file import result_file
from evaluations.text.table_words import RejectedFile


class Command(BaseCommand):
    help = (
        "Read which option answers to slider items chose. One JSON object a line: id, item, text, "
        "and where needed shown (option numbers in the order shown, or pairs [self, other]), "
        "language (a code) and truncated. Writes outcome (choice, ambiguous, none, refused), "
        "letter, method, span and note as JSON lines, and nothing when a line is bad."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--out", type=Path, help="where to write (default: the screen)")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        with result_file(file, options["out"], self.stdout) as draft:
            summary = self._read(file, draft)
        command_line.show_notes(self.stderr, file, summary.notes)
        told = ", ".join(
            f"{count} {outcome}" for outcome, count in sorted(summary.outcomes.items())
        )
        self.stderr.write(f"{summary.outcomes.total()} answers read: {told}.")

    def _read(self, file: Path, draft: IO[str]) -> Summary:
        try:
            with file.open("rb") as source, command_line.progress_bar(None, "answer") as bar:
                summary = read_lines(source, draft, progress=bar.update)
            summary.problems.raise_if_any()
        except RejectedFile as error:
            command_line.show_rejected(self.stderr, file, error)
            raise CommandError(f"rejected for {error.total} reasons, nothing was written") from None
        return summary
