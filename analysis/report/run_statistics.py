"""What repeated trials of a run say: how consistent a model is, and which models differ.

The figures of a run's own page need no statistics; these do, so they live above ``evaluations`` and
the page loads them as a part of itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.kinds import kind_of
from analysis.sections.computing import entry
from analysis.sections.kind import Kind
from analysis.statistics.core.ratings import Ratings
from analysis.statistics.core.result import SHARE, Result, Undefined
from analysis.statistics.numbers.contrasts import Contrasts, paired_contrasts
from analysis.statistics.numbers.reliability import within_cell
from analysis.words.sheet import P_VALUE, Figure, Sheet
from analysis.words.sheet import Cell as Entry
from analysis.words.units import Unit
from analysis.words.wording import count, listed, sentence
from evaluations.models import Cell, Endpoint, Run
from evaluations.pages.cells import CellFigures, cell_figures
from evaluations.pages.queries import ScoreRow, score_rows

MOST_GROUPS = 20
"""Models that are contrasted with each other: twenty make 190 tests."""

FACETS = {
    "model": "model",
    "family": "family",
    "parameter_count": "number of parameters",
    "tuning_method": "tuning method",
    "reasoning_mode": "reasoning mode",
    "release": "release",
}
"""What of an endpoint can be contrasted, and its words."""


@dataclass(frozen=True)
class Repeats:
    """How far repeated trials of some cells scatter, in the unit of their scores; each statistic or
    its reason.

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
    """The tables, and what to mind when reading them; ``value``: what the number of a trial is
    called."""

    value: str
    by_model: Sheet
    by_cell: Sheet
    contrasts: Sheet | None
    why_no_contrasts: str
    by: str
    facets: Sequence[tuple[str, str]]
    warnings: Sequence[str]
    scorable: int


def run_statistics(run: Run, by: str = "model") -> RunStatistics:
    """Internal consistency by model and by cell, contrasts by one of FACETS, of scorable trials."""
    cells = list(
        run.cells.select_related("endpoint", "frame", "prompt_pack").order_by(
            "endpoint__name", "pk"
        )
    )
    rows = score_rows(run)
    figures = cell_figures(cells, rows, CellFigures)
    numbers, kind = _numbers(rows), kind_of({"instrument": run.instrument.kind})
    models = model_names([cell.endpoint for cell in cells])
    by_model = [
        _repeats(name, [numbers.get(cell.pk, []) for cell in cells if cell.endpoint_id == pk])
        for pk, name in models.items()
    ]
    if len(by_model) > 1:
        by_model.append(_repeats("All models", [numbers.get(cell.pk, []) for cell in cells]))
    by_cell = [_repeats(cell.words, [numbers.get(cell.pk, [])]) for cell in cells]
    named = [models[cell.endpoint_id] for cell in cells]
    groups = {facet: _groups(cells, facet) for facet in FACETS} | {"model": models}
    by = by if by in FACETS else "model"
    made, why_not = contrasts(figures, groups[by], kind.fit)
    return RunStatistics(
        value=kind.unit.value,
        by_model=_by_model(by_model, kind),
        by_cell=_by_cell(named, by_cell, kind.unit),
        contrasts=_contrasts(made, kind.fit, FACETS[by], groups[by]) if made else None,
        why_no_contrasts=why_not,
        by=by,
        facets=[(key, FACETS[key]) for key, names in groups.items() if len({*names.values()}) > 1],
        warnings=[*_frozen(run), *_warnings(by_model)],
        scorable=sum(map(len, numbers.values())),
    )


def _numbers(rows: Sequence[ScoreRow]) -> dict[int, list[float]]:
    """The numbers of the scorable trials by cell."""
    found: dict[int, list[float]] = {}
    for row in rows:
        if row.number is not None:
            found.setdefault(row.cell_id, []).append(row.number)
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


def _repeats(name: str, numbers: Sequence[Sequence[float]]) -> Repeats:
    """The statistics over *numbers*, one sequence a cell."""
    held = [cell for cell in numbers if cell]
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


def _groups(cells: Sequence[Cell], facet: str) -> dict[int, str]:
    """Endpoint -> what it says about a facet; endpoints that do not say are left out."""
    said = {cell.endpoint_id: str(getattr(cell.endpoint, facet)) for cell in cells}
    return {pk: word for pk, word in said.items() if word}


def contrasts(
    figures: Sequence[CellFigures], groups: Mapping[int, str], fit: str
) -> tuple[Contrasts | None, str]:
    """All pairs of groups of endpoints by how near trials came to their target, over blocks; *fit*:
    what that is called.

    A block is one target value under one condition; its value is the mean over the cells of the
    group. None, with the reason, unless two to MOST_GROUPS groups have any.
    """
    held: dict[tuple[str, str], list[float]] = {}
    for cell in figures:
        if cell.fit is not None and cell.cell.endpoint_id in groups:
            block = (cell.cell.words, groups[cell.cell.endpoint_id])
            held.setdefault(block, []).append(cell.fit)
    blocks = sorted({condition for condition, _ in held})
    names = [name for name in dict.fromkeys(groups.values()) if any(name == n for _, n in held)]
    if len(names) < 2:
        return None, f"fewer than two have a {fit.lower() or 'number'} to compare"
    if len(names) > MOST_GROUPS:
        tests = len(names) * (len(names) - 1) // 2
        return None, f"{len(names)} would make {tests} tests: plan runs of fewer models"
    values = np.full((len(blocks), len(names)), np.nan)
    for (condition, name), means in held.items():
        values[blocks.index(condition), names.index(name)] = np.mean(means)
    return paired_contrasts(values, names, within=SHARE), ""


def _by_model(rows: Sequence[Repeats], kind: Kind) -> Sheet:
    sign, people, remarks = _sign(kind.unit), [], []
    if known := kind.reference:
        first: list[Entry] = ["People, for reference", None, None, None]
        people = [[*first, Figure(known["value"]), None]]
        remarks = [f"For reference: {known['text']} ({known['source']}). {known['caution']}"]
    return Sheet(
        "consistency",
        "run",
        "Internal consistency of each model over its cells, with 95 % intervals",
        (
            *("Model", "Cells", "Scorable trials"),
            *(f"SD within cells = SEM, {sign}", "ICC(1,1)", f"MDC95, {sign}"),
        ),
        [
            *([*_counted(row), _cell("icc", row.icc), _cell("mdc", row.mdc)] for row in rows),
            *people,
        ],
        remarks=remarks,
    )


def _sign(unit: Unit) -> str:
    """What stands behind the comma of a heading."""
    return unit.sign.strip() or unit.name


def _by_cell(models: Sequence[str], rows: Sequence[Repeats], unit: Unit) -> Sheet:
    sign = _sign(unit)
    return Sheet(
        "consistency-cells",
        "run",
        "Scatter of each cell, with 95 % intervals",
        ("Model", "Condition", "Scorable trials", f"SD = SEM, {sign}", f"MDC95, {sign}"),
        [
            [model, row.name, row.trials, _cell("sd", row.sd), _cell("mdc", row.mdc)]
            for model, row in zip(models, rows, strict=True)
        ],
        remarks=["An ICC compares cells with each other, so that a single cell has none."],
        text_columns=2,
    )


def _counted(row: Repeats) -> list[Entry]:
    return [row.name, row.cells, row.trials, _cell("sd", row.sd)]


def _cell(key: str, result: Result) -> Any:
    return entry(key, key, result)


def _contrasts(made: Contrasts, fit: str, facet: str, groups: Mapping[int, str]) -> Sheet:
    sizes = Counter(groups.values())
    models = [f"{name} {count(size, 'model')}" for name, size in sizes.items() if size > 1]
    return Sheet(
        "contrasts",
        "run",
        f"{fit}: one {facet} minus another, with 95 % intervals",
        (facet.capitalize(), "Blocks", "Difference", "p", "p, Holm"),
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
            f"{count(made.tests, 'test was made', 'tests were made and share one correction')} "
            "(Holm 1979). A block is a target value under one condition; the intervals are for "
            "each pair alone.",
            *([f"Means over several models: {listed(models)}."] if models else []),
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
