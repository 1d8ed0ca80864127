"""Draw a study from the trials of runs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Project
from annotations.models import Study
from annotations.studies import StudyRefused, change_state, create_study
from evaluations import command_line
from evaluations.models import Run


class Command(BaseCommand):
    help = "Draw a study from the complete trials of runs, stratified over their cells."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--run", action="append", required=True, metavar="NAME", help="may be given repeatedly"
        )
        parser.add_argument("--name", required=True, help="name of the new study; raters see it")
        size = parser.add_mutually_exclusive_group()
        size.add_argument("--n", type=int, help="how many trials to draw (default: all)")
        size.add_argument("--share", type=float, help="which share of them to draw, such as 0.2")
        parser.add_argument("--overlap", type=int, default=3, help="judgments per item")
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--instructions", default="", help="what raters read first")
        parser.add_argument("--open", action="store_true", help="open it for raters at once")
        command_line.add_project(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        project = command_line.project_named(options["project"], self.stdout)
        try:
            study = create_study(
                project,
                options["name"],
                runs_named(project, options["run"]),
                n=options["n"],
                share=options["share"],
                overlap=options["overlap"],
                seed=options["seed"],
                instructions=options["instructions"],
            )
            if options["open"]:
                study = change_state(study, None, Study.State.OPEN)
        except StudyRefused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            self.style.SUCCESS(
                f"Study {study.slug!r} ({study.state}): {study.items.count()} items, "
                f"{study.overlap} judgments each."
            )
        )


def runs_named(project: Project, names: list[str]) -> list[Run]:
    """The runs of these names; CommandError for one the project does not have."""
    runs = {run.name: run for run in Run.objects.filter(project=project, name__in=names)}
    if missing := [name for name in names if name not in runs]:
        known = ", ".join(Run.objects.filter(project=project).values_list("name", flat=True))
        raise CommandError(
            f"the project {project.slug} has no run {missing[0]!r}; it has: {known or 'none'}"
        )
    return list(runs.values())
