"""The files that `import_judgments` reads, of ours or of another program."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any, TypeVar

from django.core.management.base import CommandError, OutputWrapper

from annotations.files.automated_files import read_automated
from annotations.files.judgment_files import read_judgments
from annotations.files.judgment_rows import AutomatedRow, JudgmentFile
from annotations.files.rater_files import read_cultures
from annotations.interchange.formats import JUDGMENT_FORMATS, LABEL_FORMATS
from annotations.interchange.tables import SCORER, OthersTable, judgments_of, labels_of
from annotations.studies.imports.asked import Asked
from evaluations.interchange.formats import AUTO, recognised
from evaluations.interchange.looked_at import look_at
from evaluations.interchange.trials import TRIAL_FORMATS
from evaluations.management import command_line
from evaluations.text.table_reader import Notes, RejectedFile

T = TypeVar("T")

TABLE = "table"
"""The key of our own format."""


class JudgmentInput:
    """Reads the files that the options name; CommandError for one that is refused."""

    def __init__(self, stdout: OutputWrapper, stderr: OutputWrapper) -> None:
        self._stdout = stdout
        self._stderr = stderr

    def judgments(self, options: Mapping[str, Any], asked: Asked) -> JudgmentFile:
        file: Path = options["file"]
        _refuse_trials(file)
        values, more = asked.values, asked.of_judgments
        told = command_line.told(file, options["format"], JUDGMENT_FORMATS, "judgments")
        if told.format is None:
            return self._read(
                file,
                lambda source, on_read: read_judgments(source, values, on_read=on_read, **more),
                told.why_none,
            )
        form = told.format
        return self._understood(
            file,
            lambda: judgments_of(
                OthersTable(form, told.looked, options["value_from"]), values, **more
            ),
        )

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


def _refuse_trials(file: Path) -> None:
    """Raise CommandError for a file of another program that holds trials."""
    try:
        trials = recognised(look_at(file), TRIAL_FORMATS).format
    except OSError:  # told where the file is read
        return
    if trials:
        raise CommandError(
            f"{file.name} holds trials, no judgments ({trials.name}): import_trials takes it, and "
            "--automated takes what its metrics said"
        )


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
