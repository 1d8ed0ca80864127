"""Draw a study from the trials of runs, or make one of texts."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from accounts.migrated import DatabaseCommand
from accounts.models import Project
from annotations.files.item_files import ControlRow, TextRow, read_controls, read_texts
from annotations.files.properties import checked_names
from annotations.kinds import kinds_in_words
from annotations.models import Study
from annotations.questions.controls import checked_expectation
from annotations.questions.of_study import primary_question
from annotations.studies.control_items import ControlsRefused, add_controls
from annotations.studies.counts import regular_items
from annotations.studies.drawing import groups
from annotations.studies.studies import StudyRefused, change_state, create_study
from evaluations.management import command_line
from evaluations.models import Run
from evaluations.text.table_reader import Notes, RejectedFile, Source

Row = TypeVar("Row")

SETTINGS = (
    *("unit", "kind", "question", "scale", "categories", "ways_out", "tolerance", "cap"),
    *(
        "repeat_share",
        "option_order",
        "language",
        "control_every",
        "control_feedback",
        "attention_limit",
    ),
    *("qualification_pass", "asks_own_measure", "on_deletion", "raters_are"),
)
"""Options that are settings of the study under the same name; one not given keeps its default."""


class Command(DatabaseCommand):
    help = (
        "Draw a study from the complete trials of runs, stratified over their cells, or make one "
        "of the texts of a file."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--run", action="append", default=[], metavar="NAME", help="may be given repeatedly"
        )
        parser.add_argument("--texts", type=Path, help="CSV file with the columns id and text")
        parser.add_argument(
            "--properties",
            nargs="+",
            default=[],
            metavar="COLUMN",
            help="further columns of the texts to group and filter by",
        )
        parser.add_argument("--name", required=True, help="name of the new study; raters see it")
        self._add_sampling(parser)
        self._add_question(parser)
        self._add_procedure(parser)
        parser.add_argument("--open", action="store_true", help="open it for raters at once")
        command_line.add_project(parser)

    def _add_sampling(self, parser: CommandParser) -> None:
        size = parser.add_mutually_exclusive_group()
        size.add_argument("--n", type=int, help="how many to draw (default: all)")
        size.add_argument("--share", type=float, help="which share of them to draw, such as 0.2")
        parser.add_argument(
            "--share-of",
            action="append",
            default=[],
            metavar="GROUP=SHARE",
            help=f"share of the sample for a group, such as boundary=0.3: {', '.join(groups())}",
        )
        parser.add_argument(
            "--metric",
            default="",
            help="automated metric to validate, NAME or NAME@VERSION (default: its instrument's)",
        )
        parser.add_argument("--overlap", type=int, default=3, help="judgments per item")
        parser.add_argument("--seed", type=int, default=0)

    def _add_question(self, parser: CommandParser) -> None:
        parser.add_argument("--unit", choices=Study.Unit.values, help="what is judged")
        parser.add_argument("--kind", choices=list(kinds_in_words()), help="what is asked for")
        parser.add_argument("--question", help="in your words")
        parser.add_argument("--scale", choices=Study.Scale.values, help="with --kind declared")
        parser.add_argument("--categories", nargs="+", help="answers in order, or dimensions")
        parser.add_argument(
            "--ways-out", nargs="+", help="those of the answers that say: cannot be judged"
        )
        parser.add_argument("--tolerance", type=float, help="how far apart numbers may lie")
        parser.add_argument("--further", type=Path, help="JSON file with the further questions")

    def _add_procedure(self, parser: CommandParser) -> None:
        yes: dict[str, Any] = {"action": "store_true", "default": None}
        parser.add_argument("--instructions", default="", help="what raters read first")
        parser.add_argument("--controls", type=Path, help="CSV file of items with a known answer")
        parser.add_argument("--cap", type=int, help="most items per rater")
        parser.add_argument("--repeat-share", type=float, help="share of items shown twice")
        parser.add_argument("--option-order", choices=Study.OptionOrder.values)
        parser.add_argument("--language", help="language tag of the study")
        parser.add_argument("--control-every", type=int, help="one control item among so many")
        parser.add_argument("--control-feedback", **yes, help="tell raters after a gold item")
        parser.add_argument("--attention-limit", type=int, help="missed checks that end a part")
        parser.add_argument("--qualification-pass", type=float, help="share that must be right")
        parser.add_argument("--asks-own-measure", **yes, help="raters take the measure first")
        parser.add_argument(
            "--raters-are", choices=Study.Raters.values, help="fixes epsilon before the data"
        )
        parser.add_argument("--on-deletion", choices=Study.OnDeletion.values)

    @transaction.atomic  # so that a refused file leaves no study behind
    def handle(self, *args: Any, **options: Any) -> None:
        project = command_line.project_named(options["project"], self.stdout)
        try:
            study = create_study(
                project,
                options["name"],
                runs_named(project, options["run"]),
                texts=self._texts(options["texts"], options["properties"]),
                n=options["n"],
                share=options["share"],
                shares=shares_of(options["share_of"]),
                overlap=options["overlap"],
                seed=options["seed"],
                instructions=options["instructions"],
                settings=settings_of(options),
                metric=options["metric"],
            )
            self._add_controls(study, options["controls"])
            if options["open"]:
                study = change_state(study, None, Study.State.OPEN)
        except (StudyRefused, ControlsRefused) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            self.style.SUCCESS(
                f"Study {study.slug!r} ({study.state}): {regular_items(study).count()} items, "
                f"{study.overlap} judgments each."
            )
        )

    def _texts(self, file: Path | None, properties: list[str]) -> list[TextRow]:
        if file is None:
            return []
        try:
            names = checked_names(properties)
        except ValueError as error:
            raise CommandError(str(error)) from error
        return self._read(file, lambda source, notes: read_texts(source, notes, names))

    def _add_controls(self, study: Study, file: Path | None) -> None:
        """Add the control items of a file, if there is one."""
        if file is None:
            return
        question = primary_question(study)

        def read(source: Source, notes: Notes) -> list[ControlRow]:
            return read_controls(source, lambda said: checked_expectation(question, said), notes)

        add_controls(study, None, self._read(file, read))

    def _read(self, file: Path, read: Callable[[Source, Notes], list[Row]]) -> list[Row]:
        """Read a table; says what was converted, CommandError with every problem that it tells."""
        notes = Notes()
        try:
            with command_line.opened(file) as (source, _bar):
                rows = read(source, notes)
        except RejectedFile as error:
            command_line.show_rejected(self.stderr, file, error)
            raise CommandError(f"{file.name} cannot be used. Nothing was stored.") from error
        command_line.show_notes(self.stdout, file, notes)
        return rows


def runs_named(project: Project, names: list[str]) -> list[Run]:
    """The runs of these names; CommandError for one the project does not have."""
    runs = {run.name: run for run in Run.objects.filter(project=project, name__in=names)}
    if missing := [name for name in names if name not in runs]:
        known = ", ".join(Run.objects.filter(project=project).values_list("name", flat=True))
        raise CommandError(
            f"the project {project.slug} has no run {missing[0]!r}; it has: {known or 'none'}"
        )
    return list(runs.values())


def settings_of(options: dict[str, Any]) -> dict[str, Any]:
    """The settings that were given."""
    given = {name: options[name] for name in SETTINGS if options[name] is not None}
    if options["further"]:
        try:
            given["further_questions"] = json.loads(options["further"].read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"{options['further']} cannot be read: {error}") from error
        if not isinstance(given["further_questions"], list):
            raise CommandError(f"{options['further']} is no list of questions.")
    return given


def shares_of(given: list[str]) -> dict[str, float]:
    """'boundary=0.3' as a group and its share; CommandError for anything else."""
    shares = {}
    for words in given:
        group, _, share = words.partition("=")
        try:
            shares[group] = float(share)
        except ValueError as error:
            raise CommandError(
                f"--share-of {words!r}: write a group and a share, boundary=0.3"
            ) from error
    return shares
