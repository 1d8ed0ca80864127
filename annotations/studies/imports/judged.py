"""Judgments from a file that came in, with the automated labels beside it, as a closed study."""

from pathlib import Path

from annotations.files.automated_files import read_automated
from annotations.files.judgment_rows import AutomatedRow, JudgmentFile
from annotations.interchange.formats import LABEL_FORMATS
from annotations.interchange.tables import SCORER, OthersTable, labels_of
from annotations.studies.imports.asked import Asked
from annotations.studies.imports.found import Store, Taking, counted, left_out, refused
from annotations.studies.imports.reading import reader_of
from annotations.studies.imports.rejected import read_rows
from evaluations.interchange.formats import nothing_in, recognised
from evaluations.interchange.looked_at import look_at
from evaluations.text.table_reader import Notes, Problem, RejectedFile

READING = 0.4
"""Share of the work that reading is."""


def take_judgments(taking: Taking) -> Store:
    """A table of ours or a file of another program; all is read before anything is stored."""
    upload, found = taking.upload, taking.found
    options = taking.options
    keep_good = options.pop("partial", False)
    asked = Asked(**options)
    asked.check_in(upload.project)
    if not taking.only_looks:
        taking.progress.start = READING
    judgments = _judgments(taking, asked, keep_good=keep_good)
    found.notes += [str(note) for note in judgments.notes]
    judged = len(judgments.items)
    automated = _automated(taking, asked, judgments)
    ranges = asked.ranges(judgments, automated)
    labels = f", {counted(len(automated), 'automated label')}" if automated else ""
    found.would = (
        f"A closed study {asked.study}: {counted(len(judgments), 'judgment')} of "
        f"{counted(judged, 'item')} by {counted(len(judgments.raters), 'rater')}"
        f"{labels}{left_out(taking)}"
    )

    def store() -> str:
        told, total = taking.storing(), len(judgments)
        study = asked.store(
            upload.project,
            judgments,
            automated,
            ranges,
            created_by=upload.owner,
            on_stored=lambda count: told.stored(count, total),
        )
        return study.get_absolute_url()

    return store


def _judgments(taking: Taking, asked: Asked, *, keep_good: bool) -> JudgmentFile:
    reader = reader_of(taking.looked, asked)
    taking.found.format = reader.format
    judgments, left_out = read_rows(
        reader.read, taking.rejected, keep_good=keep_good, named=reader.named
    )
    taking.found.refuse(left_out, len(left_out))
    return judgments


def _automated(taking: Taking, asked: Asked, judgments: JudgmentFile) -> list[AutomatedRow]:
    """The labels of the file beside, all of them: a wrong one is for whoever made them to mend."""
    if taking.beside is None:
        return []
    notes = Notes()
    try:
        labels = _labels(taking.beside, asked, judgments, notes)
    except RejectedFile as error:
        words = [Problem(0, f"Automated labels: {problem}") for problem in error.problems]
        raise RejectedFile(words, error.total) from error
    taking.found.notes += [f"Automated labels: {note}" for note in notes]
    return labels


def _labels(path: Path, asked: Asked, judgments: JudgmentFile, notes: Notes) -> list[AutomatedRow]:
    looked = look_at(path)
    told = recognised(looked, LABEL_FORMATS)
    if told.format is None and not looked.is_text:
        raise refused(f"This is {nothing_in(looked, 'automated labels', told.why_none)}")
    if told.format:
        value_from = () if told.format.is_of_scores else tuple(asked.value_from)
        table = OthersTable(told.format, looked, value_from, SCORER)
        return labels_of(table, asked.values, judgments, notes, **asked.of_labels)
    with looked.open() as stream:
        return read_automated(stream, asked.values, judgments, notes=notes, **asked.of_labels)
