"""Ask a run's questions by files, for providers that answer files at half the price."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from accounts.migrated import DatabaseCommand
from evaluations.management import command_line
from evaluations.models import Run
from evaluations.respondents.respondent import RespondentError
from evaluations.running.batches import sending, taking


class Command(DatabaseCommand):
    help = (
        "Ask a paused run by files in the format of OpenAI's batch API: export the next question "
        "of every trial of an endpoint, import the answers, and so on until the run is complete; "
        "or give back what is waited for."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", help="its name")
        acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
        export = acts.add_parser("export", help="write the questions, a line each")
        export.add_argument("file", type=Path, help="a file that does not exist yet")
        export.add_argument("--endpoint", help="its name; may be left out while only one waits")
        taken = acts.add_parser("import", help="store the answers, of the output or the error file")
        taken.add_argument("file", type=Path)
        acts.add_parser("give-back", help="free the trials whose question is in a file")
        command_line.add_project(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        project = command_line.project_named(options["project"], self.stdout)
        (run,) = command_line.runs_named(project, [options["run"]])
        act = {"export": self.export, "import": self.take, "give-back": self.give_back}
        try:
            act[options["act"]](run, options)
        except (sending.BatchRefused, RespondentError) as error:
            raise CommandError(str(error)) from None

    def export(self, run: Run, options: dict[str, Any]) -> None:
        endpoint = sending.endpoint_called(run, options["endpoint"])
        try:
            with options["file"].open("x", encoding="utf-8") as file:
                try:
                    made = sending.export(run, endpoint, file.write)
                except BaseException:
                    options["file"].unlink()
                    raise
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be written: {error}") from None
        left = f"; {made.left} trials wait for a further file" if made.left else ""
        self.stdout.write(f"{made.lines} questions to {endpoint.name} are in the file{left}.")

    def take(self, run: Run, options: dict[str, Any]) -> None:
        try:
            with options["file"].open(encoding="utf-8-sig") as file:
                found = taking.take(run, file)
        except (OSError, UnicodeError) as error:
            raise CommandError(f"{options['file']} cannot be read: {error}") from None
        for line, reason in found.rejected:
            self.stderr.write(f"{options['file'].name}, line {line}: {reason}")
        for reason, number in found.failed.most_common():
            self.stderr.write(f"{number} failed: {reason}")
        self.stdout.write(found.words())
        if found.rejected:
            raise CommandError(f"{len(found.rejected)} lines could not be taken; see above")

    def give_back(self, run: Run, options: dict[str, Any]) -> None:
        self.stdout.write(f"{sending.give_back(run)} trials are free again.")
