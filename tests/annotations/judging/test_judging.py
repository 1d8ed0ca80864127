"""A judgment is stored once, checked, and corrected by a further revision."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.append_only import AppendOnlyError
from annotations.exchange.assignment import current_or_next
from annotations.judging.judging import submit
from annotations.judging.places import UnknownAssignment
from annotations.judging.results import Result
from annotations.judging.sent import Form
from annotations.models import Judgment, Rater, Study
from annotations.questions.question import InvalidJudgment
from tests.annotations.conftest import make_rater, make_text_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def rater(cast) -> Rater:
    return make_rater(make_text_study(cast.project, 5))


def form(held, revision: int = 0, label: str = "prosocial", **fields) -> Form:
    return Form(assignment_id=held.pk, revision=revision, label=label, **fields)


def test_a_judgment_is_stored_with_all_that_was_said(rater):
    held = current_or_next(rater)
    submit(rater, form(held, confidence="4", comment="  it shares\n"))
    judgment = Judgment.objects.get()
    assert (judgment.label, judgment.confidence, judgment.comment) == ("prosocial", 4, "it shares")
    assert (judgment.revision, judgment.is_current) == (1, True)
    assert Rater.objects.get().judged == 1


def test_the_answer_to_a_judgment_is_the_next_item(rater):
    held = current_or_next(rater)
    submitted = submit(rater, form(held))
    assert submitted.result is Result.STORED
    assert submitted.next.item_id != held.item_id


def test_the_same_form_twice_counts_once_and_answers_with_the_next_item(rater):
    held = current_or_next(rater)
    first, second = submit(rater, form(held)), submit(rater, form(held))
    assert second.result is Result.ALREADY_STORED
    assert second.next.pk == first.next.pk
    assert [row.label for row in Judgment.objects.all()] == ["prosocial"]


def test_another_answer_from_a_second_tab_is_not_added_and_that_is_said(rater):
    held = current_or_next(rater)
    submit(rater, form(held))
    second = submit(rater, form(held, label="competitive"))
    assert second.result is Result.OTHER_STORED
    assert not second.result.is_kept
    assert "My last judgments" in second.result.words
    assert [row.label for row in Judgment.objects.all()] == ["prosocial"]


def test_a_correction_is_a_new_revision_and_the_old_one_stays(rater):
    held = current_or_next(rater)
    waiting = submit(rater, form(held)).next
    submitted = submit(rater, form(held, revision=1, label="competitive"))
    assert (submitted.result, submitted.next.pk) == (Result.CORRECTED, waiting.pk)
    rows = list(Judgment.objects.values_list("revision", "label", "is_current"))
    assert rows == [(1, "prosocial", False), (2, "competitive", True)]
    assert Rater.objects.get().judged == 1


def test_a_correction_sent_twice_counts_once(rater):
    held = current_or_next(rater)
    submit(rater, form(held))
    results = [submit(rater, form(held, revision=1, label="unclear")).result for _ in range(2)]
    assert results == [Result.CORRECTED, Result.ALREADY_STORED]
    assert Judgment.objects.count() == 2


def test_a_judgment_row_is_never_changed(rater):
    submit(rater, form(current_or_next(rater)))
    judgment = Judgment.objects.get()
    judgment.label = "competitive"
    with pytest.raises(AppendOnlyError):
        judgment.save()
    with pytest.raises(AppendOnlyError):
        Judgment.objects.update(label="competitive")


def test_nobody_judges_in_the_place_of_another(rater):
    held = current_or_next(rater)
    other = make_rater(rater.study)
    with pytest.raises(UnknownAssignment):
        submit(other, form(held))
    assert not Judgment.objects.exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"label": ""}, "label"),
        ({"label": "kind"}, "label"),
        ({"confidence": "6"}, "confidence"),
        ({"confidence": "very"}, "confidence"),
        ({"comment": "x" * 4001}, "comment"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_the_field(rater, fields, field):
    with pytest.raises(InvalidJudgment) as refused:
        submit(rater, form(current_or_next(rater), **fields))
    assert list(refused.value.errors) == [field]
    assert not Judgment.objects.exists()


@pytest.mark.parametrize("label", ["3", "-1.5", "2e1"])
def test_an_interval_judgment_is_a_number(rater, label):
    Study.objects.update(kind="declared", scale="interval", categories=[])
    rater.study.refresh_from_db()
    submit(rater, form(current_or_next(rater), label=label))
    assert Judgment.objects.get().number == float(label)


@pytest.mark.parametrize(
    ("again", "result"), [("15.0", Result.ALREADY_STORED), ("15.1", Result.OTHER_STORED)]
)
def test_one_number_written_another_way_is_the_same_judgment(rater, again, result):
    Study.objects.update(kind="declared", scale="interval", categories=[])
    rater.study.refresh_from_db()
    held = current_or_next(rater)
    submit(rater, form(held, label="15"))
    assert submit(rater, form(held, label=again)).result is result


@pytest.mark.parametrize("label", ["nan", "inf", "1_0", "three", "1e999"])
def test_what_is_no_finite_number_is_refused_on_an_interval_scale(rater, label):
    Study.objects.update(kind="declared", scale="interval", categories=[])
    rater.study.refresh_from_db()
    with pytest.raises(InvalidJudgment):
        submit(rater, form(current_or_next(rater), label=label))


def test_seconds_run_from_shown_to_sent(rater):
    held = current_or_next(rater)
    held.reserved_at -= timedelta(minutes=5)
    held.save()
    submit(rater, form(held, shown_at=timezone.now() - timedelta(seconds=20)))
    assert 20 <= Judgment.objects.get().seconds < 25


@pytest.mark.parametrize("shift", [timedelta(days=-1), timedelta(days=1)])
def test_seconds_never_exceed_the_time_since_the_reservation(rater, shift):
    submit(rater, form(current_or_next(rater), shown_at=timezone.now() + shift))
    assert 0 <= Judgment.objects.get().seconds < 5


def test_a_judgment_for_a_study_closed_meanwhile_is_not_added(rater):
    held = current_or_next(rater)
    Study.objects.update(state="closed")
    submitted = submit(rater, form(held))
    assert (submitted.result, submitted.next) == (Result.STUDY_CLOSED, None)
    assert not Judgment.objects.exists()
