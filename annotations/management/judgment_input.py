"""The files that `import_judgments` reads, of ours or of another program."""

import shutil
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import IO, Any, TypeVar

from django.core.management.base import CommandError, OutputWrapper

from annotations.files.automated_files import read_automated
from annotations.files.judgment_files import read_judgments
from annotations.files.judgment_rows import AutomatedRow, JudgmentFile
from annotations.files.rater_files import read_cultures
from annotations.interchange.formats import JUDGMENT_FORMATS, LABEL_FORMATS
from annotations.interchange.tables import SCORER, OthersTable, labels_of
from annotations.studies.imports.asked import Asked
from annotations.studies.imports.reading import Reader, own_reader, reader_in, trials_in
from annotations.studies.imports.rejected import Part, Rejected, read_rows
from evaluations.interchange.formats import AUTO
from evaluations.interchange.looked_at import OTHER, look_at
from evaluations.interchange.looked_at import TABLE as TABLE_SHAPE
from evaluations.management import command_line
from evaluations.management.rejects import rejects_of
from evaluations.text.table_reader import Notes, Problem, Problems, RejectedFile

T = TypeVar("T")

TABLE = "table"
"""The key of our own format."""


class JudgmentInput:
    """Reads the files that the options name; CommandError for one that is refused."""

    def __init__(self, stdout: OutputWrapper, stderr: OutputWrapper) -> None:
        self._stdout = stdout
        self._stderr = stderr
        self.left_out: list[Problem] = []

    def judgments(self, options: Mapping[str, Any], asked: Asked) -> JudgmentFile:
        """Those of FILE; with --partial without the rows that are wrong, which are in `left_out`
        and in the file of `rejects_in`."""
        file: Path = options["file"]
        _refuse_trials(file)
        told = command_line.told(file, options["format"], JUDGMENT_FORMATS, "judgments")
        form = told.format
        if options["partial"]:
            make = partial(reader_in, form=form) if form else own_reader
            return self._good_rows(options, lambda: make(told.looked, asked=asked), told.why_none)
        if form:
            return self._understood(
                file, lambda: reader_in(told.looked, form, asked).read(Problems())
            )
        values, more = asked.values, asked.of_judgments
        return self._read(
            file,
            lambda source, on_read: read_judgments(source, values, on_read=on_read, **more),
            told.why_none,
        )

    def _good_rows(
        self, options: Mapping[str, Any], make: Callable[[], Reader], why_no_other: str
    ) -> JudgmentFile:
        file: Path = options["file"]

        def parse() -> tuple[JudgmentFile, list[Problem]]:
            reader = make()
            return read_rows(reader.read, rejected, keep_good=True, named=reader.named)

        with tempfile.TemporaryDirectory() as folder, Rejected(Path(folder)) as rejected:
            judgments, self.left_out = self._understood(file, parse, why_no_other)
            if self.left_out and not options["check"]:
                shutil.copyfile(rejected.closed[Part.REJECTS], rejects_in(options))
        told = (f"{file.name}: {problem}" for problem in self.left_out)
        command_line.show_problems(self._stderr, told)
        return judgments

    def automated(
        self,
        options: Mapping[str, Any],
        asked: Asked,
        judgments: JudgmentFile,
    ) -> list[AutomatedRow]:
        file: Path | None = options["automated"]
        values, declared = asked.values, asked.of_labels
        if file is None:
            return []
        notes = Notes()
        told = command_line.told(file, AUTO, LABEL_FORMATS, "automated labels")
        if form := told.format:
            value_from = () if form.is_of_scores else options["value_from"]
            found = self._understood(
                file,
                lambda: labels_of(
                    OthersTable(form, told.looked, value_from, SCORER),
                    values,
                    judgments,
                    notes,
                    **declared,
                ),
            )
        else:
            found = self._read(
                file,
                lambda source, on_read: read_automated(
                    source, values, judgments, on_read, notes, **declared
                ),
                told.why_none,
            )
        command_line.show_notes(self._stdout, file, notes)
        return found

    def cultures(self, options: Mapping[str, Any], judgments: JudgmentFile) -> dict[int, str]:
        """The cultures of the file of raters, by the rater's index; {} where none is given."""
        file: Path | None = options["raters"]
        if file is None:
            return {}
        notes = Notes()
        found = self._read(
            file,
            lambda source, on_read: read_cultures(
                source, judgments, on_read, notes, column=options["culture"]
            ),
            "",
        )
        command_line.show_notes(self._stdout, file, notes)
        return found

    def _read(
        self,
        file: Path,
        parse: Callable[[IO[bytes], Callable[[int], object]], T],
        why_no_other: str,
    ) -> T:
        """Parse a table with a bar. *why_no_other*: why it is no file of another program."""
        with command_line.opened(file) as (source, bar):
            return self._understood(file, lambda: parse(source, bar.update), why_no_other)

    def _understood(self, file: Path, parse: Callable[[], T], why_no_other: str = "") -> T:
        """What *parse* gives; a file with problems is refused as a whole, and they are listed."""
        try:
            return parse()
        except RejectedFile as error:
            command_line.show_rejected(self._stderr, file, error)
            if why_no_other and error.problems[0].line <= 1:
                self._stderr.write(f"{file.name} was read as a table: it is {why_no_other}")
            problems = counted(error.total, "problem")
            raise CommandError(
                f"{file.name} was not imported: {problems}. Nothing was stored."
            ) from error


def rejects_in(options: Mapping[str, Any]) -> Path:
    """Where --partial writes the rows that are left out: those of another program as a table."""
    is_text = look_at(options["file"]).shape in (TABLE_SHAPE, OTHER)
    return rejects_of(options, options["file"].suffix if is_text else ".csv").file


def _refuse_trials(file: Path) -> None:
    """Raise CommandError for a file that holds trials."""
    try:
        trials = trials_in(look_at(file))
    except OSError:  # told where the file is read
        return
    if trials:
        raise CommandError(
            f"{file.name} holds trials, no judgments ({trials}): import_trials takes it, and "
            "--automated takes what its metrics said"
        )


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
