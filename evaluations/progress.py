"""How far a run is, how fast it goes, what it spent and what went wrong, from its rows alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, IntegerField, Max, Min, Q, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast
from django.utils import timezone

from evaluations.models import Cell, Endpoint, Run, Trial, Turn

MILLION = 1_000_000
RECENT = timedelta(minutes=5)
"""The pace is that of the last five minutes in which trials ended."""


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
    found = {cell.pk: CellProgress(cell) for cell in run.cells.select_related("endpoint")}
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
    now = now or timezone.now()
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
    now = now or timezone.now()
    ahead = Q(lease_expires_at__gt=now)
    planned, running = Q(state=Trial.State.PLANNED), Q(state=Trial.State.RUNNING)
    found = run.trials.filter(planned | running).aggregate(
        held=Count("pk", filter=running & ahead),
        open=Count("pk"),
        resting=Count("pk", filter=planned & ahead),
        first=Min("lease_expires_at", filter=planned & ahead),
    )
    due = found["open"] - found["held"] - found["resting"]
    seconds = (found["first"] - now).total_seconds() if found["first"] else 0.0
    return Hands(found["held"], due, found["resting"], seconds)


@dataclass(frozen=True)
class Spend:
    """What the endpoints counted; `cost` is None where it cannot be known, for a `reason`."""

    calls: int
    input_tokens: int
    output_tokens: int
    cost: Decimal | None = None
    currency: str = ""
    reason: str = ""


@dataclass
class _Used:
    """The usage at one endpoint."""

    endpoint: Endpoint
    calls: int
    counted: int
    input_tokens: int
    output_tokens: int

    def cost(self) -> Decimal | None:
        return price(self.endpoint, self.input_tokens, self.output_tokens)

    @property
    def is_uncounted(self) -> bool:
        return self.endpoint.kind == Endpoint.Kind.OPENAI and self.counted < self.calls


def price(endpoint: Endpoint, input_tokens: int, output_tokens: int) -> Decimal | None:
    """What tokens cost at an endpoint; None without prices, nothing where no model answers."""
    if endpoint.kind != Endpoint.Kind.OPENAI:
        return Decimal(0)
    if endpoint.input_price is None or endpoint.output_price is None:
        return None
    return (input_tokens * endpoint.input_price + output_tokens * endpoint.output_price) / MILLION


def total_price(
    endpoints: Sequence[Endpoint], costs: Sequence[Decimal | None]
) -> tuple[Decimal | None, str, str]:
    """The sum of costs with its currency, or None and the reason."""
    if unpriced := [e.name for e, cost in zip(endpoints, costs, strict=True) if cost is None]:
        return None, "", f"{', '.join(unpriced)}: no prices are stated"
    currencies = {e.currency for e in endpoints if e.kind == Endpoint.Kind.OPENAI}
    if len(currencies) > 1:
        return None, "", f"prices are in different currencies: {', '.join(sorted(currencies))}"
    currency = currencies.pop() if currencies else ""
    return sum((cost for cost in costs if cost is not None), Decimal(0)), currency, ""


def spend(run: Run) -> Spend:
    """Calls and tokens as stored with every answer, and their price; one query."""
    used = _used(run)
    cost, currency, reason = total_price([u.endpoint for u in used], [u.cost() for u in used])
    uncounted = [u.endpoint.name for u in used if u.is_uncounted]
    if uncounted and not reason:
        reason = f"{', '.join(uncounted)}: no tokens were counted for some calls"
    return Spend(
        calls=sum(u.calls for u in used),
        input_tokens=sum(u.input_tokens for u in used),
        output_tokens=sum(u.output_tokens for u in used),
        cost=None if reason else cost,
        currency=currency,
        reason=reason,
    )


def _used(run: Run) -> list[_Used]:
    answers: QuerySet[Turn] = Turn.objects.filter(trial__run=run, role=Turn.Role.ASSISTANT)
    rows = (
        answers.order_by()
        .values_list("trial__cell__endpoint_id")
        .annotate(
            calls=Count("pk"),
            counted=Count("pk", filter=Q(call__usage__prompt_tokens__isnull=False)),
            input=Sum(_tokens("prompt_tokens")),
            output=Sum(_tokens("completion_tokens")),
        )
    )
    endpoints = Endpoint.objects.in_bulk([row[0] for row in rows])
    return [
        _Used(endpoints[pk], calls, counted, given or 0, answered or 0)
        for pk, calls, counted, given, answered in rows
    ]


def _tokens(name: str) -> Cast:
    return Cast(KeyTextTransform(name, KeyTransform("usage", "call")), IntegerField())


@dataclass(frozen=True)
class ErrorKind:
    """Failures of one kind among the trials that are not complete, with one of them in words."""

    kind: str
    trials: int
    example: str


def errors_by_kind(run: Run) -> list[ErrorKind]:
    """The last errors of trials that are not complete, by kind, most frequent first."""
    found: dict[str, list[tuple[int, str]]] = {}
    reasons = (
        run.trials.exclude(last_error="")
        .exclude(state=Trial.State.COMPLETE)
        .order_by()
        .values_list("last_error")
        .annotate(trials=Count("pk"))
    )
    for reason, trials in reasons:
        found.setdefault(_kind(reason), []).append((trials, reason))
    kinds = [
        ErrorKind(kind, sum(trials for trials, _ in rows), max(rows)[1])
        for kind, rows in found.items()
    ]
    return sorted(kinds, key=lambda error: (-error.trials, error.kind))


def _kind(reason: str) -> str:
    """The one word (or two) before the colon of a stored reason."""
    kind, colon, _ = reason.partition(": ")
    if reason.startswith("the worker "):
        return "worker"
    return kind if colon and len(kind) <= 40 else "other"
