"""Progress, pace, spend and errors are counted from the rows of a run."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEvent
from evaluations.costs.estimates import estimate
from evaluations.definitions.catalogue import instrument, prompt_pack
from evaluations.models import Endpoint, Run, Score, Trial, Turn
from evaluations.running.conversations import advance, cancel, pause, resume
from evaluations.running.planning import Design, extend_run
from evaluations.running.run_progress import cell_progress, errors_by_kind, hands, pace
from evaluations.running.spending import spend

pytestmark = pytest.mark.django_db

PRICED = {"input_price": Decimal("2"), "output_price": Decimal("10"), "currency": "EUR"}


@pytest.fixture
def model_endpoint(project):
    return Endpoint(
        name="model", kind=Endpoint.Kind.OPENAI, model="m", base_url="http://127.0.0.1/v1", **PRICED
    )


def answered(run, position=1, usage=None, trial=None):
    return Turn.objects.create(
        trial=trial or run.trials.first(),
        position=position,
        role="assistant",
        step="goal",
        text="x",
        call={"usage": usage} if usage else {},
    )


def test_trials_are_counted_by_cell_and_state(make_run, django_assert_num_queries):
    run = make_run(with_goal=[True, False], trials_per_cell=4)
    first = run.cells.first()
    for state in ("running", "complete", "failed"):
        pk = first.trials.filter(state="planned").first().pk
        Trial.objects.filter(pk=pk).update(state=state)
    with django_assert_num_queries(2):
        found, untouched = cell_progress(run)
    assert (found.planned, found.running, found.complete, found.failed) == (1, 1, 1, 1)
    assert (found.total, found.ended, found.percent) == (4, 2, 50)
    assert (untouched.total, untouched.percent) == (4, 0)


def test_the_pace_gives_the_time_left(make_run):
    run, now = make_run(trials_per_cell=10), timezone.now()
    ids = list(run.trials.values_list("pk", flat=True)[:4])
    minute = timedelta(minutes=1)
    Trial.objects.filter(pk__in=ids).update(
        state="complete", started_at=now - 2 * minute, finished_at=now - minute
    )
    found = pace(run, now)
    assert found.trials_per_minute == pytest.approx(2)
    assert found.seconds_left == pytest.approx(180)


def test_a_pace_that_is_unknown_says_why(make_run):
    run = make_run()
    assert pace(run).trials_per_minute is None
    assert "no trial was completed" in pace(run).reason
    advance(run)
    run.refresh_from_db()
    assert pace(run).seconds_left is None and pace(run).reason == "the run is complete"


def test_open_trials_are_held_due_or_resting(make_run, django_assert_num_queries):
    run, now = make_run(trials_per_cell=6), timezone.now()
    minute = timedelta(minutes=1)
    held, silent, resting, rested, done, _ = run.trials.all()
    for trial, state, lease in (
        (held, "running", now + minute),
        (silent, "running", now - minute),
        (resting, "planned", now + minute),
        (rested, "planned", now - minute),
        (done, "complete", None),
    ):
        Trial.objects.filter(pk=trial.pk).update(state=state, lease_expires_at=lease)
    with django_assert_num_queries(1):
        found = hands(run, now)
    assert (found.held, found.due, found.resting, found.seconds) == (1, 3, 1, 60)
    assert not found.wait_for_worker
    held.delete()
    assert hands(run, now).wait_for_worker


def test_spend_is_what_the_endpoint_counted_at_its_price(make_run, model_endpoint):
    run = make_run(endpoint=model_endpoint)
    answered(run, 1, {"prompt_tokens": 1_000_000, "completion_tokens": 100_000})
    answered(run, 3, {"prompt_tokens": 500_000, "completion_tokens": 0})
    found = spend(run)
    assert (found.calls, found.input_tokens, found.output_tokens) == (2, 1_500_000, 100_000)
    assert (found.cost, found.currency) == (Decimal(4), "EUR")


def test_a_cost_that_cannot_be_known_is_undefined_with_its_reason(make_run, model_endpoint):
    run = make_run(endpoint=model_endpoint)
    answered(run, 1)
    assert spend(run).cost is None
    assert spend(run).reason == "model: no tokens were counted for some calls"
    Endpoint.objects.update(input_price=None)
    assert spend(run).reason == "model: no prices are stated"


def finish(trial, seconds_ago):
    """Say that a trial with one call of ten tokens was complete so long ago."""
    answered(trial.run, 1, {"prompt_tokens": 10, "completion_tokens": 1}, trial)
    finished = timezone.now() - timedelta(seconds=seconds_ago)
    Trial.objects.filter(pk=trial.pk).update(state="complete", finished_at=finished)


def test_spend_goes_on_counting_from_what_it_remembers(make_run, model_endpoint):
    run = make_run(endpoint=model_endpoint, trials_per_cell=6)
    first, second, late, under_way, *_ = run.trials.all()
    finish(first, 60)
    assert (spend(run).calls, spend(run).input_tokens) == (1, 10)
    finish(second, 1)
    answered(run, 1, {"prompt_tokens": 100, "completion_tokens": 1}, under_way)
    assert (spend(run).calls, spend(run).input_tokens) == (3, 120)
    finish(late, 90)  # stored by a worker whose clock is slow
    assert (spend(run).calls, spend(run).input_tokens) == (4, 130)


def test_complete_trials_are_summed_once(make_run, model_endpoint):
    run = make_run(endpoint=model_endpoint)
    finish(run.trials.first(), 60)
    spend(run)
    with CaptureQueriesContext(connection) as queries:
        spend(run)
    (summing,) = [query["sql"] for query in queries if "evaluations_turn" in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(summing)
        assert cursor.fetchall() == []


def test_the_simulated_respondent_costs_nothing(make_run):
    run = make_run()
    advance(run)
    assert (spend(run).cost, spend(run).calls) == (0, 18)


def test_errors_are_counted_by_kind(make_run):
    run = make_run(trials_per_cell=4)
    ids = list(run.trials.values_list("pk", flat=True))
    for pk, reason in zip(
        ids, ("timeout: 3 s", "timeout: 5 s", "the worker x went silent", ""), strict=True
    ):
        Trial.objects.filter(pk=pk).update(last_error=reason, state="failed")
    found = [(error.kind, error.trials) for error in errors_by_kind(run)]
    assert found == [("timeout", 2), ("worker", 1)]


def test_every_reason_of_a_kind_is_told_with_its_endpoint(make_run):
    run = make_run(trials_per_cell=8)
    for number, trial in enumerate(run.trials.all()):
        reason = f"server: status {500 + number % 7}"
        Trial.objects.filter(pk=trial.pk).update(last_error=reason, state="failed")
    (error,) = errors_by_kind(run)
    first, *others = [(one.trials, one.words, one.endpoint) for one in error.reasons]
    assert first == (2, "server: status 500", "run's respondent")
    assert [one[:2] for one in others] == [(1, f"server: status {n}") for n in range(501, 507)]


def test_reasons_beyond_what_is_shown_are_counted(make_run, monkeypatch):
    monkeypatch.setattr("evaluations.running.run_progress.REASONS_SHOWN", 2)
    run = make_run(trials_per_cell=5)
    for number, trial in enumerate(run.trials.all()):
        Trial.objects.filter(pk=trial.pk).update(last_error=f"server: {number}", state="failed")
    (error,) = errors_by_kind(run)
    assert (len(error.reasons), error.unnamed, error.unnamed_trials, error.trials) == (2, 3, 3, 5)


def test_an_extended_run_holds_the_same_trials_as_one_planned_so(make_run):
    small = make_run("small", trials_per_cell=2, with_goal=[True, False])
    endpoint = Endpoint.objects.get()
    large = make_run("large", endpoint, trials_per_cell=5, with_goal=[True, False])
    advance(small)
    assert extend_run(small, 5) == 6
    assert Score.objects.filter(trial__run=small).count() == 4
    resume(small)
    assert advance(small) == {"complete": 6}
    seeds = [
        set(run.trials.values_list("cell__with_goal", "number", "seed")) for run in (small, large)
    ]
    assert seeds[0] == seeds[1]
    assert AuditEvent.objects.filter(verb="extend run").exists()


def test_a_run_cannot_be_extended_to_fewer_trials(make_run):
    run = make_run(trials_per_cell=3)
    with pytest.raises(ValueError, match="give a larger number, not 3"):
        extend_run(run, 3)
    cancel(run)
    with pytest.raises(ValueError, match="nothing to add"):
        extend_run(run, 9)


def test_a_cancelled_run_keeps_what_was_done_and_does_no_more(make_run):
    run = make_run(trials_per_cell=3)
    done = run.trials.first()
    Trial.objects.filter(pk=done.pk).update(state="complete")
    pause(run)
    cancel(run)
    assert sorted(run.trials.values_list("state", flat=True)) == ["cancelled"] * 2 + ["complete"]
    assert advance(run) == {}
    run.refresh_from_db()
    assert run.state == Run.State.CANCELLED
    with pytest.raises(ValueError, match="nothing to run"):
        resume(run)
    with pytest.raises(ValueError, match="nothing to end"):
        cancel(run)


def test_an_estimate_counts_calls_tokens_money_and_time(project, model_endpoint):
    model_endpoint.requests_per_minute = 18
    design = Design(["prosocial"], with_goal=[True], trials_per_cell=10)
    found = estimate(design, [model_endpoint], instrument(), prompt_pack())
    assert (found.cells, found.trials, found.calls) == (1, 10, 90)
    assert found.seconds == pytest.approx(300)
    # Each question repeats all before it: far more goes in than comes out.
    assert found.input_tokens > 3 * found.output_tokens > 0
    expected = (2 * found.input_tokens + 10 * found.output_tokens) / Decimal(1_000_000)
    assert (found.cost, found.currency, found.unpriced) == (expected, "EUR", [])


def test_an_estimate_names_endpoints_without_prices(project, model_endpoint):
    model_endpoint.output_price = None
    found = estimate(Design(["prosocial"]), [model_endpoint], instrument(), prompt_pack())
    assert (found.cost, found.unpriced, found.seconds) == (None, ["model"], None)
