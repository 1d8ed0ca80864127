"""The plain statements of one exchange: whose rows they touch, and what they keep locked."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from annotations.exchange import locking, reserving, storing
from annotations.exchange.assignment import current_or_next
from annotations.models import Assignment, Item, Judgment, Rater, Study
from tests.annotations.conftest import make_rater, make_text_study


def store(held: Assignment, question_version: int = 1) -> bool:
    """Store a first judgment of a place, asked as in that version of the question."""
    line, _place = locking.lock_place(held.rater_id, held.pk)
    line.judged += 1
    return storing.store_first(
        timezone.now(),
        line,
        held.item.study_id,
        question_version,
        assignment_id=held.pk,
        item_id=held.item_id,
        rater_id=held.rater_id,
        revision=0,
        is_regular=True,
        guideline_id=None,
        label="prosocial",
        number=None,
        answers={},
        at_once=[],
        confidence=None,
        comment="",
        seconds=None,
        away_seconds=None,
        focus_losses=None,
    )


@pytest.mark.django_db
def test_a_first_judgment_closes_its_own_place_and_counts_for_its_own_rater(cast):
    study = make_text_study(cast.project, 2)
    held, other = (current_or_next(make_rater(study)) for _ in range(2))
    assert store(held)
    assert dict(Assignment.objects.values_list("pk", "state")) == {
        held.pk: "judged",
        other.pk: "reserved",
    }
    assert dict(Rater.objects.values_list("pk", "judged")) == {held.rater_id: 1, other.rater_id: 0}
    held.refresh_from_db()
    assert held.closed_at is not None


@pytest.mark.django_db
def test_a_first_judgment_is_stored_once_however_many_studies_ask_the_same(cast):
    for _ in range(2):
        make_text_study(cast.project, 1)
    study = make_text_study(cast.project, 1)
    assert store(current_or_next(make_rater(study)))
    assert Judgment.objects.count() == 1


@pytest.mark.django_db
def test_the_version_that_another_study_asks_is_not_the_own(cast):
    make_text_study(cast.project, 1)
    study = make_text_study(cast.project, 1)
    held = current_or_next(make_rater(study))
    Study.objects.filter(pk=study.pk).update(question_version=2)
    with transaction.atomic():
        assert not store(held, question_version=1)
        transaction.set_rollback(True)
    assert not Judgment.objects.exists()


# --- locks ----------------------------------------------------------------------------------------


@pytest.fixture
def held(cast, many_connections) -> Assignment:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time and no locks of rows")
    return current_or_next(make_rater(make_text_study(cast.project, 1)))


def is_free(model, key: int, close) -> bool:
    """Whether somebody else could change the row now."""

    def look() -> bool:
        try:
            with transaction.atomic():
                model.objects.select_for_update(nowait=True, no_key=True).get(pk=key)
        except OperationalError:
            return False
        finally:
            close()
        return True

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(look).result(30)


@pytest.mark.django_db(transaction=True)
def test_a_locked_rater_is_nobody_elses_until_the_end(held, many_connections):
    with transaction.atomic():
        locking.lock_rater(held.rater_id)
        assert not is_free(Rater, held.rater_id, many_connections)
    assert is_free(Rater, held.rater_id, many_connections)


@pytest.mark.django_db(transaction=True)
def test_a_locked_place_locks_its_rater_and_leaves_its_item_free(held, many_connections):
    with transaction.atomic():
        locking.lock_place(held.rater_id, held.pk)
        assert not is_free(Rater, held.rater_id, many_connections)
        assert not is_free(Assignment, held.pk, many_connections)
        assert is_free(Item, held.item_id, many_connections)


@pytest.mark.django_db(transaction=True)
def test_an_item_that_somebody_is_just_taking_is_not_waited_for(held, many_connections):
    taken, may_go_on = Event(), Event()

    def take() -> None:
        with transaction.atomic():
            reserving.take_place(held.item_id)
            taken.set()
            may_go_on.wait(30)
        many_connections()

    now = timezone.now()
    with ThreadPoolExecutor(1) as pool:
        busy = pool.submit(take)
        assert taken.wait(30)
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '2s'")
                other = make_rater(held.item.study)
                until = now + timedelta(minutes=1)
                assert not reserving.reserve_candidate(
                    held.item.study_id, other.pk, 0, 3, now=now, until=until
                )
        finally:
            may_go_on.set()
        busy.result(30)
