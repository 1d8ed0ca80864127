"""How far a run is, what it costs, what goes wrong: the part of its page that renews itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from evaluations.models import Endpoint, Run, Turn
from evaluations.running import budgets, run_progress, stopping
from evaluations.running.spending import ModelSpend, Spend, spent

QUARTER = 25
"""Percent between two announcements, so that a screen reader is not talked over all the time."""


@dataclass(frozen=True)
class LiveProgress:
    """Everything counted from trial rows. `news` is what is worth saying aloud, often nothing."""

    cells: Sequence[run_progress.CellProgress]
    pace: run_progress.Pace
    spend: Spend
    spend_by_model: Sequence[ModelSpend]
    errors: Sequence[run_progress.ErrorKind]
    hands: run_progress.Hands
    stopped: Sequence[tuple[Endpoint, str, int]]
    budgets: Sequence[budgets.State]
    known: int
    """Answers that were taken from where they are, and not asked for."""
    is_live: bool
    news: str
    said: int

    @property
    def total(self) -> int:
        return sum(cell.total for cell in self.cells)

    @property
    def ended(self) -> int:
        return sum(cell.ended for cell in self.cells)

    @property
    def cancelled(self) -> int:
        return sum(cell.cancelled for cell in self.cells)

    @property
    def percent(self) -> int:
        return 100 * self.ended // self.total if self.total else 0


def live_progress(run: Run, said: int = 0) -> LiveProgress:
    """Count a run; *said* is the percentage that was announced last."""
    cells = run_progress.cell_progress(run)
    total, ended = sum(cell.total for cell in cells), sum(cell.ended for cell in cells)
    percent = 100 * ended // total if total else 0
    is_live = run.state == Run.State.RUNNING
    news = ""
    if not is_live:
        news = f"The run is {run.get_state_display()}."
    elif percent >= said + QUARTER:
        said = percent - percent % QUARTER
        news = f"{ended:,} of {total:,} trials have ended."
    whole, by_model = spent(run)
    return LiveProgress(
        cells=cells,
        pace=run_progress.pace(run),
        spend=whole,
        spend_by_model=by_model,
        errors=run_progress.errors_by_kind(run),
        hands=run_progress.hands(run),
        stopped=stopping.stopped(run),
        budgets=budgets.states(run),
        known=Turn.objects.filter(trial__run=run, from_store=True).count(),
        is_live=is_live,
        news=news,
        said=said,
    )
