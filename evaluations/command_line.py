"""What the commands of this app share: the project, the progress bar, the list of problems."""

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, OutputWrapper
from tqdm import tqdm

from accounts.models import Project
from evaluations.definitions import DefinitionError
from evaluations.models import Instrument, PromptPack
from evaluations.packs import instrument, prompt_pack, store_file

SHOWN_PROBLEMS = 1000
"""Problems printed one by one; a file that is no trial file at all has as many as it has lines."""


def add_project(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--project", metavar="SLUG", help="the project; may be left out while there is only one"
    )


def project_named(slug: str | None, stdout: OutputWrapper) -> Project:
    """The project of the option --project: the only one by default, made when there is none."""
    if slug:
        project = Project.objects.filter(slug=slug).first()
        if project is None:
            known = ", ".join(Project.objects.values_list("slug", flat=True)) or "none"
            raise CommandError(f"there is no project {slug!r}; there are: {known}")
        return project
    projects = list(Project.objects.all()[:2])
    if len(projects) > 1:
        known = ", ".join(Project.objects.values_list("slug", flat=True))
        raise CommandError(f"there are several projects: name one with --project ({known})")
    if projects:
        return projects[0]
    stdout.write("There was no project: made the project 'default'.")
    return Project.objects.create(slug="default", name="Default project")


def progress_bar(total: int | None, unit: str, **options: Any) -> tqdm:
    """A bar on a terminal, nothing where the output is read by a program."""
    return tqdm(total=total, unit=unit, disable=None, leave=False, **options)


def instrument_named(name: str) -> Instrument:
    """The instrument of a key, of key@version, or of a JSON file of the user's own."""
    try:
        return store_file(Instrument, Path(name)) if name.endswith(".json") else instrument(name)
    except DefinitionError as error:
        raise CommandError(str(error)) from None


def prompt_pack_named(name: str) -> PromptPack:
    """The prompt pack of a key, of key@version, or of a JSON file of the user's own."""
    try:
        return store_file(PromptPack, Path(name)) if name.endswith(".json") else prompt_pack(name)
    except DefinitionError as error:
        raise CommandError(str(error)) from None


def show_problems(stderr: OutputWrapper, problems: Iterable[str]) -> int:
    """Print one line for each problem; return how many there are."""
    number = 0
    for number, problem in enumerate(problems, start=1):
        if number <= SHOWN_PROBLEMS:
            stderr.write(problem)
    if number > SHOWN_PROBLEMS:
        stderr.write(f"... and {number - SHOWN_PROBLEMS} more")
    return number
