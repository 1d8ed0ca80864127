"""Studies made from rows, for the tests of the analysis."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from django.utils import timezone

from accounts.models import Project
from annotations.models import (
    Assignment,
    AutomatedLabel,
    Item,
    Judgment,
    Rater,
    Study,
)
from evaluations.models import Cell, Endpoint, Instrument, Run, Score, Trial
from tests.support.scores import add_score

ORIENTATIONS = ["altruistic", "prosocial", "individualistic", "competitive"]
CHOICES = [*ORIENTATIONS, "unclear", "refusal"]

Row = tuple[str, str, str]
"""item, rater, value"""


def imported_study(
    project: Project,
    rows: Iterable[Row],
    *,
    scale: str = "nominal",
    categories: Sequence[str] = (),
    ways_out: Sequence[str] = (),
    automated: Mapping[str, Mapping[str, str]] | None = None,
    name: str = "Imported",
    kind: str = Rater.Kind.IMPORTED,
    overlap: int = 2,
    asks: str = "declared",
    tolerance: float | None = None,
) -> Study:
    """A study of imported judgments; *automated* maps scorer to item to value. *asks*: its kind."""
    study = Study.objects.create(
        project=project,
        name=name,
        slug=name.lower().replace(" ", "-"),
        source=Study.Source.IMPORT,
        question="Which stance does the text take?",
        kind=asks,
        scale=scale,
        categories=list(categories),
        ways_out=list(ways_out),
        tolerance=tolerance,
        overlap=overlap,
    )
    rows = list(rows)
    labels = automated or {}
    named = dict.fromkeys(
        [row[0] for row in rows] + [key for said in labels.values() for key in said]
    )
    items = _items(study, list(named), len({row[1] for row in rows}) or 1)
    add_judgments(study, items, rows, kind)
    numeric = scale == "interval"
    AutomatedLabel.objects.bulk_create(
        AutomatedLabel(
            item=items[key], scorer=scorer, label=value, number=float(value) if numeric else None
        )
        for scorer, said in labels.items()
        for key, value in said.items()
    )
    return study


def _items(study: Study, keys: list[str], places: int) -> dict[str, Item]:
    made = Item.objects.bulk_create(
        Item(study=study, position=at, external_id=key, text=key, places=places)
        for at, key in enumerate(keys, start=1)
    )
    return {item.external_id: item for item in made}


def add_judgments(
    study: Study, items: Mapping[str, Item], rows: Iterable[Row], kind: str = Rater.Kind.IMPORTED
) -> None:
    """Judgments of (item key, rater, value), by raters that are made when they are new."""
    rows, now = list(rows), timezone.now()
    raters = {rater.pseudonym: rater for rater in Rater.objects.filter(study=study)}
    for pseudonym in dict.fromkeys(row[1] for row in rows):
        if pseudonym not in raters:
            raters[pseudonym] = Rater.objects.create(study=study, pseudonym=pseudonym, kind=kind)
    places = Assignment.objects.bulk_create(
        (
            Assignment(
                item=items[item],
                rater=raters[rater],
                state=Assignment.State.JUDGED,
                reserved_at=now,
                expires_at=now + timedelta(hours=1),
                closed_at=now,
            )
            for item, rater, _ in rows
        ),
        batch_size=5000,
    )
    numeric = study.scale == Study.Scale.INTERVAL
    Judgment.objects.bulk_create(
        (
            Judgment(
                assignment=place,
                item=place.item,
                rater=place.rater,
                label=value,
                number=float(value) if numeric else None,
            )
            for place, (_, _, value) in zip(places, rows, strict=True)
        ),
        batch_size=5000,
    )


def trial_study(
    project: Project,
    angles: Mapping[tuple[str, str], Sequence[float | None]],
    *,
    name: str = "Trials",
    simulated: bool = False,
    scorer: str = "svo-slider",
    version: str = "1.0",
) -> Study:
    """A study over trials: (model, target value) to the angles of its trials, None = unscorable.

    Every trial is an item, nothing is judged yet.
    """
    instrument, _ = Instrument.objects.get_or_create(
        key="svo", version="1", sha256="0" * 64, defaults={"definition": {}}
    )
    run = Run.objects.create(project=project, name=f"Run of {name}", instrument=instrument)
    study = Study.objects.create(
        project=project,
        name=name,
        slug=name.lower(),
        question="Which value orientation do these choices express?",
        categories=CHOICES,
        ways_out=CHOICES[4:],
        metric_name=scorer,
    )
    for (model, target), values in angles.items():
        cell = Cell.objects.create(
            run=run, endpoint=_endpoint(project, model, simulated), target=target
        )
        for number, angle in enumerate(values, start=1):
            trial = Trial.objects.create(
                run=run, cell=cell, number=number, state="complete", is_simulated=simulated
            )
            score_trial(trial, angle, scorer, version)
            Item.objects.create(
                study=study, position=study.items.count() + 1, trial=trial, places=9
            )
    return study


def _endpoint(project: Project, model: str, simulated: bool) -> Endpoint:
    kind = Endpoint.Kind.SIMULATED if simulated else Endpoint.Kind.OPENAI
    endpoint, _ = Endpoint.objects.get_or_create(
        project=project, name=model, defaults={"kind": kind, "model": model}
    )
    return endpoint


def score_trial(trial: Trial, angle: float | None, scorer: str, version: str) -> Score:
    if angle is None:
        reason = "2 of 6 items have no choice"
        return add_score(trial, scorer, version, outcome="unscorable", reason=reason)
    return add_score(trial, scorer, version, label=orientation_of(angle), number=angle)


def orientation_of(angle: float) -> str:
    for cut, name in ((57.15, "altruistic"), (22.45, "prosocial"), (-12.04, "individualistic")):
        if angle > cut:
            return name
    return "competitive"


def judge_trials(study: Study, said: Mapping[str, Sequence[str]], kind: str = "person") -> None:
    """*said* maps a rater to its labels of the items in order; '' is no judgment."""
    items = {str(item.position): item for item in study.items.order_by("position")}
    rows = [
        (str(at), rater, label)
        for rater, labels in said.items()
        for at, label in enumerate(labels, start=1)
        if label
    ]
    add_judgments(study, items, rows, kind)
