"""Make a study of judgments made elsewhere."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from accounts.migrated import DatabaseCommand
from annotations.files.judged_values import scales
from annotations.files.judgment_rows import AutomatedRow, JudgmentFile
from annotations.files.rater_files import CULTURE
from annotations.interchange.formats import JUDGMENT_FORMATS
from annotations.management.judgment_input import TABLE, JudgmentInput, counted, rejects_in
from annotations.models import Dispute, Study
from annotations.studies.imports.asked import Asked, further_in
from annotations.studies.studies import StudyRefused
from evaluations.interchange.formats import AUTO
from evaluations.management import command_line
from evaluations.management.rejects import add_partial
from evaluations.text.table_words import Problem


class Command(DatabaseCommand):
    help = (
        "Make a study of judgments made elsewhere: a CSV file with the columns item, rater, value "
        "and, if wanted, text, occasion, weight, model, target_value, condition, cluster (or "
        "document) and further properties; or a file of another program, such as Label Studio "
        "(docs/reference/interchange.md). All rows or none; with --partial the good ones go "
        "in, the bad ones into a file."
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
            "--raters",
            type=Path,
            help="CSV file with the columns rater and culture, which is kept with each rater",
        )
        parser.add_argument(
            "--culture",
            default=CULTURE,
            metavar="COLUMN",
            help="the column of --raters that holds the culture (default: %(default)s)",
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
        add_partial(parser, "rows")
        command_line.add_project(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():  # a refused file leaves no new project behind either
            left_out = self._import(options)
        if left_out:
            raise CommandError(f"{counted(len(left_out), 'problem')}: {_where(options)}")

    def _import(self, options: dict[str, Any]) -> list[Problem]:
        """Import the file, or only look at it; what of it is left out, which is written beside."""
        project = command_line.project_named(options["project"], self.stdout)
        asked = asked_for(options)
        try:
            asked.check_in(project)
        except (StudyRefused, ValueError) as error:
            raise CommandError(str(error)) from error
        reading = JudgmentInput(self.stdout, self.stderr)
        judgments = reading.judgments(options, asked)
        judged = len(judgments.items)
        command_line.show_notes(self.stdout, options["file"], judgments.notes)
        automated = reading.automated(options, asked, judgments)
        cultures = reading.cultures(options, judgments)
        try:
            ranges = asked.ranges(judgments, automated)
        except ValueError as error:
            raise CommandError(f"Nothing was stored: {error}.") from error
        if options["check"]:
            self._say(judgments, judged, automated, "Can be imported; nothing was stored: ")
            transaction.set_rollback(True)
            return reading.left_out
        with command_line.progress_bar(len(judgments), "judgment") as bar:
            study = asked.store(
                project, judgments, automated, ranges, cultures=cultures, on_stored=bar.update
            )
        disputes = Dispute.objects.filter(item__study=study).count()
        self._say(judgments, judged, automated, f"Study {study.slug!r}: ", disputes)
        return reading.left_out

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


def _where(options: Mapping[str, Any]) -> str:
    """Where what is left out can be found, in words."""
    if options["check"]:
        return "the rows would be left out"
    return f"the rows are left out, and stand in {rejects_in(options)}"


def asked_for(options: Mapping[str, Any]) -> Asked:
    """What the options of the command say."""
    return Asked(
        study=options["study"],
        scale=options["scale"],
        categories=categories_of(options["categories"]),
        ways_out=categories_of(options["ways_out"]),
        question=options["question"],
        raters_are=options["raters_are"],
        value_from=options["value_from"],
        properties=options["properties"],
        further=further_of(options["further"]),
        unscorable=options["unscorable"],
        rater_range=options["rater_range"] or (),
        metric_ranges=options["metric_range"],
    )


def further_of(file: Path | None) -> list[dict[str, Any]]:
    """The further questions of a JSON file; CommandError where they are none."""
    if file is None:
        return []
    try:
        return further_in(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"{file} holds no further questions: {error}") from error


def categories_of(given: Sequence[str]) -> tuple[str, ...]:
    """The categories as separate words, or as one word with commas."""
    words = given[0].split(",") if len(given) == 1 else given
    return tuple(word.strip() for word in words if word.strip())
