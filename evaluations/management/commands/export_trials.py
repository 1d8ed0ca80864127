"""Export complete trials."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.core.management.base import CommandError, CommandParser

from accounts.migrated import DatabaseCommand
from evaluations.files.exporting import EXPORTS
from evaluations.management import command_line


class Command(DatabaseCommand):
    help = (
        "Write complete trials with their conversations as JSON Lines or as CSV, both of which "
        "import_trials reads back (docs/reference/trial-files.md), or a table of their scores, "
        "or of what the runs used of each model."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        command_line.add_runs(parser)
        parser.add_argument("--format", choices=sorted(EXPORTS), default="jsonl")
        parser.add_argument("--out", type=Path, help="where to write (default: the screen)")
        command_line.add_project(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        project = command_line.project_named(options["project"], self.stderr, only_read=True)
        runs = command_line.runs_named(project, options["run"])
        lines = EXPORTS[options["format"]](runs)
        out: Path | None = options["out"]
        if out and not out.absolute().parent.is_dir():
            raise CommandError(f"there is no folder {out.absolute().parent} to write to")
        if out is None:
            for line in lines:
                self.stdout.write(line, ending="")
            return
        with _draft(out) as target:
            target.writelines(lines)


@contextlib.contextmanager
def _draft(out: Path) -> Iterator[IO[str]]:
    """A file that takes its place only when it is complete."""
    with tempfile.TemporaryDirectory(dir=out.absolute().parent, prefix=".export-") as folder:
        draft = Path(folder) / out.name
        with draft.open("w", encoding="utf-8", newline="") as handle:
            yield handle
        draft.replace(out)
