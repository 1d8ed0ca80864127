"""Have a model classify whole trials by a rubric."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from accounts.migrated import DatabaseCommand
from evaluations.background import ending
from evaluations.definitions.catalogue import DEFAULT_RUBRIC
from evaluations.management import command_line
from evaluations.running.scorings import score_at_their_expense
from evaluations.scoring.kinds import judge_by
from evaluations.scoring.rubric_scorer import (
    MOST_REPEATS,
    check_rubric,
)
from evaluations.scoring.scorers import without_score


class Command(DatabaseCommand):
    help = (
        "Ask the model at an endpoint to classify the answers of complete trials by a rubric. "
        "Scores stand beside those of other scorers, and a report compares them all with people. "
        "Running it again asks only about trials that have no score yet."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        command_line.add_asking(parser)
        parser.add_argument("--rubric", default=DEFAULT_RUBRIC, help="key or .json file")
        parser.add_argument(
            "--repeats",
            type=int,
            choices=range(1, MOST_REPEATS + 1),
            metavar="NUMBER",
            default=1,
            help=f"times it is asked about each trial, up to {MOST_REPEATS}: what it says most "
            "often is the label, the share of that its confidence (default: 1)",
        )
        parser.add_argument("--plan", action="store_true", help="print the calls, ask nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        runs, endpoint = command_line.asking(options, self.stdout)
        rubric = command_line.rubric_named(options["rubric"], endpoint.project)
        try:
            check_rubric(rubric, runs)
        except ValueError as error:
            raise CommandError(str(error)) from None
        scorer = judge_by(rubric, endpoint, options["repeats"])
        trials = without_score(runs, scorer.name, scorer.version)
        left = len(scorer.questions(trials))
        often = f", {left} calls" if scorer.repeats > 1 else ""
        self.stdout.write(
            f"{scorer.name} {scorer.version}: {len(trials)} trials to classify{often}."
        )
        if options["plan"]:
            return
        with ending.listening(), command_line.progress_bar(left, "answer") as bar:
            try:
                inquiry = score_at_their_expense(runs, scorer, report=lambda outcome: bar.update())
            except ValueError as error:
                raise CommandError(str(error)) from None
        command_line.show_inquiry(self.stdout, self.stderr, inquiry)
