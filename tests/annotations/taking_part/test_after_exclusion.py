"""What a rater still sends, or opens, after staff paused or excluded them."""

import re

import pytest

from annotations.exchange.assignment import current_or_next
from annotations.judging.judging import submit
from annotations.judging.results import Result
from annotations.judging.sent import Form
from annotations.judging.skipping import skip
from annotations.models import Assignment, Judgment, Rater, Study
from annotations.taking_part.excluding import exclude, include, left_out, pause, resume
from tests.annotations.conftest import judge_url, make_rater, make_text_study, send
from tests.annotations.taking_part.way_support import join, make_invitation, way_url

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


@pytest.fixture(params=["a participant", "a member"])
def judging(request, cast, study):
    """The browser of somebody who holds an item, and their part."""
    if request.param == "a participant":
        client = join(make_invitation(study, cast.researcher, completion="C0DE"))
    else:
        client = cast.client("rater")
    client.get(judge_url(study))
    return client, Rater.objects.get(study=study)


def is_the_end(page: str) -> bool:
    told = "The researchers have ended your part in this study" in page
    assert not re.search("paused|at random|C0DE", page)
    return told


def test_an_excluded_rater_comes_to_an_end_that_gives_no_reason(cast, study, judging):
    client, rater = judging
    exclude(rater, cast.researcher, "at random")
    for address in (judge_url(study), way_url(study)):
        assert is_the_end(client.get(address, follow=True).content.decode())


def test_what_was_under_way_leads_to_the_end(cast, study, judging):
    client, rater = judging
    held = rater.assignments.get()
    exclude(rater, cast.researcher, "at random")
    sent = send(client, study, assignment=held.pk)
    assert sent.headers["HX-Redirect"] == way_url(study)
    assert sent.headers["Judgment-Kept"] == "no"  # the page's script keeps what was filled in


def test_what_arrives_twice_at_the_end_is_not_called_lost(cast, study, judging):
    client, rater = judging
    held = rater.assignments.get()
    send(client, study, assignment=held.pk)
    Rater.objects.update(stage="done")
    assert "Judgment-Kept" not in send(client, study, assignment=held.pk).headers


def test_an_excluded_rater_is_not_done_when_the_study_closes(cast, study, judging):
    client, rater = judging
    Rater.objects.update(judged=1)
    exclude(rater, cast.researcher, "at random")
    Study.objects.update(state=Study.State.CLOSED)
    assert is_the_end(client.get(way_url(study)).content.decode())


def test_an_end_that_was_reached_before_stays(cast, study, judging):
    client, rater = judging
    Rater.objects.update(stage=Rater.Stage.DONE)
    exclude(rater, cast.researcher, "at random")
    assert "Done: thank you" in client.get(way_url(study)).content.decode()


def test_whoever_is_included_and_resumed_goes_on(cast, study, judging):
    client, rater = judging
    exclude(rater, cast.researcher, "at random")
    include(rater, cast.researcher, "by mistake")
    assert "paused" in client.get(judge_url(study), follow=True).content.decode()
    resume(rater, cast.researcher, "go on")
    assert "judge__form" in client.get(judge_url(study), follow=True).content.decode()
