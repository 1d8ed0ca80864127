"""A queue of disputes as a reviewer works through it: what is before and after a case, how far one
is, and how long the rest will take at one's pace."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.http import urlencode

from accounts import clock
from accounts.models import Project, User
from annotations.disputes.queries import disputes_of
from annotations.models import Decision, Dispute

NEAR = 8
"""How many cases before and after the one at hand are listed."""

SITTING = timedelta(hours=12)
"""Decisions of so long count as of today."""

BREAK = timedelta(minutes=5)
"""A longer time between two decisions was no work on one case."""

UNDONE = timedelta(minutes=15)
"""So long one's last decision is offered to be undone."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which disputes are looked at; each '' for all."""

    state: str
    study: str
    reason: str

    @classmethod
    def of(cls, query: QueryDict) -> "Filters":
        state = query.get("state", Dispute.State.OPEN)
        return cls(state, query.get("study", ""), query.get("reason", ""))

    @property
    def query(self) -> str:
        """As the end of an address; '' for all open ones."""
        is_usual = self.state == Dispute.State.OPEN
        said = {} if is_usual else {"state": self.state}
        said |= {"study": self.study} if self.study else {}
        said |= {"reason": self.reason} if self.reason else {}
        return f"?{urlencode(said)}" if said else ""

    def disputes(self, project: Project) -> QuerySet[Dispute]:
        return disputes_of(project, self.state, self.study, self.reason)


@dataclass(frozen=True, slots=True)
class Queue:
    """A case among those of its queue: `position` of `total` (None where it is not one of them any
    more), `near` it, `before` and `after` it (None at the ends)."""

    total: int
    position: int | None
    near: Sequence[Dispute]
    before: Dispute | None
    after: Dispute | None


def queue_around(project: Project, filters: Filters, dispute: Dispute) -> Queue:
    """The queue of *filters* around *dispute*; a bounded number of rows is read."""
    cases = filters.disputes(project)
    earlier, later = cases.filter(_earlier(dispute)), cases.filter(_later(dispute))
    ahead = list(later[: 2 * NEAR])
    behind = list(earlier.reverse()[: 2 * NEAR])
    is_in = cases.filter(pk=dispute.pk).exists()
    before = behind[: max(NEAR, 2 * NEAR - len(ahead))]
    after = ahead[: max(NEAR, 2 * NEAR - len(behind))]
    passed = earlier.count()
    return Queue(
        total=passed + later.count() + is_in,
        position=passed + 1 if is_in else None,
        near=[*reversed(before), dispute, *after],
        before=next(iter(behind), None),
        after=next(iter(ahead), None),
    )


def next_open(project: Project, filters: Filters, dispute: Dispute) -> Dispute | None:
    """The open case after *dispute*, else the first one left; None where none is."""
    cases = filters.disputes(project).filter(state=Dispute.State.OPEN).exclude(pk=dispute.pk)
    return cases.filter(_later(dispute)).first() or cases.first()


def left_to_decide(project: Project, filters: Filters) -> int:
    return filters.disputes(project).filter(state=Dispute.State.OPEN).count()


def _later(dispute: Dispute) -> Q:
    at = dispute.opened_at
    return Q(opened_at__gt=at) | Q(opened_at=at, pk__gt=dispute.pk)


def _earlier(dispute: Dispute) -> Q:
    at = dispute.opened_at
    return Q(opened_at__lt=at) | Q(opened_at=at, pk__lt=dispute.pk)


@dataclass(frozen=True, slots=True)
class Pace:
    """How many cases one has decided `today`, and the seconds that one takes (None where there are
    too few to tell)."""

    today: int
    seconds: float | None

    def minutes_for(self, cases: int) -> int | None:
        """Minutes for so many *cases*, at least one; None where one cannot tell."""
        return None if self.seconds is None else max(1, round(cases * self.seconds / 60))


def pace(times: Sequence[datetime]) -> Pace:
    """The pace of decisions made at *times*, in their order: the median time between two that
    follow each other without a break, where there are three of these. Pure."""
    gaps = [(b - a) for a, b in pairwise(times) if b - a <= BREAK]
    seconds = median(gap.total_seconds() for gap in gaps) if len(gaps) >= 3 else None
    return Pace(len(times), seconds)


def pace_of(project: Project, reviewer: User) -> Pace:
    decided = Decision.objects.filter(
        reviewer=reviewer,
        dispute__item__study__project=project,
        created_at__gt=clock.now() - SITTING,
    )
    return pace(list(decided.order_by("created_at", "pk").values_list("created_at", flat=True)))


def last_decision(project: Project, reviewer: User) -> Decision | None:
    """The reviewer's own newest decision, while it is new, in force, and nobody decided anew."""
    found = (
        Decision.objects.filter(reviewer=reviewer, dispute__item__study__project=project)
        .select_related("dispute__item__study")
        .order_by("-pk")
        .first()
    )
    if found is None or found.created_at < clock.now() - UNDONE:
        return None
    is_newest = not Decision.objects.filter(dispute=found.dispute, pk__gt=found.pk).exists()
    return found if is_newest and found.dispute.state == Dispute.State.DECIDED else None
