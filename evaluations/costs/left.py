"""What is left of a run will take, learned from its first complete trials; with an interval."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, variance

from django.db.models import Count

from evaluations.models import Endpoint, Run, Trial, Turn
from evaluations.running.spending import price, total_price

LEAST = 3
"""Complete trials of a cell from which it is learned what its others take."""

SAMPLED = 20
"""Of each cell, the last complete ones: a page cannot sum every turn of a large run."""

LEVEL = 0.95


@dataclass(frozen=True)
class Range:
    """An expectation with the 95 % interval in which the sum itself is expected to lie."""

    expected: float
    low: float
    high: float


@dataclass(frozen=True)
class Left:
    """What the open trials will take, each counted whole. `unlearned` are trials of cells with
    too few complete ones, which nothing here counts. `cost` is None where it cannot be known."""

    trials: int
    learned_from: int
    unlearned: int
    tokens: Range | None
    cost: Range | None
    currency: str


@dataclass(frozen=True)
class _Cell:
    """One cell: how many trials are open, and of each sampled one its tokens and its price."""

    open: int
    tokens: Sequence[float]
    prices: Sequence[float]


def left_of(run: Run) -> Left:
    """What is left of a run, from up to `SAMPLED` trials of each cell; four queries."""
    cells, endpoints = _cells(run)
    known = [cell for cell in cells if len(cell.tokens) >= LEAST]
    _, currency, reason = total_price(endpoints, [price(one, 0, 0) for one in endpoints])
    return Left(
        trials=sum(cell.open for cell in cells),
        learned_from=sum(len(cell.tokens) for cell in known),
        unlearned=sum(cell.open for cell in cells if len(cell.tokens) < LEAST),
        tokens=_range([(cell.open, cell.tokens) for cell in known]),
        cost=None if reason else _range([(cell.open, cell.prices) for cell in known]),
        currency=currency,
    )


def _range(cells: Sequence[tuple[int, Sequence[float]]]) -> Range | None:
    """The sum over cells of so many trials each that are like those sampled. Its variance is that
    of the trials to come and of the mean they are predicted by; degrees of freedom by Welch and
    Satterthwaite."""
    if not cells:
        return None
    expected = sum(number * fmean(sampled) for number, sampled in cells)
    parts = [
        (variance(sampled) * (number + number**2 / len(sampled)), len(sampled) - 1)
        for number, sampled in cells
    ]
    whole = sum(part for part, _ in parts)
    if not whole:
        return Range(expected, expected, expected)
    from scipy.stats import t as students_t  # heavy: only a page that needs it waits for it

    freedom = whole**2 / sum(part**2 / df for part, df in parts)
    half = float(students_t.ppf((1 + LEVEL) / 2, freedom)) * math.sqrt(whole)
    return Range(expected, max(0.0, expected - half), expected + half)


def _cells(run: Run) -> tuple[list[_Cell], list[Endpoint]]:
    open_states = [Trial.State.PLANNED, Trial.State.RUNNING]
    rows = run.trials.filter(state__in=open_states, cell__stopped="").order_by()
    still = dict(rows.values_list("cell").annotate(trials=Count("pk")))
    done: dict[int, list[int]] = defaultdict(list)
    complete = run.trials.filter(state=Trial.State.COMPLETE, cell__in=still).order_by("-pk")
    for key, trial in complete.values_list("cell", "pk"):
        if len(done[key]) < SAMPLED:
            done[key].append(trial)
    used = _used([trial for trials in done.values() for trial in trials])
    cells = run.cells.filter(pk__in=still).select_related("endpoint")
    found = []
    for cell in cells:
        sampled = [used[trial] for trial in done[cell.pk] if trial in used]
        prices = [float(price(cell.endpoint, *tokens) or 0) for tokens in sampled]
        found.append(_Cell(still[cell.pk], [float(sum(tokens)) for tokens in sampled], prices))
    return found, list({cell.endpoint_id: cell.endpoint for cell in cells}.values())


def _used(trials: Sequence[int]) -> Mapping[int, tuple[int, int]]:
    """Tokens in and out of each trial whose calls were counted."""
    found: dict[int, tuple[int, int]] = {}
    answers = Turn.objects.filter(trial__in=trials, role=Turn.Role.ASSISTANT)
    for trial, call in answers.values_list("trial", "call").iterator():
        usage = call.get("usage") or {}
        given = usage.get("prompt_tokens")
        if given is None:
            continue
        said = max(usage.get("completion_tokens", 0), usage.get("total_tokens", 0) - given)
        before = found.get(trial, (0, 0))
        found[trial] = before[0] + given, before[1] + said
    return found
