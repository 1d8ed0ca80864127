"""What a rater still sends, or opens, after staff paused or excluded them."""

import pytest

from annotations.assignment import current_or_next
from annotations.excluding import exclude, include, left_out, pause, resume
from annotations.judging import Form, Result, skip, submit
from annotations.models import Assignment, Judgment, Rater
from tests.annotations.conftest import make_rater, make_text_study
from tests.annotations.way_support import join, make_invitation

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(cast):
    return make_text_study(cast.project, 2, overlap=1)


def said(rater: Rater, held: Assignment, label: str = "prosocial") -> Form:
    return Form(assignment_id=held.pk, revision=0, label=label)


def test_an_excluded_rater_takes_no_place_with_what_was_under_way(cast, study):
    rater = make_rater(study)
    held = current_or_next(rater)
    exclude(rater, cast.researcher, "left")
    assert submit(rater, said(rater, held)).result is Result.PART_ENDED
    held.item.refresh_from_db()
    assert held.item.taken == 0
    assert not Judgment.objects.exists()


def test_a_judged_item_whose_place_was_given_on_is_not_skipped(cast, study):
    rater = make_rater(study)
    held = current_or_next(rater)
    submit(rater, said(rater, held))
    exclude(rater, cast.researcher, "too fast", reopen_places=True)
    other = make_rater(study)
    while (next_one := current_or_next(other)) is not None:
        submit(other, said(other, next_one))
    assert include(rater, cast.researcher, "by mistake") == 1
    assert skip(rater, held.pk, "other").result is Result.JUDGED_BEFORE
    ((found),) = left_out(study)
    assert (found.rater, found.judgments) == (rater, 1)


def test_a_pause_does_not_end_the_part_of_a_participant(cast, study):
    client = join(make_invitation(study, cast.researcher))
    rater = Rater.objects.get(study=study, user=None)
    address = f"/p/{study.project.slug}/studies/{study.slug}/judge/"
    client.get(address, follow=True)
    pause(rater, cast.researcher, "a look at their answers first")
    page = client.get(address, follow=True)
    rater.refresh_from_db()
    assert rater.stage == Rater.Stage.JUDGING, page.content.decode()
    resume(rater, cast.researcher, "they are fine")
    assert current_or_next(rater) is not None
