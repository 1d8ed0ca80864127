"""Have a model say which letter was chosen where the rules left an answer open."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db.models import QuerySet

from accounts.migrated import DatabaseCommand
from evaluations.background import ending
from evaluations.management import command_line
from evaluations.models import Run
from evaluations.running.scorings import score_at_their_expense
from evaluations.scoring.as_published import PublishedReader
from evaluations.scoring.scorers import kinds_of, without_score
from evaluations.scoring.second_reader import SecondReader


class Command(DatabaseCommand):
    help = (
        "Ask the model at an endpoint which letter was chosen in the answers that the rules left "
        "open, and score the trials with these readings under a name of their own. What the rules "
        "read stays. Running it again asks only about what has no reading yet."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        command_line.add_asking(parser)
        parser.add_argument(
            "--as-published",
            action="store_true",
            help="have it name a letter for every answer, as the published runner did, under a "
            "name that says so: to compare with",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        runs, endpoint = command_line.asking(options, self.stdout)
        reader = PublishedReader if options["as_published"] else SecondReader
        for kind in kinds_of(runs):
            self._reread(runs, reader(endpoint, kind))

    def _reread(self, runs: QuerySet[Run], reader: SecondReader) -> None:
        scorer = reader.scorer
        runs = runs.filter(instrument__kind=reader.kind.key)
        with ending.listening(), command_line.progress_bar(None, "answer") as bar:
            try:
                inquiry = score_at_their_expense(runs, reader, report=lambda outcome: bar.update())
            except ValueError as error:
                raise CommandError(str(error)) from None
        left = len(without_score(runs, scorer.name, scorer.version))
        self.stdout.write(
            f"{scorer.name} {scorer.version}: {left} trials are left without a score."
        )
        command_line.show_inquiry(self.stdout, self.stderr, inquiry)
