"""A study of any size in a fresh database; needs Django.

Trials of eight models, each scored, and judgments of their orientation by people who agree with the
score in about three of four cases. Rows go in as columns: a million objects would take minutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import repeat
from typing import Any

import numpy as np
from django.core.management import call_command
from django.db import connection, models, transaction
from django.utils import timezone
from numpy.typing import NDArray

from accounts.models import Project
from annotations.models import Assignment, Item, Judgment, Rater, Study
from evaluations.models import Cell, Endpoint, Instrument, Run, Score, Trial
from evaluations.scoring.metrics import kept

ORIENTATIONS = ("altruistic", "prosocial", "individualistic", "competitive")
CHOICES = [*ORIENTATIONS, "unclear", "refusal"]
CENTRES = np.array([61.0, 37.0, 8.0, -16.0])
CUTS = np.array([57.15, 22.45, -12.04])
MODELS, SEED = 8, 1
IntArray = NDArray[np.int64]


def build(items: int, raters: int, per_item: int) -> dict[str, int]:
    """Make the tables and the study; every item gets ``per_item`` of the raters."""
    call_command("migrate", verbosity=0)
    rng = np.random.default_rng(SEED)
    with transaction.atomic():
        study, cells = _study(per_item)
        orientation = _items(study, cells, items, rng)
        _judgments(study, orientation, raters, rng)
    return {"study": study.pk, "judgments": items * per_item}


def _study(per_item: int) -> tuple[Study, list[Cell]]:
    project = Project.objects.create(slug="bench", name="Bench")
    instrument = Instrument.objects.create(key="svo", version="1", sha256="0" * 64, definition={})
    run = Run.objects.create(project=project, name="Bench", instrument=instrument)
    endpoints = Endpoint.objects.bulk_create(
        Endpoint(project=project, name=f"model-{at}", kind="openai", model=f"model-{at}")
        for at in range(MODELS)
    )
    cells = [
        Cell.objects.create(run=run, endpoint=endpoint, target=target, with_goal=goal)
        for endpoint in endpoints
        for target in ORIENTATIONS
        for goal in (True, False)
    ]
    study = Study.objects.create(
        project=project,
        name="Bench",
        slug="bench",
        question="Which value orientation do these choices express?",
        categories=CHOICES,
        ways_out=CHOICES[4:],
        metric_name="svo-slider",
        overlap=per_item,
    )
    return study, cells


def _items(study: Study, cells: list[Cell], items: int, rng: np.random.Generator) -> IntArray:
    """Trials with their scores, drawn into the study; the orientation code of each."""
    ids, cell = np.arange(1, items + 1), np.arange(items) % len(cells)
    angle = CENTRES[cell // 2 % len(ORIENTATIONS)] + rng.normal(0, 15, items)
    angle = np.clip(angle, -16.2, 61.3)
    orientation = np.searchsorted(-CUTS, -angle)
    _insert(
        Trial,
        items,
        id=ids.tolist(),
        run_id=cells[0].run_id,
        cell_id=[cells[at].pk for at in cell.tolist()],
        number=(np.arange(items) // len(cells) + 1).tolist(),
        state="complete",
    )
    _insert(
        Score,
        items,
        trial_id=ids.tolist(),
        metric_id=kept("svo-slider", "1.0").pk,
        outcome="scored",
        label=[ORIENTATIONS[at] for at in orientation.tolist()],
        number=angle.tolist(),
    )
    _insert(
        Item,
        items,
        id=ids.tolist(),
        study_id=study.pk,
        position=ids.tolist(),
        trial_id=ids.tolist(),
        stratum=[f"stratum {at}" for at in cell.tolist()],
        places=study.overlap,
        taken=study.overlap,
    )
    return orientation.astype(np.int64)


def _judgments(study: Study, orientation: IntArray, raters: int, rng: np.random.Generator) -> None:
    per_item = study.overlap
    count = len(orientation) * per_item
    Rater.objects.bulk_create(Rater(study=study, pseudonym=f"rater {at}") for at in range(raters))
    first = Rater.objects.order_by("pk").values_list("pk", flat=True)[0]
    item, place = np.divmod(np.arange(count), per_item)
    # Steps of a changing size, so that raters share items with many others.
    rater = (item + place * (1 + item % (raters // per_item))) % raters
    said = np.where(
        rng.random(count) < 0.75, orientation[item], rng.integers(0, len(CHOICES), count)
    )
    ids, now = np.arange(1, count + 1).tolist(), timezone.now()
    shared: dict[str, Any] = {"item_id": (item + 1).tolist(), "rater_id": (rater + first).tolist()}
    _insert(
        Assignment,
        count,
        id=ids,
        state="judged",
        reserved_at=now,
        expires_at=now + timedelta(hours=1),
        closed_at=now,
        **shared,
    )
    _insert(
        Judgment,
        count,
        assignment_id=ids,
        label=[CHOICES[at] for at in said.tolist()],
        confidence=rng.integers(3, 6, count).tolist(),
        seconds=(20 + rng.random(count) * 30).tolist(),
        **shared,
    )


def _insert(model: type[models.Model], count: int, **columns: Any) -> None:
    """Insert *count* rows: a list is a column, anything else (or the default) the same in each."""
    names: list[str] = []
    values: list[Any] = []
    for field in model._meta.concrete_fields:
        given = columns.get(field.attname)
        if field.primary_key and given is None:
            continue
        if not isinstance(given, list):
            given = repeat(_constant(field, given), count)
        names.append(field.column or field.attname)
        values.append(given)
    _execute(model._meta.db_table, names, values)


def _constant(field: Any, given: Any) -> Any:
    if given is None:
        given = timezone.now() if getattr(field, "auto_now_add", False) else field.get_default()
    return field.get_db_prep_save(given, connection)


def _execute(table: str, names: Sequence[str], values: Sequence[Any]) -> None:
    quoted = ", ".join(f'"{name}"' for name in names)
    places = ", ".join(["%s"] * len(names))
    rows: Any = zip(*values, strict=True)
    with connection.cursor() as cursor:
        cursor.executemany(f'insert into "{table}" ({quoted}) values ({places})', rows)
