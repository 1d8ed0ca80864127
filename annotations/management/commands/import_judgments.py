"""Make a study of judgments made elsewhere."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from accounts.migrated import DatabaseCommand
from annotations.files.declared_ranges import as_stored, check, ends_of
from annotations.files.judged_values import Values, scales
from annotations.files.judgment_rows import AutomatedRow, JudgmentFile
from annotations.files.properties import checked_names
from annotations.interchange.formats import JUDGMENT_FORMATS
from annotations.kinds import CONFIDENCE, REASON
from annotations.management.judgment_input import TABLE, JudgmentInput, counted
from annotations.models import Dispute, Study
from annotations.questions.of_study import further_question
from annotations.questions.question import InvalidJudgment, Question, check_ways_out
from annotations.studies.imports.judgments import import_judgments
from annotations.studies.studies import StudyRefused, free_name
from evaluations.interchange.formats import AUTO
from evaluations.management import command_line


class Command(DatabaseCommand):
    help = (
        "Make a study of judgments made elsewhere: a CSV file with the columns item, rater, value "
        "and, if wanted, text, occasion, weight, model, target_value, condition, cluster (or "
        "document) and further properties; or a file of another program, such as Label Studio "
        "(docs/reference/interchange.md). Nothing is stored unless all of it can be."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--format",
            choices=(AUTO, TABLE, *(one.key for one in JUDGMENT_FORMATS)),
            default=AUTO,
            help="what FILE is (default: told by its content); the file of --automated is always "
            "told by its content",
        )
        parser.add_argument(
            "--value-from",
            nargs="+",
            default=[],
            metavar="QUESTION",
            help="of a file of another program: the question whose answer is the value (of a "
            "survey: those that are items)",
        )
        parser.add_argument("--study", required=True, help="name of the new study")
        parser.add_argument("--scale", required=True, choices=scales())
        parser.add_argument(
            "--categories",
            nargs="+",
            default=[],
            metavar="CATEGORY",
            help="the values of a nominal or ordinal scale, in order, or the dimensions of a "
            "vector; also as one 'A,B,C'",
        )
        parser.add_argument(
            "--ways-out",
            nargs="+",
            default=[],
            metavar="CATEGORY",
            help="those of the categories by which a rater said that an item cannot be judged; "
            "without this every category is a value",
        )
        parser.add_argument(
            "--automated",
            type=Path,
            help="CSV file with the columns item, scorer, value; items nobody judged are welcome",
        )
        parser.add_argument(
            "--unscorable",
            nargs="+",
            default=[],
            metavar="WORD",
            help="values of the automated file that are no valid label, as an empty one is",
        )
        parser.add_argument(
            "--properties",
            nargs="+",
            default=[],
            metavar="COLUMN",
            help="further columns of the files that say something of an item, to group and filter "
            "by",
        )
        parser.add_argument(
            "--further",
            type=Path,
            help="JSON file with the further questions, whose answers stand in columns answer.KEY",
        )
        parser.add_argument(
            "--check", action="store_true", help="read and report only; nothing is stored"
        )
        parser.add_argument("--question", default="", help="what the raters were asked")
        parser.add_argument(
            "--rater-range",
            nargs=2,
            metavar=("LOW", "HIGH"),
            help="ends of the raters' scale, for numbers",
        )
        parser.add_argument(
            "--metric-range",
            nargs=3,
            action="append",
            default=[],
            metavar=("SCORER", "LOW", "HIGH"),
            help="ends of a metric's scale; one on another scale than the raters is compared by "
            "correlations; may be given repeatedly",
        )
        parser.add_argument(
            "--raters-are",
            choices=Study.Raters.values,
            default="",
            help="kind of raters, which fixes the epsilon of the alternative annotator test "
            "(crowd 0.1, skilled 0.15, expert 0.2); say what was fixed before the data",
        )
        command_line.add_project(parser)

    @transaction.atomic  # so that a refused file leaves no new project behind either
    def handle(self, *args: Any, **options: Any) -> None:
        project = command_line.project_named(options["project"], self.stdout)
        try:
            free_name(project, options["study"])
            values = Values(options["scale"], categories_of(options["categories"]))
            ways_out = categories_of(options["ways_out"])
            check_ways_out(ways_out, values.categories)
            properties = checked_names(options["properties"])
        except (StudyRefused, ValueError) as error:
            raise CommandError(str(error)) from error
        further = further_of(options["further"])
        readers = {question.key: answer_reader(question) for question in asked_in(further)}
        more: dict[str, Any] = {"properties": properties, "answers": readers}
        reading = JudgmentInput(self.stdout, self.stderr)
        judgments = reading.judgments(options, values, more)
        judged = len(judgments.items)
        command_line.show_notes(self.stdout, options["file"], judgments.notes)
        declared = {"unscorable": options["unscorable"], "properties": properties}
        automated = reading.automated(options, values, judgments, declared)
        self._check_properties(properties, judgments)
        try:
            ranges = ranges_of(options, values, judgments, automated)
        except ValueError as error:
            raise CommandError(f"Nothing was stored: {error}.") from error
        if options["check"]:
            self._say(judgments, judged, automated, "Can be imported; nothing was stored: ")
            transaction.set_rollback(True)
            return
        with command_line.progress_bar(len(judgments), "judgment") as bar:
            study = import_judgments(
                project,
                options["study"],
                values,
                judgments,
                automated,
                question=options["question"],
                ways_out=ways_out,
                raters_are=options["raters_are"],
                further_questions=further,
                ranges=ranges,
                on_stored=bar.update,
            )
        disputes = Dispute.objects.filter(item__study=study).count()
        self._say(judgments, judged, automated, f"Study {study.slug!r}: ", disputes)

    def _check_properties(self, names: Sequence[str], judgments: JudgmentFile) -> None:
        """CommandError for a property that no file has a column of."""
        if missing := [name for name in names if name not in judgments.facts.properties]:
            raise CommandError(f"No file has a column {missing[0]!r}. Nothing was stored.")

    def _say(
        self,
        judgments: JudgmentFile,
        judged: int,
        automated: Sequence[AutomatedRow],
        lead: str,
        disputes: int | None = None,
    ) -> None:
        counts = [
            counted(len(judgments), "judgment"),
            f"of {counted(judged, 'item')}",
            f"by {counted(len(judgments.raters), 'rater')},",
            counted(len(automated), "automated label"),
        ]
        if disputes is not None:
            counts[-1] += ","
            counts.append(counted(disputes, "dispute"))
        self.stdout.write(self.style.SUCCESS(f"{lead}{' '.join(counts)}."))


def ranges_of(
    options: dict[str, Any],
    values: Values,
    judgments: JudgmentFile,
    automated: Sequence[AutomatedRow],
) -> dict[str, Any]:
    """The declared ranges as a study holds them; ValueError where they do not fit the numbers."""
    given: list[list[str]] = options["metric_range"]
    if not options["rater_range"] and not given:
        return {}
    if not values.is_numeric:
        raise ValueError(f"ranges are for numbers, and the scale is {values.scale}")
    names = list(judgments.items)
    raters = None
    if options["rater_range"]:
        raters = ends_of(options["rater_range"], "the raters")
        labels = list(judgments.labels)
        pairs = zip(judgments.item_of, judgments.label_of, strict=True)
        said = ((names[at], labels[code]) for at, code in pairs)
        check(raters, values.numbers(said), "a rater")
    metrics = {name: ends_of(ends, f"the metric {name!r}") for name, *ends in given}
    if len(metrics) < len(given):
        raise ValueError("a metric is given two ranges")
    for name, ends in metrics.items():
        mine = [row for row in automated if row.scorer == name and row.label]
        if not mine:
            raise ValueError(f"the automated labels have no metric {name!r}")
        given_by = values.numbers((names[row.item], row.label) for row in mine)
        check(ends, given_by, f"the metric {name!r}")
    return as_stored(raters, metrics)


def further_of(file: Path | None) -> list[dict[str, Any]]:
    """The further questions of a JSON file; CommandError where they are none."""
    if file is None:
        return []
    try:
        found = json.loads(file.read_text("utf-8"))
        asked_in(found)
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise CommandError(f"{file} holds no further questions: {error}") from error
    return found


def asked_in(further: Sequence[Mapping[str, Any]]) -> list[Question]:
    """The further questions that have answers of their own."""
    questions = [further_question(entry) for entry in further]
    return [question for question in questions if question.kind not in (CONFIDENCE, REASON)]


def answer_reader(question: Question) -> Callable[[str], object]:
    def read(cell: str) -> object:
        try:
            return question.checked(cell)
        except InvalidJudgment as error:
            raise ValueError(f"is no answer: {error}") from error

    return read


def categories_of(given: Sequence[str]) -> tuple[str, ...]:
    """The categories as separate words, or as one word with commas."""
    words = given[0].split(",") if len(given) == 1 else given
    return tuple(word.strip() for word in words if word.strip())
