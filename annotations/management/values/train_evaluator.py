"""Train an evaluator of ten values on what people judged."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from accounts.migrated import DatabaseCommand
from annotations.management.values.judged_answers import CONSENSUS, judged_answers
from evaluations.instruments.values.learning.train import train
from evaluations.instruments.values.learning.validation import Validation, cross_validated
from evaluations.management import command_line
from evaluations.scoring.values.evaluators import PREVALENCE, keep

LONGEST_NAME = 60 - len(PREVALENCE)


class Command(DatabaseCommand):
    help = (
        "Train an evaluator on the answers of a run that people judged by ten values: a rater's "
        "labels, or the consensus. It is cross-validated by prompt; the figures of each value are "
        "printed beside those of always saying 0 and of drawing by prevalence. A value with fewer "
        "than ten cases is not learned. The same labels give the same version."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--run", required=True, help="the run whose answers were judged")
        parser.add_argument(
            "--labels", default=CONSENSUS, metavar="RATER", help="a rater, or 'consensus'"
        )
        parser.add_argument("--name", required=True, help="name of the metric")
        command_line.add_project(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        project = command_line.project_named(options["project"], self.stdout)
        run = command_line.runs_named(project, [options["run"]]).get()
        name = options["name"]
        if not 1 <= len(name.strip()) <= LONGEST_NAME or "@" in name:
            raise CommandError(f"--name: 1 to {LONGEST_NAME} characters, without an @")
        try:
            judged = judged_answers(run, options["labels"])
            with command_line.progress_bar(None, "fold") as bar:
                figures = cross_validated(
                    judged.prompts, judged.texts, judged.signs, lambda fold: bar.update()
                )
            learned = train(judged.texts, judged.signs)
        except ValueError as error:
            raise CommandError(str(error)) from None
        row = keep(run, name, options["labels"], learned, figures, judged.trials)
        if judged.unsettled:
            self.stdout.write(f"{judged.unsettled:,} answers without a consensus are left out.")
        for line in _lines(figures):
            self.stdout.write(line)
        if learned.not_learned:
            self.stdout.write(
                f"Not learned, for fewer than ten cases: {', '.join(learned.not_learned)}."
            )
        self.stdout.write(f"{row.metric} is kept; score runs with score_values --metric {name}.")


def _lines(figures: Validation) -> list[str]:
    """The figures as a table of text."""
    head = f"{'value':16}{'supports':>9}{'opposes':>9}{'accuracy':>10}{'always 0':>10}"
    lines = [f"{head}{'drawn':>8}{'F1 +':>8}{'F1 -':>8}"]
    for row in figures.values:
        counts = f"{row.value:16}{row.supports:9}{row.opposes:9}"
        shares = f"{row.accuracy:10.3f}{row.always_zero:10.3f}{row.prevalence:8.3f}"
        lines.append(counts + shares + _f1(row.f1_supports) + _f1(row.f1_opposes))
    mean = "undefined" if figures.f1_supports is None else f"{figures.f1_supports:.3f}"
    lines.append(
        f"{figures.answers:,} answers, cross-validated by prompt in {figures.folds} folds: "
        f"accuracy {figures.accuracy:.3f} (always 0: {figures.always_zero:.3f}, drawn by "
        f"prevalence: {figures.prevalence:.3f}); mean F1 of 'supports' {mean} over "
        f"{len(figures.measured)} values with ten cases."
    )
    return lines


def _f1(value: float | None) -> str:
    return f"{'few':>8}" if value is None else f"{value:8.3f}"
