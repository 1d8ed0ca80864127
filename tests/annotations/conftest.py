"""Trials and studies for the tests of this package, made through the models."""

import io
import itertools
from collections.abc import Sequence

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Project
from annotations.models import Item, Rater, Study
from annotations.svo.questions import ORIENTATION
from evaluations.definitions.catalogue import instrument
from evaluations.models import Answer, Cell, Endpoint, Run, Score, Trial, Turn
from tests.support.scores import add_score

SCORER = "svo-slider"


def make_run(project: Project, name: str = "first run", **fields: object) -> Run:
    return Run.objects.create(project=project, name=name, instrument=instrument(), **fields)


def make_cell(
    run: Run, model: str = "model-a", target: str = "prosocial", **fields: object
) -> Cell:
    endpoint, _ = Endpoint.objects.get_or_create(
        project=run.project, name=model, defaults={"kind": "imported", "model": model}
    )
    return Cell.objects.create(run=run, endpoint=endpoint, target=target, **fields)


def make_trial(
    cell: Cell,
    texts: Sequence[str] = ("A", "B", "C", "D", "E", "F"),
    shown_options: Sequence[int] = range(1, 10),
    score: str = "",
    **fields: object,
) -> Trial:
    """A complete trial: a question and an answer per text; scored as *score* where one is given."""
    number = Trial.objects.filter(cell=cell).count()
    fields.setdefault("state", Trial.State.COMPLETE)
    trial = Trial.objects.create(run=cell.run, cell=cell, number=number, **fields)
    for number, text in enumerate(texts, start=1):
        Turn.objects.create(
            trial=trial, position=2 * number, role="user", step="item", text="Which option?"
        )
        turn = Turn.objects.create(
            trial=trial, position=2 * number + 1, role="assistant", step="item", text=text
        )
        Answer.objects.create(trial=trial, turn=turn, item_number=number, shown=list(shown_options))
    if score:
        make_score(trial, score)
    return trial


def make_score(
    trial: Trial, orientation: str, version: str = "1", angle: float = 30.0, **fields: object
) -> Score:
    return add_score(trial, SCORER, version, label=orientation, number=angle, **fields)


_numbers = itertools.count(1)


def make_study(project: Project, trials: Sequence[Trial] = (), **fields: object) -> Study:
    """An open study of the trials: orientation asked, three places an item."""
    name = f"study {next(_numbers)}"
    values = {
        "name": name,
        "slug": name.replace(" ", "-"),
        "state": Study.State.OPEN,
        "question": ORIENTATION.prompt,
        "kind": "orientation",
        "categories": list(ORIENTATION.choices),
        "ways_out": list(ORIENTATION.ways_out) if "kind" not in fields else [],
        "metric_name": SCORER,
    } | fields
    study = Study.objects.create(project=project, **values)
    for position, trial in enumerate(trials, start=1):
        Item.objects.create(study=study, position=position, trial=trial, places=study.overlap)
    return study


def make_text_study(project: Project, texts: int, **fields: object) -> Study:
    """An open study of so many plain texts: the quickest thing to judge in a test."""
    study = make_study(project, **fields)
    Item.objects.bulk_create(
        Item(
            study=study,
            position=number,
            external_id=f"text-{number}",
            text=f"text {number}",
            places=study.overlap,
        )
        for number in range(1, texts + 1)
    )
    return study


def make_rater(study: Study, name: str = "") -> Rater:
    return Rater.objects.create(study=study, pseudonym=name or f"rater-{next(_numbers)}")


def judge_url(study: Study, rest: str = "") -> str:
    return f"/p/{study.project.slug}/studies/{study.slug}/judge/{rest}"


def send(client: Client, study: Study, *, htmx: bool = True, **fields: object):
    """Post a judgment as the page does."""
    values = {"revision": 0, "label": "prosocial"} | fields
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(judge_url(study), values, headers=headers)


@pytest.fixture
def cell(cast) -> Cell:
    return make_cell(make_run(cast.project))


YES_NO = ("--scale", "nominal", "--categories", "yes", "no")


@pytest.fixture
def load(cast, tmp_path):
    """Run import_judgments on the content of files; returns what it printed, problems included."""

    def load(content: str | bytes, *options: str, automated: str | None = None, name="from afar"):
        path = tmp_path / "judgments.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        arguments = [str(path), "--study", name, "--project", "lab", *(options or YES_NO)]
        if automated is not None:
            (tmp_path / "automated.csv").write_text(automated)
            arguments += ["--automated", str(tmp_path / "automated.csv")]
        out = io.StringIO()
        try:
            call_command("import_judgments", *arguments, stdout=out, stderr=out)
        except CommandError as error:
            raise CommandError(f"{out.getvalue()}{error}") from error
        return out.getvalue()

    return load


def refused(load, *arguments, **named) -> str:
    """What a refused import says; nothing may have been stored by it."""
    with pytest.raises(CommandError) as error:
        load(*arguments, **named)
    assert not Study.objects.exists()
    assert not Item.objects.exists()
    return str(error.value)
