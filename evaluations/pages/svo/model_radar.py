"""Value rationality of each model by target value, with and without goal, ready to be drawn."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evaluations.instruments.svo.figures.radar import AXES, Radar, radar
from evaluations.models import Endpoint
from evaluations.pages.cells import CellFigures

SERIES = {True: "with goal", False: "without goal"}


@dataclass(frozen=True)
class ModelRadar:
    """One model's figure; `table` holds (target value, one number or None for each series)."""

    endpoint: Endpoint
    radar: Radar
    series: Sequence[str]
    table: Sequence[tuple[str, Sequence[float | None]]]


def model_radars(figures: Iterable[CellFigures]) -> list[ModelRadar]:
    """One figure for each endpoint that has something scorable for two target values or more.

    Cells that differ in other conditions are drawn together: the mean over their scorable trials.
    """
    sums: dict[Endpoint, dict[tuple[str, str], list[float]]] = defaultdict(
        lambda: defaultdict(lambda: [0.0, 0])
    )
    for cell in figures:
        if cell.fit is None:
            continue
        key = (SERIES[cell.cell.with_goal], cell.cell.target)
        total = sums[cell.cell.endpoint][key]
        total[0] += cell.fit * cell.scorable
        total[1] += cell.scorable
    return [
        _figure(endpoint, {key: total / number for key, (total, number) in found.items()})
        for endpoint, found in sums.items()
        if len({target for _, target in found}) > 1
    ]


def _figure(endpoint: Endpoint, means: dict[tuple[str, str], float]) -> ModelRadar:
    present = [name for name in SERIES.values() if any(key[0] == name for key in means)]
    drawn = {
        name: {axis: means[name, axis] for axis in AXES if (name, axis) in means}
        for name in present
    }
    table = [(axis, [means.get((name, axis)) for name in present]) for axis in AXES]
    return ModelRadar(endpoint, radar(drawn), present, table)
