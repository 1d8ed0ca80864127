"""What all ways of having a model conclude something about trials share: how their metrics are
called, and what is done when the asking has ended."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts import audit
from accounts.models import User
from evaluations.models import Run
from evaluations.respondents.asking_many import Inquiry
from evaluations.scoring.metrics import scored

LONGEST_NAME = 60
"""Characters that a metric's and a reader's name may have."""


def called(name: str) -> str:
    """A name as metrics and readers have one: '@' parts it from the version where a report is
    asked for one."""
    return name.replace("@", "-")[:LONGEST_NAME]


@dataclass(frozen=True)
class Task:
    """What *actor* has a model do, and how the trail tells of it.

    Answers are stored one by one, as they come, so that no transaction holds them all: an entry is
    written before the first and another after the last. Where the program ends midway the first
    stands alone, and says all the same who had them given.
    """

    inquiry: Inquiry
    actor: User | None
    act: str
    scorer: str
    version: str

    @contextmanager
    def told_of(self, runs: QuerySet[Run], trials: Sequence[int]) -> Iterator[None]:
        """Around the asking about *trials* (none: nothing is told); then tells those who wait for
        scores of *runs*. Raises ValueError when nobody can answer at the endpoint."""
        if trials:
            self.inquiry.check()
            self._record(f"{self.act}: begun", trials=len(trials))
        yield
        if trials:
            self._record(self.act, **self._came_of_it())
        scored.send(Run, runs=runs)

    def _came_of_it(self) -> dict[str, Any]:
        found: dict[str, Any] = {"answers": self.inquiry.kept.total()}
        if failed := self.inquiry.problems.total():
            found["without_an_answer"] = failed
        return found | ({"stopped": self.inquiry.stopped} if self.inquiry.stopped else {})

    @transaction.atomic
    def _record(self, verb: str, **detail: Any) -> None:
        endpoint, named = self.inquiry.endpoint, {"scorer": self.scorer, "version": self.version}
        audit.record(endpoint.project, self.actor, verb, endpoint, **named, **detail)
