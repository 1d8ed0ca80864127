"""Choose the automated metric of a study, and the version where one is to be pinned."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from accounts.migrated import DatabaseCommand
from annotations.metrics.metric import metric_of
from annotations.models import Study
from annotations.studies.choosing_metric import MetricRefused, choices, choose, chosen
from evaluations.management import command_line


class Command(DatabaseCommand):
    help = (
        "Say which metric a study validates, or choose another of those that scored its trials. "
        "Its disputes are brought into line; what reviewers decided stands."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("study", help="slug of the study")
        parser.add_argument("metric", nargs="?", default="", help="NAME, or NAME@VERSION to pin it")
        command_line.add_project(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        project = command_line.project_named(options["project"], self.stdout)
        study = Study.objects.filter(project=project, slug=options["study"]).first()
        if study is None:
            known = ", ".join(Study.objects.filter(project=project).values_list("slug", flat=True))
            raise CommandError(
                f"the project {project.slug} has no study {options['study']!r}; "
                f"it has: {known or 'none'}"
            )
        if options["metric"]:
            try:
                study = choose(study, None, options["metric"])
            except MetricRefused as error:
                raise CommandError(str(error)) from error
        metric = metric_of(study)
        pinned = ", pinned" if metric.is_pinned else ""
        self.stdout.write(
            f"{study.slug}: {chosen(study) or 'no metric'}"
            f" (version {metric.version or 'none'}{pinned}; readings by {metric.reader})"
        )
        for word, _ in choices(study):
            self.stdout.write(f"  {word}")
