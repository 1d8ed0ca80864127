"""Items are given out emptiest first, never over their places, and given on when time runs out."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotations.exchange import assignment
from annotations.exchange.assignment import current_or_next
from annotations.exchange.releasing import release_expired
from annotations.judging.judging import submit
from annotations.judging.results import Result
from annotations.judging.sent import Form
from annotations.models import Assignment, Item, Rater, Study
from annotations.taking_part.parts import rater_for
from tests.annotations.conftest import make_rater, make_text_study

pytestmark = pytest.mark.django_db


def judge(rater: Rater, held: Assignment, label: str = "prosocial"):
    return submit(rater, Form(assignment_id=held.pk, revision=0, label=label))


def judge_all(rater: Rater) -> list[int]:
    """Judge until nothing is left; the positions in the order they came."""
    held, seen = current_or_next(rater), []
    while held is not None:
        seen.append(held.item.position)
        held = judge(rater, held).next
    return seen


def run_out(held: Assignment) -> None:
    Assignment.objects.filter(pk=held.pk).update(expires_at=timezone.now() - timedelta(seconds=1))


def test_a_rater_judges_every_item_once(cast):
    study = make_text_study(cast.project, 12)
    assert sorted(judge_all(make_rater(study))) == list(range(1, 13))


def test_asking_again_gives_the_same_place_with_its_time_renewed(cast):
    rater = make_rater(make_text_study(cast.project, 5))
    first = current_or_next(rater)
    run_out(first)
    again = current_or_next(rater)
    assert again.pk == first.pk
    assert again.expires_at > timezone.now() + assignment.RESERVED_FOR - timedelta(minutes=1)


def test_the_emptiest_items_go_first(cast):
    study = make_text_study(cast.project, 9)
    for _ in range(2):
        rater = make_rater(study)
        for _ in range(6):
            held = current_or_next(rater)
            judge(rater, held)
    taken = list(Item.objects.values_list("taken", flat=True))
    assert set(taken) <= {1, 2}
    assert sum(taken) >= 12


def test_raters_meet_the_items_in_different_orders(cast):
    study = make_text_study(cast.project, 20, overlap=4)
    orders = [judge_all(make_rater(study)) for _ in range(3)]
    assert len({tuple(order) for order in orders}) == 3
    assert all(order != sorted(order) for order in orders)


def test_the_order_of_a_rater_follows_from_the_seed(cast):
    study = make_text_study(cast.project, 20)
    rater = make_rater(study)
    orders = []
    for seed in (1, 1, 2):
        Study.objects.filter(pk=study.pk).update(seed=seed)
        rater.study.seed = seed
        with transaction.atomic():
            orders.append(judge_all(rater))
            transaction.set_rollback(True)
    assert orders[0] == orders[1] != orders[2]


def test_no_item_is_judged_more_often_than_it_has_places(cast):
    study = make_text_study(cast.project, 4, overlap=2)
    orders = [judge_all(make_rater(study)) for _ in range(3)]
    assert sum(map(len, orders)) == 8
    assert set(Item.objects.values_list("taken", flat=True)) == {2}


def test_nothing_is_left_when_all_places_are_taken(cast):
    study = make_text_study(cast.project, 1, overlap=1)
    current_or_next(make_rater(study))
    assert current_or_next(make_rater(study)) is None


def test_a_place_whose_time_ran_out_is_given_on(cast):
    study = make_text_study(cast.project, 1, overlap=1)
    slow, next_rater = make_rater(study), make_rater(study)
    run_out(current_or_next(slow))
    held = current_or_next(next_rater)
    assert held.item.position == 1
    assert Item.objects.get().taken == 1


def test_the_same_rater_can_get_a_place_back_that_ran_out(cast):
    study = make_text_study(cast.project, 1, overlap=1)
    rater = make_rater(study)
    first = current_or_next(rater)
    run_out(first)
    assert release_expired(study) == 1
    again = current_or_next(rater)
    assert (again.pk, again.state, Item.objects.get().taken) == (first.pk, "reserved", 1)
    again.refresh_from_db()
    assert again.closed_at is None


def test_releasing_leaves_places_alone_that_have_time(cast):
    study = make_text_study(cast.project, 3)
    current_or_next(make_rater(study))
    assert release_expired(study) == 0
    assert Item.objects.filter(taken=1).count() == 1


def test_a_late_judgment_counts_while_the_place_is_still_free(cast):
    study = make_text_study(cast.project, 1, overlap=1)
    rater = make_rater(study)
    held = current_or_next(rater)
    run_out(held)
    release_expired(study)
    assert judge(rater, held).result is Result.STORED
    assert Item.objects.get().taken == 1


def test_a_late_judgment_is_not_added_over_the_places(cast):
    study = make_text_study(cast.project, 1, overlap=1)
    slow, quick = make_rater(study), make_rater(study)
    held = current_or_next(slow)
    run_out(held)
    judge(quick, current_or_next(quick))
    assert judge(slow, held).result is Result.PLACE_GIVEN_ON
    assert Item.objects.get().judgments.count() == 1


def test_a_late_judgment_leaves_the_rater_the_place_they_hold_now(cast):
    study = make_text_study(cast.project, 2, overlap=1)
    rater = make_rater(study)
    late = current_or_next(rater)
    run_out(late)
    release_expired(study)
    other = Item.objects.exclude(pk=late.item_id).get()
    Item.objects.filter(pk=other.pk).update(taken=1)
    now = timezone.now()
    held = Assignment.objects.create(
        item=other, rater=rater, reserved_at=now, expires_at=now + timedelta(minutes=5)
    )
    assert judge(rater, late).next.pk == held.pk


@pytest.mark.parametrize("state", ["draft", "paused", "closed"])
def test_a_study_that_is_not_open_gives_nothing(cast, state):
    study = make_text_study(cast.project, 2, state=state)
    assert current_or_next(make_rater(study)) is None


def test_a_study_paused_meanwhile_keeps_the_judgment_and_gives_no_next(cast):
    study = make_text_study(cast.project, 2)
    rater = make_rater(study)
    held = current_or_next(rater)
    Study.objects.update(state="paused")
    submitted = judge(rater, held)
    assert (submitted.result, submitted.next) == (Result.STORED, None)


def test_one_person_takes_part_once(cast):
    study = make_text_study(cast.project, 2)
    assert rater_for(study, cast.rater).pk == rater_for(study, cast.rater).pk


def test_a_pseudonym_tells_nothing_of_the_person(cast):
    study = make_text_study(cast.project, 2)
    pseudonym = rater_for(study, cast.researcher).pseudonym
    assert cast.researcher.username not in pseudonym
    assert cast.researcher.email not in pseudonym


def test_the_database_refuses_more_than_the_places(cast):
    study = make_text_study(cast.project, 1, overlap=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.update(taken=2)
    assert study.items.get().taken == 0


def test_the_database_refuses_a_second_reservation_of_one_rater(cast):
    study = make_text_study(cast.project, 2)
    rater = make_rater(study)
    held = current_or_next(rater)
    other = Item.objects.exclude(pk=held.item_id).get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(
            item=other, rater=rater, reserved_at=held.reserved_at, expires_at=held.expires_at
        )


def test_a_reservation_costs_the_same_number_of_queries_however_much_was_judged(cast):
    study = make_text_study(cast.project, 30)
    rater = make_rater(study)
    held, counts = current_or_next(rater), []
    for _ in range(20):
        with CaptureQueriesContext(connection) as queries:
            held = judge(rater, held).next
        counts.append(len(queries))
    assert len(set(counts)) == 1
    assert counts[0] <= 16
