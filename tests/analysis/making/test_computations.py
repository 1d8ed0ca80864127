"""Reports that are looked at: computed once a state of the study, long ones by a worker."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from analysis import tasks
from analysis.data.parameters import ParameterError, Parameters
from analysis.making import computations
from analysis.making.computations import HELD, look, refresh, work
from analysis.making.reporting import keep_report, make_report
from analysis.models import Computation, DataSet, Report
from annotations.models import AutomatedLabel
from evaluations.background import ending
from evaluations.background.leases import Held
from tests.analysis.studies import add_judgments, imported_study

pytestmark = pytest.mark.django_db
ROWS = [(f"i{at}", rater, "yes" if at % 3 else "no") for at in range(12) for rater in "abc"]
QUICK = Parameters(replicates=200)
State = Computation.State


@pytest.fixture
def study(cast):
    return imported_study(
        cast.project, ROWS, categories=["yes", "no"], automated={"metric": {"i0": "no"}}
    )


@pytest.fixture
def long(monkeypatch):
    monkeypatch.setattr("analysis.making.computations.AT_ONCE", 1)


def judge(study, value="yes"):
    items = {item.external_id: item for item in study.items.all()}
    known = study.raters.count()
    add_judgments(study, items, [("i0", f"new{known}", value)])


def address(study, name="report", *more):
    return reverse(name, args=["lab", study.slug, *more])


def silence(computation):
    gone = timezone.now() - timedelta(seconds=1)
    Computation.objects.filter(pk=computation.pk).update(
        state=State.RUNNING, lease_owner="dead", lease_expires_at=gone
    )


# --- short ones -----------------------------------------------------------------------------------


def test_a_short_one_is_there_at_once_and_keeps_no_data_set(study):
    made = look(study, QUICK).made
    assert made.is_done
    assert made.result["overview"]["counts"]["judgments"] == 36
    assert not DataSet.objects.exists()
    assert not Report.objects.exists()


def test_an_unchanged_study_is_neither_read_nor_computed(study, django_assert_max_num_queries):
    look(study, QUICK)
    with django_assert_max_num_queries(15):
        assert look(study, QUICK).made.result["overview"]
    assert Computation.objects.count() == 1


def test_a_change_that_the_choices_leave_out_is_read_and_not_computed(study, monkeypatch):
    chosen = Parameters(replicates=200, scorer="metric")
    before = look(study, chosen).made
    AutomatedLabel.objects.create(item=study.items.first(), scorer="other", label="yes")
    monkeypatch.setattr("analysis.making.computations.compute", lambda *a: pytest.fail("computed"))
    after = look(study, chosen).made
    assert after.pk != before.pk
    assert (after.key, after.result) == (before.key, before.result)


def test_it_says_what_the_kept_report_says(study):
    made, kept = look(study, QUICK).made, make_report(study, QUICK)
    assert (made.key, made.result) == (kept.key, kept.result)
    assert made.sha256 == kept.data_set.sha256


def test_keeping_stores_what_was_seen_though_the_study_has_changed(study):
    seen = look(study, QUICK).made
    judge(study)
    kept = keep_report(seen)
    assert kept.key == seen.key
    assert kept.data_set.sha256 == seen.sha256
    assert make_report(study, QUICK).key != kept.key


def test_a_choice_the_study_has_not_is_refused_each_time(study):
    for _ in range(2):
        with pytest.raises(ParameterError, match="no rater zoe"):
            look(study, Parameters(exclude_raters=("zoe",)))


def test_only_the_newest_are_held(study):
    for seed in range(HELD + 2):
        look(study, Parameters(replicates=100, seed=seed))
    assert Computation.objects.count() == HELD
    assert not Computation.objects.filter(parameters__seed=0).exists()


def test_what_is_done_just_now_is_held_though_newer_ones_wait(study, long):
    """Whoever waits for it sees it, however many other choices were asked for meanwhile."""
    first = refresh(study, QUICK)
    for seed in range(HELD):
        refresh(study, Parameters(replicates=100, seed=seed))
    assert work(first.pk)
    assert computations.current(study, first.pk).is_done


# --- long ones ------------------------------------------------------------------------------------


def test_a_long_one_waits_for_a_worker(study, long, django_capture_on_commit_callbacks):
    seen = look(study, QUICK)
    assert (seen.made, seen.waiting.state) == (None, State.QUEUED)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.nudge(seen.waiting)
        tasks.nudge(seen.waiting)
    (queued,) = DBTaskResult.objects.all()
    assert queued.args_kwargs["args"] == [seen.waiting.pk]
    assert tasks.compute_report.func(seen.waiting.pk)
    assert look(study, QUICK).made.pk == seen.waiting.pk


def test_a_second_nudge_computes_nothing(study, long):
    waiting = look(study, QUICK).waiting
    assert work(waiting.pk)
    assert not work(waiting.pk)


def test_it_tells_how_far_it_is(study, long, monkeypatch):
    told = []
    real = Held.renew

    def renew(held, **columns):
        real(held, **columns)
        row = Computation.objects.get(pk=held.row.pk)
        told.append((round(row.share, 3), row.doing, row.state))

    monkeypatch.setattr(Held, "renew", renew)
    work(look(study, QUICK).waiting.pk)
    shares = [share for share, _, _ in told]
    assert shares == sorted(shares)
    assert 0 == shares[0] < shares[1] < shares[-1] < 1
    assert all(doing and state == State.RUNNING for _, doing, state in told)


def test_a_dead_workers_report_is_taken_up_again(study, long):
    waiting = look(study, QUICK).waiting
    silence(waiting)
    assert work(waiting.pk)
    assert look(study, QUICK).made.attempts == 1


def test_a_worker_at_it_is_left_alone(study, long):
    waiting = look(study, QUICK).waiting
    later = timezone.now() + timedelta(minutes=1)
    Computation.objects.update(state=State.RUNNING, lease_owner="x", lease_expires_at=later)
    assert not work(waiting.pk)


def test_a_worker_that_lost_its_lease_stores_nothing(study, long, monkeypatch):
    waiting = look(study, QUICK).waiting

    def robbed(*arguments):
        Computation.objects.update(lease_owner="another")
        return extract(*arguments)

    extract = computations.extract
    monkeypatch.setattr("analysis.making.computations.extract", robbed)
    assert not work(waiting.pk)
    assert Computation.objects.get().state == State.RUNNING
    assert Computation.objects.get().key == ""


def test_a_worker_told_to_end_leaves_its_report_to_the_next(
    study, long, monkeypatch, django_capture_on_commit_callbacks
):
    waiting = look(study, QUICK).waiting

    def told(*arguments):
        monkeypatch.setattr(ending, "_told", True)
        return extract(*arguments)

    extract = computations.extract
    monkeypatch.setattr("analysis.making.computations.extract", told)
    with django_capture_on_commit_callbacks() as nudges:
        assert not tasks.compute_report.func(waiting.pk)
    left = Computation.objects.get()
    assert (left.state, left.attempts, left.lease_owner) == (State.QUEUED, 0, "")
    assert len(nudges) == 1


def test_a_report_that_kills_its_workers_is_given_up(study, long):
    waiting = look(study, QUICK).waiting
    Computation.objects.update(attempts=Computation.ATTEMPTS)
    silence(waiting)
    assert not work(waiting.pk)
    assert "died 3 times" in Computation.objects.get().error


def test_a_fault_is_kept_with_its_reason_and_can_be_tried_again(study, long, monkeypatch):
    waiting = look(study, QUICK).waiting
    with monkeypatch.context() as broken:
        broken.setattr("analysis.making.computations.compute", lambda *a: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            work(waiting.pk)
    failed = look(study, QUICK).waiting
    assert failed.has_failed
    assert "ZeroDivisionError" in failed.error
    refresh(study, QUICK)
    assert work(waiting.pk)


def test_the_last_report_is_shown_while_nobody_asked_for_a_newer(study, long):
    work(look(study, QUICK).waiting.pk)
    judge(study)
    seen = look(study, QUICK)
    assert seen.as_it_was
    assert seen.made.is_done
    assert seen.waiting is None
    newer = refresh(study, QUICK)
    assert look(study, QUICK).waiting == newer
    work(newer.pk)
    assert look(study, QUICK).made == newer


# --- the page -------------------------------------------------------------------------------------


def test_page_of_a_long_report_shows_progress_and_then_the_report(cast, study, long):
    client = cast.client("researcher")
    response = client.get(address(study))
    waiting = response.context["waiting"]
    progress = address(study, "report_progress", waiting.pk)
    assert f'hx-get="{progress}"' in response.content.decode()
    assert "<progress" in client.get(progress).content.decode()
    assert "HX-Refresh" not in client.get(progress).headers
    work(waiting.pk)
    assert client.get(progress)["HX-Refresh"] == "true"
    assert "The answer in words" in client.get(address(study)).content.decode()


def test_what_is_not_there_yet_leads_to_the_page(cast, study, long):
    response = cast.client("researcher").get(address(study, "report_archive"), {"exclude": "a"})
    assert response.status_code == 302
    assert response["Location"] == f"{address(study)}?exclude=a"


def test_a_failed_report_says_why_and_offers_another_try(cast, study, long):
    client = cast.client("researcher")
    client.get(address(study), {"exclude": "zoe"})
    tasks.compute_report.func(Computation.objects.get().pk)
    body = client.get(address(study), {"exclude": "zoe"}).content.decode()
    assert "The study has no rater zoe" in body
    assert f'action="{address(study, "report_refresh")}?exclude=zoe"' in body
    client.post(f"{address(study, 'report_refresh')}?exclude=zoe")
    assert Computation.objects.get().state == State.QUEUED


def test_another_studys_progress_is_not_shown(cast, study, long):
    other = imported_study(cast.project, ROWS, categories=["yes", "no"], name="Other")
    waiting = look(other, QUICK).waiting
    response = cast.client("researcher").get(address(study, "report_progress", waiting.pk))
    assert response.context["waiting"] is None


def test_a_kept_report_has_an_address_of_its_own(cast, study):
    client = cast.client("researcher")
    key = client.get(address(study)).context["report"].key
    response = client.post(address(study, "report_keep"), {"key": key})
    assert response["Location"] == f"{address(study)}?kept={key}"
    judge(study)
    page = client.get(response["Location"])
    assert page.context["report"].key == key
    assert page.context["result"]["overview"]["counts"]["judgments"] == 36
    assert f"archive.zip?kept={key}" in page.content.decode()
    assert f"{address(study)}?kept={key}" in client.get(address(study)).content.decode()


def test_a_report_that_was_replaced_cannot_be_kept(cast, study):
    response = cast.client("researcher").post(address(study, "report_keep"), {"key": "x" * 64})
    assert response["Location"] == address(study)
    assert not Report.objects.exists()


def test_an_unknown_kept_report_is_404(cast, study):
    assert cast.client("researcher").get(address(study), {"kept": "x"}).status_code == 404


def test_exporting_keeps_the_report(cast, study):
    cast.client("researcher").get(address(study, "report_file", "json"))
    assert Report.objects.get().data_set.study == study
