"""Make a study of judgments made elsewhere."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO, TypeVar

from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from accounts.migrated import DatabaseCommand
from annotations.importing import import_judgments
from annotations.judgment_files import (
    SCALES,
    RejectedFile,
    Values,
    read_automated,
    read_judgments,
)
from annotations.models import Dispute
from annotations.studies import StudyRefused, free_name
from evaluations import command_line

T = TypeVar("T")


class Command(DatabaseCommand):
    help = (
        "Make a study of judgments made elsewhere: a CSV file with the columns item, rater, value "
        "and, if wanted, text. Nothing is stored unless all of it can be."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--study", required=True, help="name of the new study")
        parser.add_argument("--scale", required=True, choices=SCALES)
        parser.add_argument(
            "--categories",
            nargs="+",
            default=[],
            metavar="CATEGORY",
            help="the values of a nominal or ordinal scale, in order, or the dimensions of a "
            "vector; also as one 'A,B,C'",
        )
        parser.add_argument(
            "--automated", type=Path, help="CSV file with the columns item, scorer, value"
        )
        parser.add_argument("--question", default="", help="what the raters were asked")
        command_line.add_project(parser)

    @transaction.atomic  # so that a refused file leaves no new project behind either
    def handle(self, *args: Any, **options: Any) -> None:
        project = command_line.project_named(options["project"], self.stdout)
        try:
            free_name(project, options["study"])
            values = Values(options["scale"], categories_of(options["categories"]))
        except (StudyRefused, ValueError) as error:
            raise CommandError(str(error)) from error
        judgments = self.read(options["file"], lambda lines: read_judgments(lines, values))
        automated = []
        if options["automated"]:
            automated = self.read(
                options["automated"], lambda lines: read_automated(lines, values, judgments.items)
            )
        with command_line.progress_bar(len(judgments), "judgment") as bar:
            study = import_judgments(
                project,
                options["study"],
                values,
                judgments,
                automated,
                question=options["question"],
                on_stored=bar.update,
            )
        if judgments.ignored_columns:
            self.stdout.write(f"Ignored columns: {', '.join(judgments.ignored_columns)}.")
        counts = (
            counted(len(judgments), "judgment"),
            f"of {counted(len(judgments.items), 'item')}",
            f"by {counted(len(judgments.raters), 'rater')},",
            f"{counted(len(automated), 'automated label')},",
            f"{counted(Dispute.objects.filter(item__study=study).count(), 'dispute')}.",
        )
        self.stdout.write(self.style.SUCCESS(f"Study {study.slug!r}: {' '.join(counts)}"))

    def read(self, file: Path, parse: Callable[[Iterator[str]], T]) -> T:
        """Parse a file with a bar; its problems are listed, and then it is refused as a whole."""
        try:
            with opened(file) as lines:
                return parse(lines)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}") from error
        except RejectedFile as error:
            for problem in error.problems:
                self.stderr.write(f"{file.name}: {problem}")
            more = error.total - len(error.problems)
            if more:
                self.stderr.write(f"{file.name}: ... and {more} more")
            problems = counted(error.total, "problem")
            raise CommandError(
                f"{file.name} was not imported: {problems}. Nothing was stored."
            ) from error


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def categories_of(given: Sequence[str]) -> tuple[str, ...]:
    """The categories as separate words, or as one word with commas."""
    words = given[0].split(",") if len(given) == 1 else given
    return tuple(word.strip() for word in words if word.strip())


@contextmanager
def opened(file: Path) -> Iterator[Iterator[str]]:
    """The lines of a text file, a byte order mark left out, with a bar over its bytes."""
    with (
        file.open(encoding="utf-8-sig", newline="") as stream,
        command_line.progress_bar(file.stat().st_size, "B", unit_scale=True) as bar,
    ):
        yield lines_of(stream, bar.update)


def lines_of(stream: TextIO, on_read: Callable[[int], object]) -> Iterator[str]:
    for line in stream:
        on_read(len(line))
        yield line
