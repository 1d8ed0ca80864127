"""Runs scored by a model in the background: asked for on a page, done by one worker at a time.

What is done is in the scores, one a trial and version, so that a worker that dies costs the
questions it had under way and no others: whoever takes the row next asks about the rest.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import transaction
from django.db.models import QuerySet

from accounts import audit
from accounts.models import User
from evaluations.background import leases
from evaluations.background.ending import told
from evaluations.background.leases import Held, LeaveOffError
from evaluations.instruments.kinds import kind_of
from evaluations.models import Endpoint, Metric, Rubric, Run, Scoring
from evaluations.respondents.asking_many import Inquiry
from evaluations.respondents.respondent import Respondent
from evaluations.running.judge_accounts import JudgeAccount
from evaluations.scoring.as_published import PublishedReader
from evaluations.scoring.kinds import judge_by
from evaluations.scoring.rubric_scorer import RubricScorer, check_rubric, score_with_rubric
from evaluations.scoring.scorers import without_score
from evaluations.scoring.second_reader import SecondReader, score_with_reader

log = structlog.get_logger(__name__)


class IncompleteError(Exception):
    """Questions got no answer; says how many and why."""


def metric_of(
    run: Run,
    endpoint: Endpoint,
    rubric: Rubric | None,
    repeats: int = 1,
    *,
    as_published: bool = False,
) -> RubricScorer | SecondReader:
    """The model at *endpoint* as a scorer of *run* by a rubric, asked so often about each trial,
    or, without one, as a reader of the answers that were left open, or of all as published. Raises
    ValueError for a rubric of another kind of instrument."""
    if rubric:
        check_rubric(rubric, Run.objects.filter(pk=run.pk))
        return judge_by(rubric, endpoint, repeats)
    reader = PublishedReader if as_published else SecondReader
    return reader(endpoint, kind_of(run.instrument.kind))


def is_as_published(scoring: Scoring) -> bool:
    """Whether its model names a letter for every answer."""
    return scoring.metric.kind == Metric.Kind.PUBLISHED


def names_of(metric: RubricScorer | SecondReader) -> tuple[str, str]:
    """The scorer and version of the scores a metric gives."""
    scorer = metric.scorer if isinstance(metric, SecondReader) else metric
    return scorer.name, scorer.version


def score_at_their_expense(
    runs: QuerySet[Run], metric: RubricScorer | SecondReader, **how: Any
) -> Inquiry:
    """Have *runs* scored by a model within their budgets, with every call counted; *how* as
    `score_with_rubric` takes it. Raises ValueError as that does."""
    score: Callable[..., Inquiry] = (
        score_with_rubric if isinstance(metric, RubricScorer) else score_with_reader
    )
    account: JudgeAccount = JudgeAccount(metric.endpoint, metric.run_of)
    try:
        return score(runs, metric, account=account, **how)
    finally:
        account.give_back()


@transaction.atomic
def ask(
    run: Run,
    endpoint: Endpoint,
    rubric: Rubric | None,
    actor: User | None = None,
    *,
    repeats: int = 1,
    as_published: bool = False,
) -> Scoring:
    """Have the run's complete trials scored that have no score by this model and rubric yet.

    Asked twice, it is one work. Raises ValueError when there is nobody to ask or nothing to score.
    """
    if endpoint.kind != Endpoint.Kind.OPENAI:
        raise ValueError(f"{endpoint.name} is a {endpoint.get_kind_display()}: choose a model.")
    judge = metric_of(run, endpoint, rubric, repeats, as_published=as_published)
    scorer, version = names_of(judge)
    if not without_score(Run.objects.filter(pk=run.pk), scorer, version):
        raise ValueError(
            f"{run.name} has no complete trial without a score by {scorer} {version}: wait for "
            "trials to be complete, or choose another model or rubric."
        )
    scoring, is_new = Scoring.objects.get_or_create(
        run=run,
        metric=judge.metric(),
        defaults={
            "endpoint": endpoint,
            "rubric": rubric,
            "repeats": repeats,
            "asked_by": actor,
        },
    )
    rows = Scoring.objects.filter(pk=scoring.pk)
    asked_again = leases.take_up_again(rows, endpoint=endpoint, asked_by=actor)
    if is_new or asked_again:
        audit.record(run.project, actor, "start scoring", run, scorer=scorer, version=version)
    scoring.refresh_from_db()
    return scoring


@transaction.atomic
def stop(scoring: Scoring, actor: User | None = None) -> None:
    """Ask no further question: whoever works on it finds that it is not theirs any more."""
    if leases.call_off(Scoring.objects.filter(pk=scoring.pk), Scoring.State.STOPPED):
        named = {"scorer": scoring.metric.name, "version": scoring.metric.version}
        audit.record(scoring.run.project, actor, "stop scoring", scoring.run, **named)


@dataclass(eq=False)
class ScoringWorker:
    """One worker's work on one scoring, until every question was asked or it is told to stop.

    `ending` says whether to leave the questions under way unanswered and give the work back.
    `respondent` may be given for tests.
    """

    pk: int
    respondent: Respondent | None = None
    ending: Callable[[], bool] = told
    _answers: int = 0

    def work(self) -> bool:
        """Score the trials; blocks. Returns whether the work was ours to the end."""
        related = ("run__instrument", "endpoint__project", "rubric", "asked_by", "metric")
        rows = Scoring.objects.select_related(*related)
        try:
            return leases.do(
                rows, self.pk, self._score, reasons=(IncompleteError,), ending=self.ending
            )
        except IncompleteError:
            return True
        except Exception:
            log.exception("scoring failed unexpectedly", scoring=self.pk)
            return True

    def _score(self, held: Held[Scoring]) -> dict[str, Any]:
        """Ask all there is to ask. Raises IncompleteError where questions are left."""
        scoring = held.row
        metric = metric_of(
            scoring.run,
            scoring.endpoint,
            scoring.rubric,
            scoring.repeats,
            as_published=is_as_published(scoring),
        )
        if names_of(metric) != (scoring.metric.name, scoring.metric.version):
            raise IncompleteError(
                "The endpoint was changed since this was asked for: start it anew."
            )
        inquiry = score_at_their_expense(
            Run.objects.filter(pk=scoring.run_id),
            metric,
            actor=scoring.asked_by,
            respondent=self.respondent,
            report=self._count,
            watch=lambda: self._why_to_end(held),
        )
        held.watch()
        if reason := _why_incomplete(inquiry):
            raise IncompleteError(reason)
        return {}

    def _count(self, outcome: str) -> None:
        self._answers += 1

    def _why_to_end(self, held: Held[Scoring]) -> str:
        """'' is go on, which renews the lease."""
        # Work that got on has all its attempts before it again: it is not what kills workers.
        got_on = {"attempts": 1} if self._answers else {}
        try:
            held.watch(**got_on)
        except LeaveOffError as error:
            return str(error)
        return ""


def _why_incomplete(inquiry: Inquiry) -> str:
    """Which questions got no answer; '' when all did."""
    if inquiry.stopped:
        return inquiry.stopped
    if not inquiry.problems:
        return ""
    (most, number), *others = inquiry.problems.most_common()
    more = f", and {sum(number for _, number in others)} for other reasons" if others else ""
    return f"{inquiry.problems.total()} questions got no answer; {number}: {most}{more}"
