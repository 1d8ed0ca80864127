"""`manage.py agreement_report STUDY`: the report of a study on the command line."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from analysis.dataset import DataSetError
from analysis.lookup import StudyNotFound, find_study
from analysis.parameters import REPLICATES, SEED, ParameterError, Parameters

FORMATS = ["json", "markdown", "csv", "latex", "zip"]


class Command(BaseCommand):
    help = (
        "Compute how well the raters of a study agree, and how well automated labels agree with "
        "them. The same data, seed and versions give the same bytes. Exit status 0 when the "
        "report was written, 1 with a message on standard error otherwise."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("study", help="Name or slug of the study.")
        parser.add_argument("--project", default="", help="Slug of its project, if ambiguous.")
        parser.add_argument("--format", choices=FORMATS, default="markdown")
        parser.add_argument("--out", type=Path, help="File to write (default: standard output).")
        parser.add_argument(
            "--scorer", default="", help="Only this automated metric: NAME or NAME@VERSION."
        )
        parser.add_argument("--seed", type=int, default=SEED, help="Seed of the bootstrap.")
        parser.add_argument(
            "--replicates", type=int, default=REPLICATES, help="Bootstrap replicates."
        )

        parser.add_argument(
            "--crosscheck", action="store_true", help="Compute the ICCs with pingouin as well."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        # The renderers bring in the statistics; a command that only lists its help needs none.
        from analysis.archive import archive
        from analysis.render import RENDERERS
        from analysis.reporting import make_report

        try:
            study = find_study(options["study"], options["project"])
            parameters = Parameters(
                scorer=options["scorer"],
                seed=options["seed"],
                replicates=options["replicates"],
                crosscheck=options["crosscheck"],
            )
            report = make_report(study, parameters)
        except (StudyNotFound, ParameterError, DataSetError) as error:
            raise CommandError(str(error)) from error
        if options["format"] == "zip":
            if options["out"] is None:
                raise CommandError("A zip cannot be printed: name a file with --out.")
            content = archive(report)
        else:
            content = RENDERERS[options["format"]](report).encode()
        if options["out"] is None:
            self.stdout.write(content.decode(), ending="")
            return
        try:
            write_whole(options["out"], content)
        except OSError as error:
            raise CommandError(f"Cannot write {options['out']}: {error.strerror}.") from error
        self.stderr.write(f"Report {report.key[:12]} on {study.name!r} written to {options['out']}")


def write_whole(path: Path, content: bytes) -> None:
    """Write *content* so that a reader of *path* finds the old file or the new one, no part."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(content)
        mask = os.umask(0)
        os.umask(mask)
        Path(draft).chmod(0o666 & ~mask)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
