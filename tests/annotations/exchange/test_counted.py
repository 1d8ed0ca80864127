"""Which judgments count: one rule, and the plain SQL of the exchange keeps to it."""

from itertools import product

import pytest
from django.utils import timezone

from analysis.data.queries import judgment_columns
from annotations.exchange import locking, storing
from annotations.exchange.locking import lock_place
from annotations.models import Assignment, Item, Judgment
from tests.annotations.conftest import make_rater, make_text_study

pytestmark = pytest.mark.django_db

JUDGED, WITHDRAWN = Assignment.State.JUDGED, Assignment.State.WITHDRAWN
CASES = list(product((True, False), (True, False), (True, False), (JUDGED, WITHDRAWN)))
"""Current, regular, by an excluded rater, and whether the place is still held."""


@pytest.fixture
def item(cast) -> Item:
    """An item with a judgment of every kind there can be, each labelled by what it is."""
    study = make_text_study(cast.project, 1, overlap=20)
    item = study.items.get()
    now = timezone.now()
    for current, regular, excluded, state in CASES:
        rater = make_rater(study)
        if excluded:
            rater.excluded_at, rater.excluded_reason = now, "guessing"
            rater.save()
        held = Assignment.objects.create(
            item=item,
            rater=rater,
            state=state,
            is_regular=regular,
            round=0 if regular else 1,
            reserved_at=now,
            expires_at=now,
        )
        Judgment.objects.create(
            assignment=held,
            item=item,
            rater=rater,
            is_current=current,
            is_regular=regular,
            label=label_of(current, regular, excluded, state),
        )
    return item


def label_of(current: bool, regular: bool, excluded: bool, state: str) -> str:
    return f"{current} {regular} {excluded} {state}"


def test_regular_current_judgments_count_while_nobody_has_their_place(item):
    counted = Judgment.objects.counted().values_list("label", flat=True)
    assert list(counted) == [label_of(True, True, False, JUDGED)]


def test_exclusion_takes_no_place(item):
    in_place = Judgment.objects.in_place().values_list("label", flat=True)
    assert list(in_place) == [label_of(True, True, excluded, JUDGED) for excluded in (True, False)]


def test_each_judgment_says_whether_it_counts(item):
    told = Judgment.objects.with_counted().filter(is_counted=True)
    assert list(told) == list(Judgment.objects.counted())
    assert {row.is_counted for row in Judgment.objects.with_counted()} == {True, False}


def test_exchange_counts_by_the_same_rule(item):
    place = lock_place(*Assignment.objects.filter(is_regular=True).values_list("rater", "pk")[0])[1]
    said = storing.current_judgments(place)
    assert {row.id for row in said} == set(Judgment.objects.current().values_list("pk", flat=True))
    counted = {row.id for row in said if row.counts}
    assert counted == set(Judgment.objects.counted().values_list("pk", flat=True))


def test_a_judgment_that_is_about_to_be_stored_counts_by_the_same_rule(item):
    counted = set(Judgment.objects.counted().values_list("assignment", flat=True))
    for assignment in Assignment.objects.filter(judgments__is_current=True):
        line, place = lock_place(assignment.rater_id, assignment.pk)
        assert locking.counts(line, place) is (assignment.pk in counted)


def test_what_was_given_on_is_regular_and_does_not_count(item):
    given_on = set(Judgment.objects.given_on())
    assert given_on
    assert given_on.isdisjoint(Judgment.objects.counted())
    assert given_on < set(Judgment.objects.regular())


def test_reports_are_made_from_judgments_in_place(item):
    columns = judgment_columns(item.study)
    assert set(columns["id"]) == set(Judgment.objects.in_place().values_list("pk", flat=True))
