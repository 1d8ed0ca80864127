"""What the commands of this app share: the project, the progress bar, the list of problems."""

import argparse
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, Generic, TypeVar

from django.core.management.base import CommandError, OutputWrapper
from django.db import transaction
from django.db.models import QuerySet
from tqdm import tqdm

from accounts.access import ProjectArchived, refuse_archived
from accounts.audit import Change, record, snapshot
from accounts.models import Project
from evaluations.definitions.catalogue import (
    Row,
    frame,
    instrument,
    prompt_pack,
    rubric,
    store_file,
)
from evaluations.formats.definitions import DefinitionError
from evaluations.interchange.formats import AUTO, Format, nothing_in, recognised, why_not_as_named
from evaluations.interchange.looked_at import Looked, look_at
from evaluations.models import Endpoint, Frame, Instrument, PromptPack, Rubric, Run
from evaluations.respondents.asking_many import Inquiry
from evaluations.text.table_reader import Notes, RejectedFile

Form = TypeVar("Form", bound=Format)

SHOWN_PROBLEMS = 1000
"""Problems printed one by one; a file that is no trial file at all has as many as it has lines."""


def add_project(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--project", metavar="SLUG", help="the project; may be left out while there is only one"
    )


def project_named(slug: str | None, stdout: OutputWrapper, *, only_read: bool = False) -> Project:
    """The project of the option --project: the only one by default, made when there is none.

    Raises CommandError for none of that name, and for an archived one that is not *only_read*.
    """
    found = _project_named(slug, stdout)
    if not only_read:
        try:
            refuse_archived(found)
        except ProjectArchived as error:
            raise CommandError(str(error)) from None
    return found


def _project_named(slug: str | None, stdout: OutputWrapper) -> Project:
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
    with transaction.atomic():
        made = Project.objects.create(slug="default", name="Default project")
        record(made, None, "project created", made, Change(None, snapshot(made, ("slug", "name"))))
    return made


def add_runs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--run", action="append", help="a run; may be repeated (default: all)")


def runs_named(project: Project, names: Sequence[str] | None) -> QuerySet[Run]:
    """The runs of the option --run: all of the project by default."""
    runs = Run.objects.filter(project=project)
    if not names:
        return runs
    known = set(runs.values_list("name", flat=True))
    if unknown := [name for name in names if name not in known]:
        raise CommandError(f"the project {project.slug} has no run {unknown[0]!r}")
    return runs.filter(name__in=names)


def endpoint_named(project: Project, name: str) -> Endpoint:
    endpoint = project.endpoints.filter(name=name).first()
    if endpoint is None:
        known = ", ".join(project.endpoints.values_list("name", flat=True)) or "none"
        raise CommandError(f"the project has no endpoint {name!r}; it has: {known}")
    return endpoint


LIMITS = ("calls", "tokens", "money")


def add_limits(parser: argparse.ArgumentParser | argparse._ArgumentGroup) -> None:
    """The options of a budget."""
    for name, kind, words in (
        ("calls", int, "calls to send, failed and repeated ones too"),
        ("tokens", int, "tokens, in and out together"),
        ("money", Decimal, "in the currency of the endpoints' prices"),
    ):
        parser.add_argument(f"--most-{name}", type=kind, metavar="NUMBER", help=words)


def limits(options: Mapping[str, Any]) -> dict[str, Any]:
    """What the options of `add_limits` say. Raises CommandError for a limit below nothing."""
    found = {name: options[f"most_{name}"] for name in LIMITS}
    for name, most in found.items():
        if most is not None and not 0 <= most < 10**10:
            raise CommandError(f"--most-{name} must be from 0 to 9999999999, not {most}")
    return found


def add_asking(parser: argparse.ArgumentParser) -> None:
    """The options of a command that has a model say something about the trials of runs."""
    parser.add_argument("--endpoint", required=True, metavar="NAME")
    add_runs(parser)
    add_project(parser)


def asking(options: Mapping[str, Any], stdout: OutputWrapper) -> tuple[QuerySet[Run], Endpoint]:
    """What the options of `add_asking` name: the runs, and the endpoint of the same project."""
    project = project_named(options["project"], stdout)
    return runs_named(project, options["run"]), endpoint_named(project, options["endpoint"])


def progress_bar(total: int | None, unit: str, **options: Any) -> tqdm:
    """A bar on a terminal, nothing where the output is read by a program."""
    return tqdm(total=total, unit=unit, disable=None, leave=False, **options)


def instrument_named(name: str, project: Project) -> Instrument:
    """The instrument of a key, of key@version, or of a JSON file of the user's own."""
    return _defined(Instrument, instrument, name, project)


def packs_named(names: Sequence[str], project: Project) -> list[PromptPack]:
    """The prompt packs of keys, of key@version, or of JSON files of the user's own."""
    return [_defined(PromptPack, prompt_pack, name, project) for name in names]


def frames_named(names: Sequence[str] | None, project: Project) -> list[Frame]:
    """The frames of keys, of key@version, or of JSON files of the user's own; none of None."""
    return [_defined(Frame, frame, name, project) for name in names or ()]


def rubric_named(name: str, project: Project) -> Rubric:
    """The rubric of a key, of key@version, or of a JSON file of the user's own."""
    return _defined(Rubric, rubric, name, project)


def _defined(
    model: type[Row], find: Callable[[str, Project], Row], name: str, project: Project
) -> Row:
    try:
        if name.endswith(".json"):
            return store_file(model, Path(name), project)
        return find(name, project)
    except DefinitionError as error:
        raise CommandError(str(error)) from None


class FirstProblems:
    """Prints each problem when it is first heard of, a few at most; safe from any thread."""

    MOST = 5

    def __init__(self, stderr: OutputWrapper) -> None:
        self._stderr = stderr
        self._heard: set[str] = set()

    def hear(self, problem: str) -> None:
        if problem in self._heard or len(self._heard) == self.MOST:
            return
        self._heard.add(problem)
        tqdm.write(problem, file=self._stderr)


def show_problems(stderr: OutputWrapper, problems: Iterable[str]) -> int:
    """Print one line for each problem; return how many there are."""
    number = 0
    for number, problem in enumerate(problems, start=1):
        if number <= SHOWN_PROBLEMS:
            stderr.write(problem)
    if number > SHOWN_PROBLEMS:
        stderr.write(f"... and {number - SHOWN_PROBLEMS} more")
    return number


def show_notes(stream: OutputWrapper, file: Path, notes: Notes) -> None:
    """Print what of a file was trimmed or converted; call it before anything is stored."""
    for note in notes:
        stream.write(f"{file.name}: {note}")


def show_rejected(stderr: OutputWrapper, file: Path, rejected: RejectedFile) -> None:
    """Print the problems of a file, and how many more there are."""
    for problem in rejected.problems:
        stderr.write(f"{file.name}: {problem}")
    if more := rejected.total - len(rejected.problems):
        stderr.write(f"{file.name}: ... and {more} more")


@contextmanager
def opened(file: Path) -> Iterator[tuple[IO[bytes], tqdm]]:
    """A file opened for the reader of tables, with a bar over its bytes; CommandError where it
    cannot be opened."""
    try:
        stream = file.open("rb")
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}") from error
    with stream, progress_bar(file.stat().st_size, "B", unit_scale=True) as bar:
        yield stream, bar


@dataclass(frozen=True)
class Told(Generic[Form]):
    """What a file is: a format of another program, or (None) one of our own; and, where that was
    asked, why it is none of the others."""

    looked: Looked
    format: Form | None
    why_none: str = ""


def told(file: Path, key: str, formats: Sequence[Form], what: str) -> Told[Form]:
    """The format of that key, or for ``auto`` the one the content tells. Raises CommandError where
    the file is none: what is no text can be none of our own."""
    try:
        looked = look_at(file)
    except FileNotFoundError:
        raise CommandError(f"there is no file {file}") from None
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}") from None
    if key != AUTO:
        form = next((one for one in formats if one.key == key), None)
        if form and (why := why_not_as_named(form, looked, formats)):
            raise CommandError(f"{file.name}: {why}")
        return Told(looked, form)
    found = recognised(looked, formats)
    if found.format is None and not looked.is_text:
        raise CommandError(f"{file.name} is {nothing_in(looked, what, found.why_none)}")
    return Told(looked, found.format, "" if looked.damage else found.why_none)


def show_inquiry(stdout: OutputWrapper, stderr: OutputWrapper, inquiry: Inquiry) -> None:
    """Print what a model was found to say; CommandError where something got no answer."""
    counts = ", ".join(f"{number} {word}" for word, number in inquiry.kept.most_common())
    stdout.write(f"{inquiry.kept.total()} answers kept{f': {counts}' if counts else ''}.")
    show_problems(stderr, (f"{number} x {why}" for why, number in inquiry.problems.most_common()))
    if inquiry.stopped:
        raise CommandError(f"stopped: {inquiry.stopped}; the same command goes on with the rest")
    if failed := inquiry.problems.total():
        raise CommandError(f"{failed} questions got no answer; the same command asks them again")
