"""How far a run is, how fast it goes, in whose hands it is and what went wrong, from its rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q

from accounts import clock
from evaluations.models import Cell, Run, Trial

RECENT = timedelta(minutes=5)
"""The pace is that of the last five minutes in which trials ended."""

REASONS_SHOWN = 20
"""Of one kind of error; a server can word each failure another way."""


@dataclass
class CellProgress:
    """One cell's trials by state."""

    cell: Cell
    planned: int = 0
    running: int = 0
    complete: int = 0
    failed: int = 0
    cancelled: int = 0

    @property
    def total(self) -> int:
        return self.planned + self.running + self.ended

    @property
    def ended(self) -> int:
        return self.complete + self.failed + self.cancelled

    @property
    def percent(self) -> int:
        return 100 * self.ended // self.total if self.total else 0


def cell_progress(run: Run) -> list[CellProgress]:
    """The trials of every cell by state, in the order of the cells; two queries."""
    found = {
        cell.pk: CellProgress(cell)
        for cell in run.cells.select_related("endpoint", "frame", "prompt_pack")
    }
    counts = run.trials.order_by().values_list("cell_id", "state").annotate(trials=Count("pk"))
    for cell_id, state, trials in counts:
        setattr(found[cell_id], state, trials)
    return list(found.values())


@dataclass(frozen=True)
class Pace:
    """Trials a minute and the time left; what is unknown is None, and `reason` says why."""

    trials_per_minute: float | None = None
    seconds_left: float | None = None
    reason: str = ""


def pace(run: Run, now: datetime | None = None) -> Pace:
    """How fast the run goes now, and how long the rest takes at this pace."""
    now = now or clock.now()
    ended = run.trials.filter(state=Trial.State.COMPLETE, finished_at__gt=now - RECENT)
    found = ended.aggregate(number=Count("pk"), first=Min("started_at"), last=Max("finished_at"))
    if not found["number"] or found["first"] is None:
        return Pace(reason="no trial was completed in the last five minutes")
    since = max(found["first"], now - RECENT)
    until = now if run.state == Run.State.RUNNING else found["last"]
    seconds = max((until - since).total_seconds(), 0.001)
    rate = found["number"] / seconds
    left = run.trials.filter(state__in=[Trial.State.PLANNED, Trial.State.RUNNING]).count()
    if run.state != Run.State.RUNNING:
        return Pace(60 * rate, reason=f"the run is {run.state}")
    return Pace(60 * rate, left / rate)


@dataclass(frozen=True)
class Hands:
    """In whose hands the open trials of a run are: `held` by workers, `due` for whoever comes,
    `resting` before another attempt, of which the first is due in `seconds`."""

    held: int
    due: int
    resting: int
    seconds: float = 0.0

    @property
    def wait_for_worker(self) -> bool:
        return bool(self.due and not self.held)

    @property
    def rest(self) -> bool:
        return bool(self.resting and not self.held and not self.due)


def hands(run: Run, now: datetime | None = None) -> Hands:
    """Who has the open trials of a run; one query. A silent worker's trials are due."""
    now = now or clock.now()
    ahead = Q(lease_expires_at__gt=now)
    planned, running = Q(state=Trial.State.PLANNED), Q(state=Trial.State.RUNNING)
    found = run.trials.filter(planned | running).aggregate(
        held=Count("pk", filter=running & ahead),
        open=Count("pk", filter=running | Q(cell__stopped="")),
        resting=Count("pk", filter=planned & ahead & Q(cell__stopped="")),
        first=Min("lease_expires_at", filter=planned & ahead),
    )
    due = found["open"] - found["held"] - found["resting"]
    seconds = (found["first"] - now).total_seconds() if found["first"] else 0.0
    return Hands(found["held"], due, found["resting"], seconds)


@dataclass(frozen=True)
class Reason:
    """One reason in the words that were stored, the endpoint it arose at, and how many trials."""

    words: str
    endpoint: str
    trials: int


@dataclass(frozen=True)
class ErrorKind:
    """Failures of one kind among the trials that are not complete: every reason, most frequent
    first; those beyond `REASONS_SHOWN` are counted as `unnamed` reasons of `unnamed_trials`."""

    kind: str
    reasons: Sequence[Reason]
    unnamed: int = 0
    unnamed_trials: int = 0

    @property
    def trials(self) -> int:
        return sum(reason.trials for reason in self.reasons) + self.unnamed_trials


def errors_by_kind(run: Run) -> list[ErrorKind]:
    """The last errors of trials that are not complete, by kind, most frequent first."""
    found: dict[str, list[Reason]] = {}
    rows = (
        run.trials.exclude(last_error="")
        .exclude(state=Trial.State.COMPLETE)
        .order_by()
        .values_list("last_error", "cell__endpoint__name")
        .annotate(trials=Count("pk"))
    )
    for words, endpoint, trials in rows:
        found.setdefault(_kind(words), []).append(Reason(words, endpoint, trials))
    kinds = [_error_kind(kind, reasons) for kind, reasons in found.items()]
    return sorted(kinds, key=lambda error: (-error.trials, error.kind))


def _error_kind(kind: str, reasons: list[Reason]) -> ErrorKind:
    ordered = sorted(reasons, key=lambda one: (-one.trials, one.endpoint, one.words))
    shown, others = ordered[:REASONS_SHOWN], ordered[REASONS_SHOWN:]
    return ErrorKind(kind, shown, len(others), sum(reason.trials for reason in others))


def _kind(reason: str) -> str:
    """The one word (or two) before the colon of a stored reason."""
    kind, colon, _ = reason.partition(": ")
    if reason.startswith("the worker "):
        return "worker"
    return kind if colon and len(kind) <= 40 else "other"
