"""Runs scored by a model in the background lose nothing and double nothing."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import AuditEvent
from evaluations import tasks
from evaluations.background.leases import claim, free
from evaluations.costs.scoring_plan import plan_scoring
from evaluations.definitions.catalogue import rubric
from evaluations.models import Endpoint, Score, Scoring, Trial
from evaluations.respondents import asking_many
from evaluations.respondents.respondent import Reply, RespondentError
from evaluations.running import scorings
from evaluations.running.conversations import advance
from evaluations.running.scorings import ScoringWorker, ask, stop
from tests.evaluations.scoring.test_rubric_scorer import Judge
from tests.evaluations.scoring.test_second_reader import WITHOUT

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(make_run):
    """Four complete trials."""
    made = make_run(trials_per_cell=4)
    advance(made)
    return made


def work(scoring, *replies, **fields):
    """What a worker does that gets these replies; the questions it asked, and the row then."""
    respondent = Judge(*replies)
    ScoringWorker(scoring.pk, respondent=respondent, **fields).work()
    return len(respondent.asked), Scoring.objects.get(pk=scoring.pk)


def scores(scoring):
    found = Score.objects.filter(metric=scoring.metric)
    return list(found.values_list("trial_id", flat=True).order_by("trial_id"))


def died(scoring):
    """Leave the row as a worker leaves it that was killed."""
    past = timezone.now() - timedelta(seconds=1)
    Scoring.objects.filter(pk=scoring.pk).update(
        state="running", lease_owner="dead", lease_expires_at=past, attempts=1
    )


def test_every_complete_trial_is_scored_once(run, judge):
    scoring = ask(run, judge, rubric())
    asked, scoring = work(scoring, "prosocial")
    assert (asked, scoring.state, scoring.error) == (4, "complete", "")
    assert scores(scoring) == list(run.trials.values_list("pk", flat=True))


def test_without_a_rubric_the_model_reads_what_the_rules_left_open(make_trial, judge):
    trial = make_trial(WITHOUT)
    scoring = ask(trial.run, judge, None)
    asked, scoring = work(scoring, "C")
    assert (asked, scoring.state) == (1, "complete")
    assert Score.objects.get(metric__name="svo-slider+judge-model").outcome == "scored"


def test_asking_twice_is_one_work(run, judge, cast):
    first, second = (ask(run, judge, rubric(), cast.researcher) for _ in range(2))
    assert first == second
    assert AuditEvent.objects.filter(verb="start scoring").count() == 1


def test_nobody_is_asked_where_nothing_is_left_or_no_model_answers(run, judge):
    work(ask(run, judge, rubric()), "prosocial")
    with pytest.raises(ValueError, match="no complete trial without a score by svo-orientation-en"):
        ask(run, judge, rubric())
    with pytest.raises(ValueError, match="is a simulated respondent"):
        ask(run, run.cells.get().endpoint, rubric())


def test_after_a_crash_only_the_rest_is_asked(run, judge):
    scoring = ask(run, judge, rubric())

    class Killed(BaseException):
        """What no handler of the worker catches."""

    with pytest.raises(Killed):
        work(scoring, "prosocial", Killed())
    assert len(scores(scoring)) == 1
    assert Scoring.objects.get().state == "running"
    died(scoring)
    asked, scoring = work(scoring, "competitive")
    assert (asked, scoring.state, len(scores(scoring))) == (3, "complete", 4)


def test_a_scoring_in_other_hands_is_left_alone(run, judge):
    scoring = ask(run, judge, rubric())
    another = claim(Scoring.objects.all(), scoring.pk)
    asked, scoring = work(scoring, "prosocial")
    assert (asked, scoring.lease_owner) == (0, another.owner)


def test_work_that_kills_its_workers_is_given_up(run, judge):
    scoring = ask(run, judge, rubric())
    for _ in range(Scoring.ATTEMPTS):
        assert claim(Scoring.objects.all(), scoring.pk)
        lapsed = timezone.now() - timedelta(seconds=1)
        Scoring.objects.update(lease_expires_at=lapsed)
    asked, scoring = work(scoring, "prosocial")
    assert (asked, scoring.state) == (0, "failed")
    assert "died 3 times" in scoring.error


def test_what_got_no_answer_is_said_and_asked_again_on_request(run, judge):
    down = RespondentError("server", "status 500", retryable=True)
    asked, scoring = work(ask(run, judge, rubric()), "prosocial", down, down, "prosocial")
    assert (asked, scoring.state) == (4, "failed")
    assert scoring.error == "2 questions got no answer; 2: server: status 500"
    asked, scoring = work(ask(run, judge, rubric()), "prosocial")
    assert (asked, scoring.state, scoring.error) == (2, "complete", "")


def test_an_endpoint_changed_meanwhile_is_not_asked(run, judge):
    scoring = ask(run, judge, rubric())
    Endpoint.objects.filter(pk=judge.pk).update(parameters={"temperature": 2})
    asked, scoring = work(scoring, "prosocial")
    assert (asked, scoring.state) == (0, "failed")
    assert "was changed" in scoring.error


def test_a_fault_of_the_program_is_in_the_row(run, judge):
    _, scoring = work(ask(run, judge, rubric()), ZeroDivisionError("oops"))
    assert (scoring.state, "ZeroDivisionError: oops" in scoring.error) == ("failed", True)


class Interrupted(Judge):
    """Has something happen at its second question, which is never answered."""

    def __init__(self, happen):
        super().__init__("prosocial")
        self.happen = happen

    async def reply(self, request):
        if self.asked:
            self.asked.append(request)
            await asking_many._db(self.happen)()
            await asking_many.asyncio.sleep(60)
        return await super().reply(request)


@pytest.fixture
def quick_watch(monkeypatch):
    monkeypatch.setattr(asking_many, "WATCH_SECONDS", 0.01)


def test_a_stopped_scoring_keeps_its_scores_and_goes_on_when_asked(run, judge, quick_watch, cast):
    scoring = ask(run, judge, rubric())
    respondent = Interrupted(lambda: stop(scoring, cast.researcher))
    ScoringWorker(scoring.pk, respondent=respondent).work()
    scoring.refresh_from_db()
    assert (scoring.state, len(scores(scoring)), len(respondent.asked)) == ("stopped", 1, 2)
    assert AuditEvent.objects.get(verb="stop scoring").actor == cast.researcher
    assert not free(Scoring.objects.all()).exists()
    asked, scoring = work(ask(run, judge, rubric()), "prosocial")
    assert (asked, scoring.state) == (3, "complete")


def test_a_worker_told_to_end_gives_its_scoring_back(run, judge, quick_watch):
    scoring = ask(run, judge, rubric())
    told = threading.Event()
    respondent = Interrupted(told.set)
    ScoringWorker(scoring.pk, ending=told.is_set, respondent=respondent).work()
    scoring.refresh_from_db()
    assert (scoring.state, scoring.lease_owner, scoring.attempts) == ("queued", "", 0)
    assert free(Scoring.objects.all()).get() == scoring


def test_a_long_answer_does_not_cost_the_lease(run, judge, quick_watch, monkeypatch):
    monkeypatch.setattr(Scoring, "LEASE", timedelta(seconds=0.04))
    worker = ScoringWorker(ask(run, judge, rubric()).pk)
    renewed = threading.Event()

    class Slow(Judge):
        async def reply(self, request):
            first = (await asking_many._db(Scoring.objects.get)()).lease_expires_at
            for _ in range(200):
                await asking_many.asyncio.sleep(0.01)
                if (await asking_many._db(Scoring.objects.get)()).lease_expires_at > first:
                    renewed.set()
                    break
            return Reply("prosocial")

    worker.respondent = Slow("prosocial")
    worker.work()
    assert renewed.is_set()


def test_waiting_and_abandoned_scorings_are_nudged_once_a_minute(
    run, judge, django_capture_on_commit_callbacks
):
    scoring = ask(run, judge, rubric())
    nudges = []
    for change in (lambda: None, lambda: None, lambda: died(scoring)):
        change()
        with django_capture_on_commit_callbacks() as callbacks:
            tasks.sweep(only_abandoned=True)
        nudges.append(len(callbacks))
        Scoring.objects.update(nudged_at=timezone.now() - timedelta(seconds=30 * len(nudges)))
    assert nudges == [1, 0, 1]


def test_the_task_scores_the_run(run, judge, monkeypatch):
    scoring = ask(run, judge, rubric())
    monkeypatch.setattr(
        scorings, "score_with_rubric", lambda *_, **__: asking_many.Inquiry(judge, len, max)
    )
    assert tasks.score_run.func(scoring.pk) is True
    assert tasks.score_run.func(scoring.pk) is False
    assert tasks.score_run.func(0) is False


def test_a_plan_counts_what_is_left_and_prices_it(run, judge):
    judge.input_price, judge.output_price = Decimal(1_000_000), Decimal(0)
    judge.requests_per_minute = 6
    plan = plan_scoring(run, judge, rubric())
    assert (plan.trials, plan.calls, plan.seconds) == (4, 4, 40)
    assert plan.cost == plan.input_tokens > 4 * 200
    assert not Scoring.objects.exists()
    work(ask(run, judge, rubric()), "prosocial")
    assert plan_scoring(run, judge, rubric()).calls == 0


def test_a_plan_of_a_second_reader_counts_open_answers(make_trial, judge):
    run = make_trial(WITHOUT).run
    plan = plan_scoring(run, judge, None)
    assert (plan.trials, plan.calls, plan.cost) == (1, 1, None)
    assert plan.reason == "judge: no prices are stated"


def test_a_plan_says_when_a_model_would_judge_itself(run, judge):
    assert not plan_scoring(run, judge, rubric()).judges_itself
    judge.model = "simulated"
    assert plan_scoring(run, judge, rubric()).judges_itself


def test_a_trial_complete_later_is_scored_when_asked_again(run, judge):
    late = run.trials.last()
    Trial.objects.filter(pk=late.pk).update(state="running")
    asked, scoring = work(ask(run, judge, rubric()), "prosocial")
    assert (asked, scoring.state) == (3, "complete")
    Trial.objects.filter(pk=late.pk).update(state="complete")
    asked, scoring = work(ask(run, judge, rubric()), "prosocial")
    assert (asked, len(scores(scoring))) == (1, 4)
