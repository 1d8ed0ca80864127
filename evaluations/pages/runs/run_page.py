"""What a run's page shows, gathered from a fixed number of queries."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from evaluations.models import Cell, Endpoint, Run, Trial
from evaluations.pages import queries
from evaluations.pages.cells import CellFigures
from evaluations.pages.kinds import KindPages, pages_of
from evaluations.pages.queries import ScoreRow
from evaluations.running.answered_by import Changed, changed_models
from evaluations.running.run_progress import ErrorKind, errors_by_kind
from evaluations.scoring.answer_shares import AnswerShares, answer_shares, together
from evaluations.scoring.scorers import own_scorer

TRIALS_PER_PAGE = 50
OUTCOMES = {
    "scored": "scored",
    "unscorable": "unscorable",
    "failed": "failed",
    "planned": "not yet run",
    "running": "running",
    "cancelled": "cancelled",
    "unscored": "complete, not scored by this version",
}
"""Outcomes the table of trials can be filtered by, in words."""


@dataclass(frozen=True)
class TrialRow:
    """One line of the table of trials."""

    row: ScoreRow
    cell: Cell

    @property
    def outcome(self) -> str:
        return outcome_of(self.row)

    @property
    def outcome_words(self) -> str:
        return OUTCOMES.get(self.outcome, self.outcome)

    @property
    def reason(self) -> str:
        """Why there is no score, in as few words as a line of a table has room for."""
        return short_reason(self.row.reason) if self.row.reason else self.outcome_words

    @property
    def flags(self) -> list[str]:
        return [flag.replace("_", " ") for flag in self.row.flags]


def outcome_of(row: ScoreRow) -> str:
    """What became of a trial, in one word of OUTCOMES."""
    if row.state != Trial.State.COMPLETE:
        return row.state
    return row.outcome or "unscored"


def short_reason(reason: str) -> str:
    """The reason of an unscorable trial with runs of items drawn together.

    'items 2, 3, 4 and 6 are ambiguous; item 5 was refused' becomes
    'items 2 to 4 and 6 ambiguous; item 5 refused'.
    """
    listed = re.sub(r"\d+(?:, \d+)* and \d+", lambda found: _spans(found[0]), reason)
    return re.sub(r"(items? [\d, and to]+) (?:is|are|was|were) ", r"\1 ", listed)


def _spans(listed: str) -> str:
    spans: list[list[int]] = []
    for number in map(int, re.findall(r"\d+", listed)):
        if spans and number == spans[-1][-1] + 1:
            spans[-1].append(number)
        else:
            spans.append([number])
    words: list[str] = []
    for span in spans:
        words += [f"{span[0]} to {span[-1]}"] if len(span) > 2 else map(str, span)
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


@dataclass(frozen=True)
class RunHead:
    """What the head of the page says, alone: it is sent anew when a run ends under the eyes."""

    run: Run
    trials: int
    complete: int
    scorable: int
    simulated: int

    @property
    def can_resume(self) -> bool:
        """Whether there is something left that somebody could run."""
        states = (Run.State.DRAFT, Run.State.PAUSED, Run.State.COMPLETE)
        can_go_on = self.run.source == Run.Source.RUN and self.run.state in states
        return can_go_on and self.trials > self.complete

    @property
    def can_pause(self) -> bool:
        return self.run.state == Run.State.RUNNING


def run_head(run: Run) -> RunHead:
    """The head of a run's page; two queries."""
    found = run.trials.aggregate(
        trials=Count("pk"),
        complete=Count("pk", filter=Q(state=Trial.State.COMPLETE)),
        simulated=Count("pk", filter=Q(is_simulated=True)),
    )
    return RunHead(run, scorable=queries.scorable(run), **found)


@dataclass(frozen=True)
class RunPage:
    """The whole page."""

    run: Run
    cells: Sequence[tuple[CellFigures, AnswerShares]]
    answers: AnswerShares
    errors: Sequence[ErrorKind]
    changed: Sequence[Changed]
    notes: Sequence[str]
    outcomes: Mapping[str, int]
    trials: int
    simulated: int
    metric: str
    pieces: KindPages
    own: Mapping[str, Any]

    @property
    def has_several_endpoints(self) -> bool:
        """Whether a condition alone does not say which cell is meant."""
        return len({figures.cell.endpoint_id for figures, _ in self.cells}) > 1

    @property
    def is_replay(self) -> bool:
        """Whether recorded conversations answered, and nobody else."""
        kinds = {figures.cell.endpoint.kind for figures, _ in self.cells}
        return kinds == {Endpoint.Kind.REPLAY}

    @property
    def complete(self) -> int:
        return sum(self.outcomes.get(name, 0) for name in ("scored", "unscorable", "unscored"))

    @property
    def scorable(self) -> int:
        return self.outcomes.get("scored", 0)

    @property
    def unscorable(self) -> int:
        return self.outcomes.get("unscorable", 0)

    @property
    def failed(self) -> int:
        return self.outcomes.get("failed", 0)

    @property
    def unscored(self) -> int:
        return self.outcomes.get("unscored", 0)

    @property
    def head(self) -> RunHead:
        return RunHead(self.run, self.trials, self.complete, self.scorable, self.simulated)


def run_page(run: Run, query: Mapping[str, str]) -> tuple[RunPage, Page, Mapping[str, Any]]:
    """The page of a run, the page of its trials that *query* asks for, and the filter in use."""
    rows = queries.score_rows(run)
    cells = list(run.cells.select_related("endpoint", "frame", "prompt_pack").order_by("pk"))
    outcomes = Counter(outcome_of(row) for row in rows)
    pieces = pages_of(run)
    figures = pieces.figures_of(cells, rows)
    shares = answer_shares(run)
    page = RunPage(
        run=run,
        cells=[(row, shares.get(row.cell.pk, AnswerShares())) for row in figures],
        answers=together(shares.values()),
        errors=errors_by_kind(run),
        changed=changed_models(run),
        notes=list(dict.fromkeys(cell.endpoint.note for cell in cells if cell.endpoint.note)),
        outcomes=outcomes,
        trials=len(rows),
        simulated=sum(row.is_simulated for row in rows),
        metric=str(queries.metric_in_force(run) or own_scorer(run)),
        pieces=pieces,
        own=pieces.of_run(run, figures, rows),
    )
    chosen = _filter(query, cells, outcomes)
    return page, _trials(rows, cells, chosen, query.get("page", "1")), chosen


def _filter(
    query: Mapping[str, str], cells: Sequence[Cell], outcomes: Mapping[str, int]
) -> dict[str, Any]:
    """The filter a query asks for, with what can be chosen; unknown words choose nothing."""
    cell = query.get("cell", "")
    outcome = query.get("outcome", "")
    return {
        "cell": cell if cell in {str(cell.pk) for cell in cells} else "",
        "outcome": outcome if outcome in OUTCOMES else "",
        "cells": [(str(cell.pk), str(cell)) for cell in cells],
        "outcomes": [(name, words) for name, words in OUTCOMES.items() if outcomes.get(name)],
    }


def _trials(
    rows: Sequence[ScoreRow],
    cells: Sequence[Cell],
    chosen: Mapping[str, Any],
    number: str,
) -> Page:
    by_id = {cell.pk: cell for cell in cells}
    kept = [
        TrialRow(row, by_id[row.cell_id])
        for row in rows
        if chosen["cell"] in ("", str(row.cell_id)) and chosen["outcome"] in ("", outcome_of(row))
    ]
    return Paginator(kept, TRIALS_PER_PAGE).get_page(number)
