"""A lease of a piece of work: the same for every kind of work that there is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from analysis.models import Comparison, Computation
from annotations.models import Upload
from evaluations.background import ending, leases
from evaluations.background.happened import Event
from evaluations.background.leases import Held, LaterError, LeaveOffError, claim, do, free
from evaluations.models import Metric, Scoring, Work
from tests.analysis.studies import imported_study
from webhooks.models import Delivery, Message, Receiver

pytestmark = pytest.mark.django_db
A_MOMENT = timedelta(seconds=1)


def concrete(kind=Work):
    below = [found for child in kind.__subclasses__() for found in concrete(child)]
    return below if kind._meta.abstract else [kind, *below]


@pytest.fixture
def computation(cast):
    study = imported_study(cast.project, [("i", "a", "yes"), ("i", "b", "no")])

    def make(fingerprint="state"):
        named = {"fingerprint": fingerprint, "choices": "choices", "versions": {}}
        return Computation.objects.create(study=study, parameters={}, **named)

    return make


@pytest.fixture(params=concrete(), ids=lambda kind: kind.__name__)
def row(request, cast, computation, make_run, judge):
    """A piece of work of each kind, waiting."""
    kind = request.param
    if kind is Computation:
        return computation()
    if kind is Comparison:
        return Comparison.objects.create(first=computation(), second=computation("other"))
    if kind is Scoring:
        metric = Metric.objects.create(name="s", version="1", kind=Metric.Kind.RUBRIC)
        return Scoring.objects.create(run=make_run(), endpoint=judge, metric=metric)
    if kind is Delivery:
        receiver = Receiver.objects.create(project=cast.project, url="https://example.org/")
        message = Message.objects.create(project=cast.project, kind=Event.values[0])
        return Delivery.objects.create(receiver=receiver, message=message)
    if kind is Upload:
        owned = {"project": cast.project, "owner": cast.researcher}
        return Upload.objects.create(what="texts", name="texts.csv", **owned)
    raise AssertionError(f"say here how a {kind.__name__} is made")


def rows(row):
    return type(row).objects.all()


def take(row):
    return claim(rows(row), row.pk)


def state(row):
    row.refresh_from_db()
    return row.state


def go_silent(row):
    """Its worker has died, and the lease has run out since."""
    rows(row).update(lease_expires_at=timezone.now() - A_MOMENT)


def fail_with(error):
    def act(held):
        raise error

    return act


def test_the_states_every_kind_has(row):
    assert {row.QUEUED, row.RUNNING, row.FAILED, row.DONE} <= set(row.State.values)
    assert (row.state, row.is_under_way, row.is_done, row.has_failed) == ("queued", 1, 0, 0)


def test_one_worker_has_it(row):
    held = take(row)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.lease_owner) == ("running", 1, held.owner)
    left = row.lease_expires_at - timezone.now()
    assert row.LEASE - A_MOMENT < left <= row.LEASE
    assert take(row) is None
    assert not free(rows(row)).exists()


def test_silent_work_is_taken_up_by_another_and_lost_to_the_first(row):
    first = take(row)
    go_silent(row)
    second = take(row)
    assert (second.row.attempts, second.owner != first.owner) == (2, True)
    with pytest.raises(LeaveOffError, match="another worker has it"):
        first.renew()
    with pytest.raises(LeaveOffError, match="another worker has it"):
        first.watch()
    first.give_back()
    first.put_off("busy", A_MOMENT)
    assert not first.end(row.DONE)
    row.refresh_from_db()
    assert (row.state, row.lease_owner) == ("running", second.owner)


def test_work_that_kills_its_workers_is_given_up(row):
    for _ in range(row.ATTEMPTS):
        assert take(row)
        go_silent(row)
    assert take(row) is None
    assert state(row) == "failed"
    assert row.error.startswith(f"Its worker died {row.ATTEMPTS} times")
    assert row.finished_at


def test_a_heartbeat_keeps_it(row):
    held = take(row)
    go_silent(row)
    held.renew(error="so far")
    assert not free(rows(row)).exists()
    row.refresh_from_db()
    assert row.error == "so far"


def test_a_look_renews_when_a_quarter_of_the_lease_is_over(row):
    held = take(row)
    go_silent(row)
    held.watch()
    assert free(rows(row)).exists()
    held._renewed -= row.LEASE.total_seconds() / 4
    held.watch()
    assert not free(rows(row)).exists()


def test_done_with_what_was_found(row):
    assert do(rows(row), row.pk, lambda held: {"error": "all well"})
    row.refresh_from_db()
    assert (row.is_done, row.is_under_way, row.error, row.lease_owner) == (1, 0, "all well", "")
    assert row.finished_at
    assert not do(rows(row), row.pk, lambda held: pytest.fail("done again"))


def test_whoever_loses_it_on_the_way_stores_nothing(row):
    def robbed(held):
        rows(row).update(lease_owner="another")
        return {"error": "found"}

    assert not do(rows(row), row.pk, robbed)
    row.refresh_from_db()
    assert (row.state, row.lease_owner, row.error) == ("running", "another", "")


def test_an_error_with_words_for_the_reader_is_kept_in_them(row):
    with pytest.raises(KeyError):
        do(rows(row), row.pk, fail_with(KeyError("no such rater")), reasons=(KeyError,))
    assert state(row) == "failed"
    assert (row.error, row.has_failed) == ("'no such rater'", True)


def test_any_other_error_is_a_fault_of_the_program(row):
    over = []
    with pytest.raises(ValueError, match="bad"):
        do(rows(row), row.pk, fail_with(ValueError("bad \0")), after=over.append)
    assert state(row) == "failed"
    assert row.error == "This is a fault of the program (ValueError: bad \ufffd)."
    assert over == [row]


def test_a_killed_worker_leaves_it_as_it_is(row):
    with pytest.raises(SystemExit):
        do(rows(row), row.pk, fail_with(SystemExit()), after=lambda row: pytest.fail("over"))
    assert state(row) == "running"


def test_a_worker_told_to_end_gives_it_back_untouched(row, monkeypatch):
    def act(held):
        monkeypatch.setattr(ending, "_told", True)
        held.watch()

    assert not do(rows(row), row.pk, act, after=lambda row: pytest.fail("over"))
    row.refresh_from_db()
    assert (row.state, row.attempts, row.lease_owner) == ("queued", 0, "")
    assert free(rows(row)).get() == row


def test_what_did_not_succeed_rests_and_is_tried_again(row):
    act = fail_with(LaterError("status 503", timedelta(hours=1)))
    assert not do(rows(row), row.pk, act)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.error) == ("queued", 1, "status 503")
    assert take(row) is None
    go_silent(row)
    assert take(row).row.error == ""


def test_the_last_attempt_that_does_not_succeed_ends_it(row):
    rows(row).update(attempts=row.ATTEMPTS - 1)
    do(rows(row), row.pk, fail_with(LaterError("status 503", A_MOMENT)))
    assert state(row) == "failed"
    assert row.error == "status 503"


def test_what_is_over_can_be_asked_for_anew(row):
    assert not leases.take_up_again(rows(row))
    held = take(row)
    assert not leases.take_up_again(rows(row))
    held.end("failed", error="why")
    assert leases.take_up_again(rows(row))
    row.refresh_from_db()
    assert (row.state, row.attempts, row.error, row.finished_at) == ("queued", 0, "", None)
    assert take(row)


def test_what_is_called_off_is_nobodys(row):
    held = take(row)
    assert leases.call_off(rows(row), row.FAILED)
    with pytest.raises(LeaveOffError, match="it was stopped"):
        held.watch()
    held.give_back()
    assert state(row) == "failed"
    assert not leases.call_off(rows(row), row.FAILED)


def test_it_is_nudged_once_a_minute_while_nobody_has_it(row, django_capture_on_commit_callbacks):
    asked = []

    def nudged():
        asked.clear()
        with django_capture_on_commit_callbacks(execute=True):
            leases.nudge(rows(row), asked.append)
        return list(asked)

    assert nudged() == [row.pk]
    assert nudged() == []
    rows(row).update(nudged_at=timezone.now() - leases.NUDGE_AGAIN - A_MOMENT)
    assert nudged() == [row.pk]
    rows(row).update(nudged_at=None)
    held = take(row)
    assert nudged() == []
    held.give_back()
    assert nudged() == [row.pk]


def test_a_back_off_doubles_up_to_the_longest(monkeypatch):
    monkeypatch.setattr(leases.random, "uniform", lambda least, most: most)
    rests = [leases.back_off(attempts, timedelta(hours=1)) for attempts in (1, 3, 30)]
    assert rests == [timedelta(seconds=2), timedelta(seconds=8), timedelta(hours=1)]


def test_no_worker_has_the_name_of_another():
    assert Held(None, leases.worker_name()).owner != leases.worker_name()
