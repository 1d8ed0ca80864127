"""The most that a run, or a project, may spend: work stops before it is passed, says so, and goes
on when it is raised.

What is spent is what `spending` counts: failed and repeated calls, and those of judges, with it. A
call is allowed when it fits in beside those under way, each of which is taken to cost what a call
did so far. What the first one costs nobody knows: it goes alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet, Sum

from accounts import audit, clock
from accounts.models import Project, User
from evaluations.models import Budget, GrantedCalls, Run
from evaluations.running.purse import MOST_AT_ONCE, Grant
from evaluations.running.spending import Spend, spend

LIMITS = ("calls", "tokens", "money")

GRANT_LASTS = timedelta(minutes=5)
"""How long calls are held for a worker that is not heard of; they are renewed as leases are."""


@dataclass(frozen=True, eq=False)
class State:
    """A budget and what is spent of it; `of` names whose it is. `unknown`: why the money that was
    spent is not known, where money is limited."""

    of: str
    budget: Budget
    calls: int
    tokens: int
    money: Decimal | None
    unknown: str = ""

    @property
    def is_runs(self) -> bool:
        """Whether it limits one run, and not all of a project."""
        return self.budget.run_id is not None

    def calls_left(self, under_way: int) -> int:
        """How many more calls may be sent while so many are under way; 0 where money is limited
        and what was spent is not known."""
        left = []
        if self.budget.calls is not None:
            left.append(self.budget.calls - self.calls)
        if self.budget.tokens is not None:
            each = max(1, -(-self.tokens // self.calls)) if self.calls else self.budget.tokens
            left.append((self.budget.tokens - self.tokens) // each)
        if self.budget.money is not None:
            left.append(self._by_money(self.budget.money))
        return max(0, min(left, default=2**31) - under_way)

    def _by_money(self, most: Decimal) -> int:
        if self.money is None:
            return 0
        if not self.calls:
            return 1
        each = self.money / self.calls
        return int((most - self.money) / each) if each else 2**31

    @property
    def has_room(self) -> bool:
        """Whether another call fits in."""
        return self.calls_left(0) > 0

    def words(self) -> str:
        """What is left, as the run's page says it."""
        parts = []
        if self.budget.calls is not None:
            parts.append(f"{self.calls:,} of {self.budget.calls:,} calls")
        if self.budget.tokens is not None:
            parts.append(f"{self.tokens:,} of {self.budget.tokens:,} tokens")
        if self.budget.money is not None:
            spent = self.unknown if self.money is None else f"{self.money:.2f}"
            parts.append(f"{spent} of {self.budget.money:.2f} in money")
        return f"{self.of}: {', '.join(parts)}"


def states(run: Run) -> list[State]:
    """The budgets that a run is under, with what is spent of each."""
    found = []
    own = Budget.objects.filter(run=run).first()
    shared = Budget.objects.filter(project=run.project_id, run=None).first()
    if own:
        found.append(_state("this run", own, [spend(run)]))
    if shared:
        runs = Run.objects.filter(project=run.project_id, source=Run.Source.RUN)
        found.append(_state("all runs of the project", shared, [spend(one) for one in runs]))
    return found


def _state(of: str, budget: Budget, spent: Sequence[Spend]) -> State:
    costs = [one.cost for one in spent if one.calls]
    reasons = [one.reason for one in spent if one.calls and one.cost is None]
    known = [cost for cost in costs if cost is not None]
    return State(
        of,
        budget,
        calls=sum(one.calls for one in spent),
        tokens=sum(one.input_tokens + one.output_tokens for one in spent),
        money=None if reasons else sum(known, Decimal(0)),
        unknown=reasons[0] if reasons else "",
    )


@transaction.atomic
def grant(run_id: int, owner: str, under_way: int) -> Grant:
    """Grant a worker calls of a run beside those it has under way: a part of what is left, so that
    the others find theirs. Workers stand in line here, and each counts what others may still send:
    together they never pass a limit.
    """
    run = Run.objects.get(pk=run_id)
    limited = Budget.objects.filter(Q(run=run) | Q(project=run.project_id, run=None))
    if not list(limited.select_for_update().order_by("pk")):
        return Grant(None)
    found, held = _left(run, owner)
    tightest = min(found, key=lambda state: state.calls_left(under_way + held[state]))
    left = tightest.calls_left(under_way + held[tightest])
    share = min(MOST_AT_ONCE, -(-left // 4))
    kept = {"calls": under_way + share, "expires_at": clock.now() + GRANT_LASTS}
    GrantedCalls.objects.update_or_create(run=run, owner=owner, defaults=kept)
    waits = not share and all(state.has_room for state in found)
    return Grant(share, tightest.words(), waits)


def left_beside(run: Run, owner: str) -> int | None:
    """How many calls the budgets of *run* leave beside those that others than *owner* hold; None
    without a budget. Call it in a transaction: whoever asks at the same time waits."""
    limited = Budget.objects.filter(Q(run=run) | Q(project=run.project_id, run=None))
    if not list(limited.select_for_update().order_by("pk")):
        return None
    found, held = _left(run, owner)
    return min(state.calls_left(held[state]) for state in found)


def _left(run: Run, owner: str) -> tuple[list[State], dict[State, int]]:
    """The budgets of *run*, and the calls that others than *owner* hold of each."""
    others = GrantedCalls.objects.filter(
        run__project=run.project_id, expires_at__gt=clock.now()
    ).exclude(run=run, owner=owner)
    found = states(run)
    return found, {
        state: _held(others.filter(run=run) if state.is_runs else others) for state in found
    }


def _held(granted: QuerySet[GrantedCalls]) -> int:
    return granted.aggregate(calls=Sum("calls"))["calls"] or 0


def renew(owner: str) -> None:
    """Keep what is granted to a worker that is alive."""
    until = clock.now() + GRANT_LASTS
    GrantedCalls.objects.filter(owner=owner).update(expires_at=until)


def give_back(run_id: int, owner: str) -> None:
    """A worker sends nothing more for a run: others have what it did not use."""
    GrantedCalls.objects.filter(run=run_id, owner=owner).delete()


@transaction.atomic
def limit(
    project: Project,
    run: Run | None,
    limits: dict[str, int | Decimal | None],
    actor: User | None = None,
) -> None:
    """Set the budget of a run, or of a project's runs together; without any limit it has none."""
    found = Budget.objects.filter(project=project, run=run).first()
    before = audit.snapshot(found, LIMITS) if found else None
    budget = found or Budget(project=project, run=run)
    for name in LIMITS:
        setattr(budget, name, limits.get(name))
    budget.save()
    change = audit.Change(before, audit.snapshot(budget, LIMITS))
    audit.record(project, actor, "limit spending", run or project, change)
