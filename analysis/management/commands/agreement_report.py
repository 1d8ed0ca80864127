"""`manage.py agreement_report STUDY`: the report of a study on the command line."""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from accounts.access import ProjectArchived, refuse_archived
from accounts.migrated import DatabaseCommand
from analysis.data.dataset import DataSetError
from analysis.data.parameters import REPLICATES, SEED, ParameterError, Parameters
from analysis.pages.study_lookup import StudyNotFound, find_study

FORMATS = ["json", "markdown", "csv", "latex", "zip"]
CHOICES = {
    "model": ("models", "Only the items of this model"),
    "target": ("target_values", "Only the items with this target value ('none': the baseline)"),
    "condition": ("conditions", "Only the items of this condition, as the report names it"),
    "language": ("languages", "Only the items in this language"),
    "property": ("properties", "Only the items with this property, as in topic=war"),
    "rater": ("raters", "Only the judgments of this rater"),
    "kind": ("kinds", "Only raters of this kind (person, simulated, imported)"),
    "exclude": ("exclude_raters", "Without the judgments of this rater"),
}
"""The filters of the report's page, by the same names: the parameter of each, and its help."""


def threshold(text: str) -> tuple[str, float]:
    """'reliable=0.75' as a pair; argparse makes the error of what is none."""
    code, _, value = text.partition("=")
    try:
        return code, float(value)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no cut-off: write its code and a number, such as reliable=0.75."
        ) from None


class Command(DatabaseCommand):
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
        several: dict[str, Any] = {"action": "append", "default": []}
        for option, (_, what) in CHOICES.items():
            words = f"{what}; repeatable."
            parser.add_argument(f"--{option}", metavar="NAME", help=words, **several)
        parser.add_argument(
            "--threshold",
            **several,
            type=threshold,
            metavar="CODE=VALUE",
            help="A cut-off behind the words, such as reliable=0.75; repeatable.",
        )
        parser.add_argument(
            "--crosscheck", action="store_true", help="Compute the ICCs with pingouin as well."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        # The renderers bring in the statistics; a command that only lists its help needs none.
        from analysis.making.reporting import make_report
        from analysis.render import RENDERERS
        from analysis.render.archive.archive import archive

        try:
            study = find_study(options["study"], options["project"])
            refuse_archived(study.project)  # the report is kept in it
            chosen: dict[str, Any] = {
                name: tuple(options[option]) for option, (name, _) in CHOICES.items()
            }
            parameters = Parameters(
                scorer=options["scorer"],
                seed=options["seed"],
                replicates=options["replicates"],
                thresholds=tuple(options["threshold"]),
                crosscheck=options["crosscheck"],
                **chosen,
            )
            report = make_report(study, parameters)
        except (StudyNotFound, ProjectArchived, ParameterError, DataSetError) as error:
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
