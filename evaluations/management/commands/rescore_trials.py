"""Score trials with the present version of a scorer."""

from typing import Any

from django.core.management.base import CommandParser

from accounts.migrated import DatabaseCommand
from evaluations import command_line
from evaluations.scoring import BATCH, DEFAULT_SCORER, SCORERS, score_trials, unscored


class Command(DatabaseCommand):
    help = (
        "Score complete trials that the present version of a scorer has not scored. Scores of "
        "older versions stay beside the new ones; running it again adds nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        command_line.add_runs(parser)
        parser.add_argument("--scorer", choices=sorted(SCORERS), default=DEFAULT_SCORER)
        command_line.add_project(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        project = command_line.project_named(options["project"], self.stdout)
        runs = command_line.runs_named(project, options["run"])
        scorer = options["scorer"]
        added = 0
        trials = unscored(runs, scorer)
        with command_line.progress_bar(len(trials), "trial") as bar:
            for start in range(0, len(trials), BATCH):
                batch = trials[start : start + BATCH]
                added += score_trials(batch, scorer)
                bar.update(len(batch))
        self.stdout.write(f"{added} trials scored by {scorer} {SCORERS[scorer].version}.")
