"""What a run spent: calls and tokens of its turns and of the calls that left no turn, at the prices
of its endpoints.

A page that renews itself every two seconds cannot sum 180,000 turns each time. What complete trials
used does not change any more, so each process sums it once and remembers it with the number of
these trials; where that number is another by now, it sums anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Sum, When
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Coalesce, Greatest

from accounts import clock
from evaluations.models import Endpoint, JudgeCalls, LostCalls, Run, Trial, Turn

MILLION = 1_000_000
SETTLED_AFTER = timedelta(seconds=10)
"""Trials complete for so long are remembered: by then whoever stored them has committed."""

RUNS_REMEMBERED = 100

CACHED = ("cached_tokens", "prompt_cache_hit_tokens", "cache_read_input_tokens")
"""What servers call the tokens of a prompt that they had in their cache."""


@dataclass(frozen=True)
class Spend:
    """Every call that was sent, and what the endpoints counted for them; `cost` is None where it
    cannot be known, for a `reason`.

    repeated: of the calls, those that brought no answer of their own: asked again, or in vain.
    reasoning_tokens: of the output tokens, those the endpoint says were spent on reasoning.
    cached_tokens: of the input tokens, those the endpoint says it had in its cache.
    """

    calls: int
    input_tokens: int
    output_tokens: int
    repeated: int = 0
    reasoning_tokens: int = 0
    cached_tokens: int = 0
    cost: Decimal | None = None
    currency: str = ""
    reason: str = ""


@dataclass(frozen=True)
class ModelSpend:
    """What a run spent at one of its endpoints, or at one that judged its answers."""

    endpoint: Endpoint
    spend: Spend
    judged: bool = False


@dataclass(frozen=True)
class _Usage:
    """What some trials used at one endpoint. `answers`: turns; `counted`: those whose tokens were
    counted; `repeated`: calls beside the one that brought a turn."""

    answers: int = 0
    counted: int = 0
    repeated: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0
    cached_tokens: int = 0

    def __add__(self, other: "_Usage") -> "_Usage":
        mine, theirs = astuple(self), astuple(other)
        return _Usage(*(one + another for one, another in zip(mine, theirs, strict=True)))

    def cost(self, endpoint: Endpoint) -> Decimal | None:
        return price(endpoint, self.input_tokens, self.output_tokens, self.cached_tokens)


@dataclass(frozen=True)
class _Settled:
    """What the trials of a run used, by endpoint id, that were complete at a time; how many."""

    until: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    trials: int = 0
    used: Mapping[int, _Usage] = field(default_factory=dict)


_settled: dict[tuple[int, datetime], _Settled] = {}


def price(
    endpoint: Endpoint, input_tokens: int, output_tokens: int, cached_tokens: int = 0
) -> Decimal | None:
    """What tokens cost at an endpoint; None without prices, nothing where no model answers.

    *cached_tokens* of the input ones cost what the endpoint asks for such, as much as the others
    where it states no price of their own.
    """
    if endpoint.kind != Endpoint.Kind.OPENAI:
        return Decimal(0)
    if endpoint.input_price is None or endpoint.output_price is None:
        return None
    cached_price = endpoint.cached_input_price
    cached = 0 if cached_price is None else min(cached_tokens, input_tokens)
    new = (input_tokens - cached) * endpoint.input_price + output_tokens * endpoint.output_price
    return (new + cached * (cached_price or 0)) / MILLION


def total_price(
    endpoints: Sequence[Endpoint], costs: Sequence[Decimal | None]
) -> tuple[Decimal | None, str, str]:
    """The sum of costs with its currency, or None and the reason."""
    if unpriced := [e.name for e, cost in zip(endpoints, costs, strict=True) if cost is None]:
        return None, "", f"{', '.join(dict.fromkeys(unpriced))}: no prices are stated"
    currencies = {e.currency for e in endpoints if e.kind == Endpoint.Kind.OPENAI}
    if len(currencies) > 1:
        return None, "", f"prices are in different currencies: {', '.join(sorted(currencies))}"
    currency = currencies.pop() if currencies else ""
    return sum((cost for cost in costs if cost is not None), Decimal(0)), currency, ""


def spend(run: Run) -> Spend:
    """Calls and tokens as stored with every answer, those of calls that brought none, those of
    judges, and their price; five queries."""
    return spent(run)[0]


def spent(run: Run) -> tuple[Spend, list[ModelSpend]]:
    """The same, and that of each endpoint by name, judges last; five queries."""
    answered, judged = _used(run), _judged(run)
    known = Endpoint.objects.in_bulk({*answered, *judged})
    parts = [
        (known[pk], usage, as_judge)
        for as_judge, used in ((False, answered), (True, judged))
        for pk, usage in sorted(used.items(), key=lambda one: known[one[0]].name)
    ]
    by_model = [
        ModelSpend(endpoint, _spend([(endpoint, usage)]), as_judge)
        for endpoint, usage, as_judge in parts
    ]
    return _spend([(endpoint, usage) for endpoint, usage, _ in parts]), by_model


def _judged(run: Run) -> dict[int, _Usage]:
    """What judges and second readers of a run used, by endpoint id."""
    rows = (
        JudgeCalls.objects.filter(run=run)
        .order_by()
        .values_list("endpoint_id")
        .annotate(
            answered=Sum("answers"),
            counted=Count("pk", filter=Q(answers=1, usage__prompt_tokens__isnull=False)),
            repeated=Sum("calls") - Sum("answers"),
            **_tokens("usage"),
        )
    )
    return {endpoint: _Usage(*(count or 0 for count in counts)) for endpoint, *counts in rows}


def _spend(used: Sequence[tuple[Endpoint, _Usage]]) -> Spend:
    """What was used at some endpoints, together."""
    costs = [usage.cost(endpoint) for endpoint, usage in used]
    cost, currency, reason = total_price([endpoint for endpoint, _ in used], costs)
    uncounted = [endpoint.name for endpoint, usage in used if _is_uncounted(endpoint, usage)]
    if uncounted and not reason:
        reason = f"{', '.join(uncounted)}: no tokens were counted for some calls"
    total = sum((usage for _, usage in used), _Usage())
    return Spend(
        calls=total.answers + total.repeated,
        input_tokens=total.input_tokens,
        output_tokens=total.output_tokens,
        repeated=total.repeated,
        reasoning_tokens=total.reasoning_tokens,
        cached_tokens=total.cached_tokens,
        cost=None if reason else cost,
        currency=currency,
        reason=reason,
    )


def _is_uncounted(endpoint: Endpoint, used: _Usage) -> bool:
    return endpoint.kind == Endpoint.Kind.OPENAI and used.counted < used.answers


def _used(run: Run) -> dict[int, _Usage]:
    """What all trials of a run used, by endpoint id: of the settled ones as remembered, of the
    others as summed now."""
    key = (run.pk, run.created_at)
    known = _settled.get(key, _Settled())
    if _complete(run).filter(finished_at__lte=known.until).count() != known.trials:
        known = _Settled()
    until = max(known.until, clock.now() - SETTLED_AFTER)
    settled, others, trials = dict(known.used), dict[int, _Usage](), known.trials
    for endpoint, is_settled, ended, *counts in _sums(run, known.until, until):
        into = settled if is_settled else others
        into[endpoint] = into.get(endpoint, _Usage()) + _Usage(*(count or 0 for count in counts))
        trials += ended if is_settled else 0
    _remember(key, _Settled(until, trials, settled))
    lost = _lost(run)
    return {
        endpoint: sum((part.get(endpoint, _Usage()) for part in (settled, others, lost)), _Usage())
        for endpoint in sorted(settled.keys() | others.keys() | lost.keys())
    }


def _lost(run: Run) -> dict[int, _Usage]:
    """What calls used that left no turn, by endpoint id."""
    rows = (
        LostCalls.objects.filter(trial__run=run)
        .order_by()
        .values_list("trial__cell__endpoint_id")
        .annotate(calls=Sum("calls"), **_tokens("usage"))
    )
    return {
        endpoint: _Usage(0, 0, calls, *(count or 0 for count in counts))
        for endpoint, calls, *counts in rows
    }


def _complete(run: Run) -> QuerySet[Trial]:
    return run.trials.filter(state=Trial.State.COMPLETE).order_by()


def _sums(run: Run, after: datetime, until: datetime) -> QuerySet[Turn, tuple]:
    """Rows of endpoint, whether settled at *until*, trials, and what `_Usage` counts; of the trials
    that were not settled at *after*."""
    complete = Q(trial__state=Trial.State.COMPLETE)
    settled = complete & Q(trial__finished_at__lte=until)
    others = ~complete | Q(trial__finished_at=None) | Q(trial__finished_at__gt=after)
    answers = Turn.objects.filter(others, trial__run=run, role=Turn.Role.ASSISTANT)
    return (
        answers.order_by()
        .annotate(is_settled=Case(When(settled, then=True), default=False))
        .values_list("trial__cell__endpoint_id", "is_settled")
        .annotate(
            trials=Count("trial", distinct=True),
            answers=Count("pk", filter=Q(from_store=False)),
            counted=Count("pk", filter=Q(call__usage__prompt_tokens__isnull=False)),
            repeated=Sum(_number("call", "retries")),
            **_tokens("call", "usage"),
        )
    )


def _remember(key: tuple[int, datetime], settled: _Settled) -> None:
    _settled.pop(key, None)
    _settled[key] = settled
    while len(_settled) > RUNS_REMEMBERED:
        _settled.pop(next(iter(_settled)), None)


def _tokens(*place: str) -> dict[str, Sum]:
    """Sums of the tokens in, out, of those out for reasoning, and of those in from a cache, from
    the counts at *place*.

    Some endpoints leave reasoning out of the completion and have it in the total alone.
    """
    into, out = _number(*place, "prompt_tokens"), _number(*place, "completion_tokens")
    return {
        "input": Sum(into),
        "output": Sum(Greatest(out, _number(*place, "total_tokens") - into)),
        "reasoning": Sum(_number(*place, "reasoning_tokens")),
        "cached": Sum(Greatest(*(_number(*place, name) for name in CACHED))),
    }


def _number(column: str, *path: str) -> Coalesce:
    """The whole number at *path* within a column of JSON; 0 where there is none."""
    found: Any = column
    for name in path[:-1]:
        found = KeyTransform(name, found)
    return Coalesce(Cast(KeyTextTransform(path[-1], found), IntegerField()), 0)
