"""A rater is paused, excluded, included again: judgments stay, what counts changes, on record."""

import pytest
from django.db import IntegrityError
from django.utils import timezone

from accounts.models import AuditEvent
from annotations.exchange.assignment import current_or_next
from annotations.judging.judging import submit
from annotations.judging.results import Result
from annotations.judging.sent import Form
from annotations.judging.skipping import skip
from annotations.models import Assignment, Dispute, Item, Judgment, Rater
from annotations.taking_part.excluding import (
    ExclusionRefused,
    exclude,
    include,
    left_out,
    pause,
    resume,
)
from tests.annotations.conftest import make_rater, make_study, make_text_study, make_trial

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(cast):
    return make_text_study(cast.project, 4, overlap=2)


def judge_all(study, label: str = "prosocial", name: str = ""):
    rater = make_rater(study, name)
    held = current_or_next(rater)
    while held:
        held = submit(rater, Form(assignment_id=held.pk, revision=0, label=label)).next
    return rater


def places(study) -> list[int]:
    return list(study.items.order_by("position").values_list("taken", flat=True))


def holds(study) -> None:
    """The counter of every item is what its assignments say."""
    for item in study.items.all():
        held = item.assignments.filter(state__in=["reserved", "judged"], is_regular=True).count()
        assert item.taken == held <= item.places


def test_excluding_keeps_the_judgments_and_counts_them_no_more(cast, study):
    rater, other = judge_all(study), judge_all(study)
    before = list(Judgment.objects.values())
    assert exclude(rater, cast.researcher, " answers at random ") == 0
    assert list(Judgment.objects.values()) == before
    assert set(Judgment.objects.counted().values_list("rater", flat=True)) == {other.pk}
    assert places(study) == [2, 2, 2, 2]
    event = AuditEvent.objects.get(verb="rater excluded")
    assert (event.actor, event.detail["reason"]) == (cast.researcher, "answers at random")
    ((found),) = left_out(study)
    assert (found.rater, found.judgments, found.reason) == (rater, 4, "answers at random")


def test_their_places_can_be_given_on_and_are_judged_by_others(cast, study):
    rater = judge_all(study)
    judge_all(study)
    assert exclude(rater, cast.researcher, "too fast", reopen_places=True) == 4
    assert places(study) == [1, 1, 1, 1]
    holds(study)
    assert current_or_next(rater) is None
    judge_all(study, "competitive")
    assert places(study) == [2, 2, 2, 2]
    holds(study)
    assert Judgment.objects.counted().count() == 8


def test_an_included_rater_counts_again(cast, study):
    rater = judge_all(study)
    exclude(rater, cast.researcher, "too fast", reopen_places=True)
    assert include(rater, cast.researcher, "the clock was wrong") == 0
    assert Judgment.objects.counted().filter(rater=rater).count() == 4
    assert places(study) == [1, 1, 1, 1]
    holds(study)
    assert not list(left_out(study))


def test_judgments_whose_place_was_given_on_stay_out(cast, study):
    rater = judge_all(study)
    judge_all(study)
    exclude(rater, cast.researcher, "too fast", reopen_places=True)
    third = make_rater(study)
    held = current_or_next(third)
    submit(third, Form(assignment_id=held.pk, revision=0, label="unclear"))
    third.assignments.filter(state="reserved").update(expires_at="2020-01-01T00:00Z")
    assert include(rater, cast.researcher, "by mistake") == 2
    holds(study)
    counted = Judgment.objects.counted()
    assert all(counted.filter(item=item).count() <= item.places for item in study.items.all())
    ((found),) = left_out(study)
    assert (found.rater, found.judgments) == (rater, 2)
    assert found.reason.startswith("their places were given on")


def test_disputes_go_by_the_judgments_that_count(cast, cell):
    study = make_study(cast.project, [make_trial(cell)], overlap=2)
    judge_all(study, "prosocial")
    wild = judge_all(study, "competitive")
    assert Dispute.objects.get().state == "open"
    exclude(wild, cast.researcher, "answers at random")
    assert Dispute.objects.get().state == "withdrawn"
    include(wild, cast.researcher, "by mistake")
    assert Dispute.objects.get().state == "open"


def test_a_judgment_whose_place_was_given_on_is_not_skipped(cast, study):
    rater = judge_all(study)
    exclude(rater, cast.researcher, "too fast", reopen_places=True)
    place = rater.assignments.first()
    assert skip(rater, place.pk, "other").result is Result.JUDGED_BEFORE
    assert include(rater, cast.researcher, "a mistake") == 0
    holds(study)


def test_excluding_frees_what_the_rater_holds(cast, study):
    rater = make_rater(study)
    current_or_next(rater)
    exclude(rater, cast.researcher, "left")
    assert places(study) == [0, 0, 0, 0]
    assert rater.assignments.get().state == Assignment.State.RELEASED


def test_a_paused_rater_counts_and_holds_nothing(cast, study):
    rater = make_rater(study)
    held = current_or_next(rater)
    submit(rater, Form(assignment_id=held.pk, revision=0, label="prosocial"))
    pause(rater, cast.researcher, "a look at their answers first")
    assert Judgment.objects.counted().count() == 1
    assert sum(places(study)) == 1
    rater.refresh_from_db()
    assert rater.paused_by_staff
    resume(rater, cast.researcher, "they are fine")
    rater.refresh_from_db()
    assert not rater.paused_by_staff


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (include, "is not excluded"),
        (resume, "is not paused"),
        (lambda rater, actor, reason: exclude(rater, actor, "  "), "Give the reason"),
        (lambda rater, actor, reason: pause(rater, actor, "x" * 301), "shorten it to 300"),
    ],
)
def test_what_makes_no_sense_is_refused(cast, study, act, words):
    rater = judge_all(study)
    with pytest.raises(ExclusionRefused, match=words):
        act(rater, cast.researcher, "because")
    assert not AuditEvent.objects.filter(verb__startswith="rater").exists()


def test_nobody_is_excluded_twice_or_resumed_while_excluded(cast, study):
    rater = judge_all(study)
    exclude(rater, cast.researcher, "once", reopen_places=True)
    with pytest.raises(ExclusionRefused, match="excluded already"):
        exclude(rater, cast.researcher, "twice", reopen_places=True)
    with pytest.raises(ExclusionRefused, match="include them again first"):
        resume(rater, cast.researcher, "go on")
    assert Item.objects.filter(taken__gt=0).count() == 0


@pytest.mark.parametrize("half", [{"excluded_at": timezone.now()}, {"excluded_reason": "guessing"}])
def test_the_database_takes_no_half_of_an_exclusion(study, half):
    with pytest.raises(IntegrityError, match="excluded_with_reason"):
        Rater.objects.create(study=study, pseudonym="somebody", **half)
