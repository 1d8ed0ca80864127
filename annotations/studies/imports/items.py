"""Texts to judge and items with a known answer, from files that came in: for a new study, and for
one that is there."""

from collections.abc import Callable
from typing import TypeVar

from django.urls import reverse

from annotations.files.item_files import (
    ControlRow,
    TextRow,
    kinds_in_words,
    read_controls,
    read_texts,
)
from annotations.files.properties import checked_names
from annotations.models import Study
from annotations.questions.controls import checked_expectation
from annotations.questions.of_study import primary_question
from annotations.studies.control_items import ControlsRefused, add_controls, check_controls
from annotations.studies.imports.found import Store, Taking, counted, left_out, refused
from annotations.studies.imports.rejected import read_rows
from annotations.studies.studies import create_study, planned_study
from evaluations.interchange.formats import nothing_in
from evaluations.text.table_reader import Notes, Problems, RejectedFile

Row = TypeVar("Row")


def take_texts(taking: Taking) -> Store:
    """A study in draft of all texts of a table; what else it asks for is set on its own pages."""
    upload, options = taking.upload, taking.options
    properties = checked_names(options["properties"])
    _is_table(taking, "texts to judge", "a table of texts, a row for each")

    def read(problems: Problems) -> tuple[list[TextRow], Notes]:
        notes = Notes()
        with taking.looked.open() as stream:
            return read_texts(stream, notes, properties, problems), notes

    texts = _good_rows(taking, read)
    plan = {"texts": texts, "overlap": options["overlap"], "settings": options["settings"]}
    planned_study(upload.project, options["study"], **plan)
    taking.found.would = (
        f"A study {options['study']} in draft: {counted(len(texts), 'text')}, each judged by "
        f"{counted(options['overlap'], 'rater')}{left_out(taking)}"
    )

    def store() -> str:
        made = create_study(upload.project, options["study"], created_by=upload.owner, **plan)
        return made.get_absolute_url()

    return store


def take_controls(taking: Taking) -> Store:
    """Items with a known answer for a study that is there."""
    upload, options = taking.upload, taking.options
    study = Study.objects.filter(project=upload.project, pk=options["study"]).first()
    if study is None:
        raise refused("The study is not there any more")
    question = primary_question(study)
    _is_table(taking, "items with a known answer", "a table of control items, a row for each")

    def check(expected: str) -> None:
        checked_expectation(question, expected)

    def read(problems: Problems) -> tuple[list[ControlRow], Notes]:
        notes = Notes()
        with taking.looked.open() as stream:
            rows = read_controls(stream, check, notes, problems)
        try:
            check_controls(study, rows)
        except ControlsRefused as error:
            for problem in error.problems:
                problems.add(problem.line, problem.reason)
            problems.raise_if_any()
        return rows, notes

    rows = _good_rows(taking, read)
    taking.found.would = f"Into the study {study.name}: {kinds_in_words(rows)}{left_out(taking)}"

    def store() -> str:
        try:
            add_controls(study, upload.owner, rows)
        except ControlsRefused as error:
            raise RejectedFile(error.problems, len(error.problems)) from error
        return reverse("study_controls", args=[upload.project.slug, study.slug])

    return store


def _is_table(taking: Taking, what: str, form: str) -> None:
    """Note that the file is read as one; RejectedFile where it is no text."""
    if not taking.looked.is_text:
        raise refused(f"This is {nothing_in(taking.looked, what, 'they come in a table')}")
    taking.found.format = form


def _good_rows(taking: Taking, read: Callable[[Problems], tuple[list[Row], Notes]]) -> list[Row]:
    keep_good = taking.options["partial"]
    (rows, notes), problems = read_rows(read, taking.rejected, keep_good=keep_good)
    taking.found.refuse(problems, len(problems))
    taking.found.notes = list(notes)
    return rows
