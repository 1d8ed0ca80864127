"""Score answers by an evaluator that was trained here."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from accounts.migrated import DatabaseCommand
from evaluations.management import command_line
from evaluations.scoring.values.evaluators import named, score_runs


class Command(DatabaseCommand):
    help = (
        "Score the complete trials of runs whose answers are judged by ten values, by an evaluator "
        "that train_evaluator made (NAME or NAME@VERSION), or by its baseline NAME-prevalence. "
        "Answers it learned from get no score. Running it again adds nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        command_line.add_runs(parser)
        parser.add_argument("--metric", required=True, metavar="NAME")
        command_line.add_project(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        project = command_line.project_named(options["project"], self.stdout)
        runs = command_line.runs_named(project, options["run"])
        try:
            row, metric = named(project, options["metric"])
        except ValueError as error:
            raise CommandError(str(error)) from None
        with command_line.progress_bar(None, "answer") as bar:
            put = score_runs(runs, row, metric, told=bar.update)
        self.stdout.write(
            f"{metric}: {put.scored:,} answers scored; {put.learned:,} it learned from and "
            f"{put.empty:,} empty ones have no score."
        )
