"""Runs scored by a model in the background: asked for on a page, done by one worker at a time.

The row is the truth of the work: waiting, running with a lease, complete, stopped, or failed with
the reason. What is done is in the scores, one a trial and version, so that a worker that dies
costs the questions it had under way and no others: whoever takes the row next asks about the rest.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import structlog
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts import audit
from accounts.models import User
from evaluations.background.ending import told
from evaluations.models import Endpoint, Rubric, Run, Scoring
from evaluations.respondents.asking_many import Inquiry
from evaluations.respondents.respondent import Respondent
from evaluations.running.conversations import worker_name
from evaluations.running.trial_leases import LEASE
from evaluations.scoring.rubric_scorer import RubricScorer, score_with_rubric
from evaluations.scoring.scorers import without_score
from evaluations.scoring.second_reader import SecondReader, score_with_reader
from evaluations.text.storable import storable

log = structlog.get_logger(__name__)

State = Scoring.State
UNDER_WAY = (State.QUEUED, State.RUNNING)
MAX_ATTEMPTS = 3
"""Workers that may die over a scoring, without an answer between them, before it is given up."""


def metric_of(endpoint: Endpoint, rubric: Rubric | None) -> RubricScorer | SecondReader:
    """The model at *endpoint* as a scorer by a rubric or, without one, as a second reader."""
    return RubricScorer(rubric, endpoint) if rubric else SecondReader(endpoint)


def names_of(metric: RubricScorer | SecondReader) -> tuple[str, str]:
    """The scorer and version of the scores a metric gives."""
    scorer = metric.scorer if isinstance(metric, SecondReader) else metric
    return scorer.name, scorer.version


@transaction.atomic
def ask(run: Run, endpoint: Endpoint, rubric: Rubric | None, actor: User | None = None) -> Scoring:
    """Have the run's complete trials scored that have no score by this model and rubric yet.

    Asked twice, it is one work. Raises ValueError when there is nobody to ask or nothing to score.
    """
    if endpoint.kind != Endpoint.Kind.OPENAI:
        raise ValueError(f"{endpoint.name} is a {endpoint.get_kind_display()}: choose a model.")
    scorer, version = names_of(metric_of(endpoint, rubric))
    if not without_score(Run.objects.filter(pk=run.pk), scorer, version):
        raise ValueError(
            f"{run.name} has no complete trial without a score by {scorer} {version}: wait for "
            "trials to be complete, or choose another model or rubric."
        )
    scoring, is_new = Scoring.objects.get_or_create(
        run=run,
        scorer=scorer,
        version=version,
        defaults={"endpoint": endpoint, "rubric": rubric, "asked_by": actor},
    )
    ended = Scoring.objects.filter(pk=scoring.pk).exclude(state__in=UNDER_WAY)
    asked_again = ended.update(
        state=State.QUEUED,
        endpoint=endpoint,
        asked_by=actor,
        attempts=0,
        error="",
        nudged_at=None,
        finished_at=None,
    )
    if is_new or asked_again:
        audit.record(run.project, actor, "start scoring", run, scorer=scorer, version=version)
    scoring.refresh_from_db()
    return scoring


@transaction.atomic
def stop(scoring: Scoring, actor: User | None = None) -> None:
    """Ask no further question: whoever works on it finds that it is not theirs any more."""
    under_way = Scoring.objects.filter(pk=scoring.pk, state__in=UNDER_WAY)
    if under_way.update(state=State.STOPPED, lease_owner="", finished_at=timezone.now()):
        named = {"scorer": scoring.scorer, "version": scoring.version}
        audit.record(scoring.run.project, actor, "stop scoring", scoring.run, **named)


def free(now: datetime | None = None) -> QuerySet[Scoring]:
    """Scorings nobody works on: they wait, or their worker went silent."""
    silent = Q(state=State.RUNNING, lease_expires_at__lt=now or timezone.now())
    return Scoring.objects.filter(Q(state=State.QUEUED) | silent)


def _claim(pk: int, owner: str) -> bool:
    now = timezone.now()
    free(now).filter(pk=pk, attempts__gte=MAX_ATTEMPTS).update(
        state=State.FAILED,
        error=f"Its worker died {MAX_ATTEMPTS} times before any answer came.",
        finished_at=now,
    )
    return bool(
        free(now)
        .filter(pk=pk)
        .update(
            state=State.RUNNING,
            attempts=F("attempts") + 1,
            lease_owner=owner,
            lease_expires_at=now + LEASE,
            error="",
        )
    )


@dataclass(eq=False)
class ScoringWorker:
    """One worker's work on one scoring, until every question was asked or it is told to stop.

    `ending` says whether to leave the questions under way unanswered and give the work back.
    `respondent` may be given for tests.
    """

    pk: int
    owner: str = field(default_factory=worker_name)
    respondent: Respondent | None = None
    ending: Callable[[], bool] = told
    _answers: int = 0
    _renewed_at: datetime = field(default_factory=timezone.now)

    def work(self) -> bool:
        """Score the trials; blocks. Returns whether the work was ours to do."""
        if not _claim(self.pk, self.owner):
            return False
        related = ("run", "endpoint__project", "rubric", "asked_by")
        scoring = Scoring.objects.select_related(*related).get(pk=self.pk)
        try:
            end = self._score(scoring)
        except Exception as error:
            log.exception("scoring failed unexpectedly", scoring=self.pk)
            reason = f"This is a fault of the program ({type(error).__name__}: {error})."
            end = partial(self._end, State.FAILED, storable(reason))
        end()
        return True

    def _score(self, scoring: Scoring) -> Callable[[], None]:
        """Ask all there is to ask; return what is to be done with the row then."""
        metric = metric_of(scoring.endpoint, scoring.rubric)
        if names_of(metric) != (scoring.scorer, scoring.version):
            reason = "The endpoint was changed since this was asked for: start it anew."
            return partial(self._end, State.FAILED, reason)
        runs = Run.objects.filter(pk=scoring.run_id)
        score: Callable[..., Inquiry] = (
            score_with_rubric if isinstance(metric, RubricScorer) else score_with_reader
        )
        inquiry = score(
            runs,
            metric,
            actor=scoring.asked_by,
            respondent=self.respondent,
            report=self._count,
            watch=self._watch,
        )
        if self.ending():
            return self._give_back
        reason = _why_incomplete(inquiry)
        return partial(self._end, State.FAILED if reason else State.COMPLETE, reason)

    def _count(self, outcome: str) -> None:
        self._answers += 1

    def _ours(self) -> QuerySet[Scoring]:
        return Scoring.objects.filter(pk=self.pk, lease_owner=self.owner, state=State.RUNNING)

    def _watch(self) -> str:
        """Renew the lease now and then; say why to end, if so."""
        if self.ending():
            return "the worker was told to end"
        now = timezone.now()
        if now - self._renewed_at < LEASE / 4:
            return "" if self._ours().exists() else "it was stopped, or another worker has it"
        self._renewed_at = now
        renewed = {"lease_expires_at": now + LEASE}
        # Work that got on has all its attempts before it again: it is not what kills workers.
        held = self._ours().update(**renewed, **({"attempts": 1} if self._answers else {}))
        return "" if held else "it was stopped, or another worker has it"

    def _give_back(self) -> None:
        self._ours().update(
            state=State.QUEUED, attempts=F("attempts") - 1, lease_owner="", nudged_at=None
        )

    def _end(self, state: str, reason: str) -> None:
        self._ours().update(state=state, error=reason, lease_owner="", finished_at=timezone.now())


def _why_incomplete(inquiry: Inquiry) -> str:
    """Which questions got no answer; '' when all did."""
    if inquiry.stopped:
        return inquiry.stopped
    if not inquiry.problems:
        return ""
    (most, number), *others = inquiry.problems.most_common()
    more = f", and {sum(number for _, number in others)} for other reasons" if others else ""
    return f"{inquiry.problems.total()} questions got no answer; {number}: {most}{more}"
