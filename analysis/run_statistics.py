"""What repeated trials of a run say: how consistent a model is, and which models differ.

The figures of a run's own page need no statistics; these do, so they live above ``evaluations`` and
the page loads them as a part of itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from analysis.render.sheet import P_VALUE, Cell, Figure, Sheet, Written
from analysis.sections.common import entry
from analysis.sections.trials import REFERENCE
from analysis.statistics.contrasts import Contrasts, paired_contrasts
from analysis.statistics.ratings import Ratings
from analysis.statistics.reliability import within_cell
from analysis.statistics.result import Result, Undefined
from analysis.wording import count, listed, sentence
from evaluations.models import Endpoint, Run
from evaluations.queries import CellFigures, ScoreRow, cell_figures, score_rows

MOST_MODELS = 20
"""Models that are contrasted with each other: twenty make 190 tests."""


@dataclass(frozen=True)
class Repeats:
    """How far repeated trials of some cells scatter, in degrees; each statistic or its reason.

    A trial number carries no meaning, so the model is one-way and the SD within cells is the
    standard error of measurement (SEM) of one trial.
    """

    name: str
    cells: int
    trials: int
    sd: Result
    icc: Result
    mdc: Result


@dataclass(frozen=True)
class RunStatistics:
    """The tables as they are written, and what to mind when reading them."""

    by_model: Written
    by_cell: Written
    contrasts: Written | None
    why_no_contrasts: str
    warnings: Sequence[str]
    scorable: int


def run_statistics(run: Run) -> RunStatistics:
    """Internal consistency by model and by cell, contrasts of models, over the scorable trials."""
    cells = list(run.cells.select_related("endpoint").order_by("endpoint__name", "pk"))
    rows = score_rows(run)
    figures = cell_figures(cells, rows)
    angles = _angles(rows)
    models = model_names([cell.endpoint for cell in cells])
    by_model = [
        _repeats(name, [angles.get(cell.pk, []) for cell in cells if cell.endpoint_id == pk])
        for pk, name in models.items()
    ]
    if len(by_model) > 1:
        by_model.append(_repeats("All models", [angles.get(cell.pk, []) for cell in cells]))
    by_cell = [_repeats(cell.condition, [angles.get(cell.pk, [])]) for cell in cells]
    named = [models[cell.endpoint_id] for cell in cells]
    made, why_not = model_contrasts(figures, models)
    return RunStatistics(
        by_model=_by_model(by_model).written(),
        by_cell=_by_cell(named, by_cell).written(),
        contrasts=_contrasts(made).written() if made else None,
        why_no_contrasts=why_not,
        warnings=[*_frozen(run), *_warnings(by_model)],
        scorable=sum(map(len, angles.values())),
    )


def _angles(rows: Sequence[ScoreRow]) -> dict[int, list[float]]:
    """The angles of the scorable trials by cell."""
    found: dict[int, list[float]] = {}
    for row in rows:
        if row.angle is not None:
            found.setdefault(row.cell_id, []).append(row.angle)
    return found


def model_names(endpoints: Sequence[Endpoint]) -> dict[int, str]:
    """Endpoint -> the name of its model, with the endpoint's own where two have the same model,
    and with a label where no model answers."""
    distinct = {endpoint.pk: endpoint for endpoint in endpoints}
    models = [endpoint.model for endpoint in distinct.values()]
    return {
        pk: (e.model if models.count(e.model) == 1 else f"{e.model} at {e.name}")
        + (" (simulated)" if e.is_simulated else "")
        for pk, e in distinct.items()
    }


def _repeats(name: str, angles: Sequence[Sequence[float]]) -> Repeats:
    """The statistics over *angles*, one sequence a cell."""
    held = [cell for cell in angles if cell]
    trials = sum(map(len, held))
    if not any(len(cell) > 1 for cell in held):
        reason = "no cell has two scorable trials: nothing is repeated"
        reason = reason if trials else "no trial is scorable"
        none = Undefined(reason, {"cells": len(held), "trials": trials})
        return Repeats(name, len(held), trials, none, none, none)
    ratings = Ratings.from_long(
        np.repeat(np.arange(len(held)), list(map(len, held))),
        np.concatenate([np.arange(len(cell)) for cell in held]),
        np.concatenate([np.asarray(cell, dtype=np.float64) for cell in held]),
    )
    within = within_cell(ratings)
    return Repeats(name, len(held), trials, within.sd, within.icc, within.mdc)


def model_contrasts(
    figures: Sequence[CellFigures], models: dict[int, str]
) -> tuple[Contrasts | None, str]:
    """All pairs of models by value rationality, paired over target value and condition.

    A block is one target value under one condition; its value is the mean of the cell. None, with
    the reason, unless two to MOST_MODELS models have any.
    """
    known = [cell for cell in figures if cell.value_rationality is not None]
    present = [pk for pk in models if any(cell.cell.endpoint_id == pk for cell in known)]
    if len(present) < 2:
        return None, "fewer than two models have a value rationality to compare"
    if len(present) > MOST_MODELS:
        tests = len(present) * (len(present) - 1) // 2
        return None, f"{len(present)} models would make {tests} tests: plan runs of fewer models"
    blocks = sorted({cell.cell.condition for cell in known})
    values = np.full((len(blocks), len(present)), np.nan)
    for cell in known:
        values[blocks.index(cell.cell.condition), present.index(cell.cell.endpoint_id)] = (
            cell.value_rationality
        )
    return paired_contrasts(values, [models[pk] for pk in present]), ""


def _by_model(rows: Sequence[Repeats]) -> Sheet:
    people: list[Cell] = ["People, for reference", None, None, None]
    people += [Figure(cast(float, REFERENCE["value"])), None]
    return Sheet(
        "consistency",
        "run",
        "Internal consistency of each model over its cells, with 95 % intervals",
        ("Model", "Cells", "Scorable trials", "SD within cells = SEM, °", "ICC(1,1)", "MDC95, °"),
        [*([*_counted(row), _cell("icc", row.icc), _cell("mdc", row.mdc)] for row in rows), people],
        remarks=[
            f"For reference: {REFERENCE['text']} ({REFERENCE['source']}). {REFERENCE['caution']}"
        ],
    )


def _by_cell(models: Sequence[str], rows: Sequence[Repeats]) -> Sheet:
    return Sheet(
        "consistency-cells",
        "run",
        "Scatter of each cell, with 95 % intervals",
        ("Model", "Condition", "Scorable trials", "SD = SEM, °", "MDC95, °"),
        [
            [model, row.name, row.trials, _cell("sd", row.sd), _cell("mdc", row.mdc)]
            for model, row in zip(models, rows, strict=True)
        ],
        remarks=["An ICC compares cells with each other, so that a single cell has none."],
        text_columns=2,
    )


def _counted(row: Repeats) -> list[Cell]:
    return [row.name, row.cells, row.trials, _cell("sd", row.sd)]


def _cell(key: str, result: Result) -> dict[str, Any]:
    return entry(key, key, result)


def _contrasts(made: Contrasts) -> Sheet:
    return Sheet(
        "contrasts",
        "run",
        "Value rationality: one model minus another, with 95 % intervals",
        ("Models", "Blocks", "Difference", "p", "p, Holm"),
        [
            [
                f"{row.first} minus {row.second}",
                row.difference.n["blocks"],
                _cell("difference", row.difference),
                Figure(row.p, P_VALUE),
                Figure(row.p_holm, P_VALUE),
            ]
            for row in made.rows
        ],
        remarks=[
            f"{count(made.tests, 'test was', 'tests were')} made and share one correction (Holm "
            "1979). A block is a target value under one condition; the intervals are for each "
            "pair alone."
        ],
    )


def _frozen(run: Run) -> list[str]:
    """A warning naming the models that answered at temperature 0, by the trials' own record."""
    frozen = run.trials.filter(parameters__temperature=0).order_by()
    names = sorted(set(frozen.values_list("cell__endpoint__model", flat=True)))
    if not names:
        return []
    return [
        f"{listed(names)} answered at temperature 0: trials repeat themselves, and their agreement "
        "is no evidence of a stable value."
    ]


def _warnings(rows: Sequence[Repeats]) -> list[str]:
    """What the statistics warn about, naming the models; each text once."""
    found: dict[str, list[str]] = {}
    for row in rows:
        for text in dict.fromkeys([*row.sd.warnings, *row.icc.warnings]):
            found.setdefault(text, []).append(row.name)
    return [f"{listed(names)}: {sentence(text)}" for text, names in found.items()]
