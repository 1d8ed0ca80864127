"""Score trials with the present version of a scorer."""

from typing import Any

from django.core.management.base import CommandParser

from accounts.migrated import DatabaseCommand
from evaluations.management import command_line
from evaluations.scoring.scorers import rescore, scorers, scorers_of, unscored


class Command(DatabaseCommand):
    help = (
        "Score complete trials that the present version of a scorer has not scored. Scores of "
        "older versions stay beside the new ones; running it again adds nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        command_line.add_runs(parser)
        parser.add_argument(
            "--scorer",
            choices=sorted(scorers()),
            help="(default: those that come with the instruments of the runs)",
        )
        command_line.add_project(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        project = command_line.project_named(options["project"], self.stdout)
        runs = command_line.runs_named(project, options["run"])
        if not runs.exists():
            self.stdout.write("There are no runs to score.")
        for scorer in [options["scorer"]] if options["scorer"] else scorers_of(runs):
            with command_line.progress_bar(len(unscored(runs, scorer)), "trial") as bar:
                added = rescore(runs, scorer, told=bar.update)
            self.stdout.write(f"{added} trials scored by {scorer} {scorers()[scorer].version}.")
