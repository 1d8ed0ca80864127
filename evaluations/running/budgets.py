"""The most that a run, or a project, may spend: work stops before it is passed, says so, and goes
on when it is raised.

What is spent is what `spending` counts, failed and repeated calls with it. A call is allowed when
it fits in beside those under way, each of which is taken to cost what a call did so far. What the
first one costs nobody knows: it goes alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from accounts import audit
from accounts.models import Project, User
from evaluations.models import Budget, Run, Trial
from evaluations.running.spending import Spend, spend

LIMITS = ("calls", "tokens", "money")


@dataclass(frozen=True)
class State:
    """A budget and what is spent of it; `of` names whose it is. `unknown`: why the money that was
    spent is not known, where money is limited."""

    of: str
    budget: Budget
    calls: int
    tokens: int
    money: Decimal | None
    unknown: str = ""

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


def allowance(run_id: int, held: Sequence[int], under_way: int) -> tuple[int | None, str]:
    """How many calls a worker may send now that holds these trials and has so many calls under way;
    None without a budget. With the words of the budget that leaves least.

    Trials that others hold have a call under way each, for all that is known.
    """
    run = Run.objects.get(pk=run_id)
    found = states(run)
    if not found:
        return None, ""
    running = Trial.objects.filter(run__project=run.project_id, state=Trial.State.RUNNING)
    others = running.exclude(pk__in=held).count()
    tightest = min(found, key=lambda state: state.calls_left(under_way + others))
    return tightest.calls_left(under_way + others), tightest.words()


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
