"""Every kind of page of a participant's way, on a light phone and a dark desk: axe finds nothing,
nothing overflows. (The pages with an address of their own stand in test_every_page.)"""

from collections.abc import Callable

import pytest

from annotations.judging.qualifying import hand_out
from annotations.models import Identity, Rater, Study
from annotations.taking_part.framing import framed
from annotations.taking_part.invitations import let_in, path_of
from annotations.taking_part.platforms import Arrival
from tests.annotations.taking_part.way_support import make_invitation, make_whole_study, way_url
from tests.e2e.conftest import overflow, violations

Stage = Rater.Stage
LOOKS = [("phone", "light"), ("desktop", "dark")]


@pytest.fixture
def study(cast, live_server) -> Study:
    return make_whole_study(cast.project)


@pytest.fixture
def look(open_as) -> Callable[..., None]:
    """look(address): the page as the participant sees it has no fault in any look."""

    def look(address: str, who: str = "participant", status: int = 200) -> None:
        problems = []
        for size, scheme in LOOKS:
            page = open_as(who, size, scheme)
            response = page.goto(address)
            assert response is not None
            assert response.status == status
            problems += [f"{size} {scheme} {found}" for found in violations(page)]
            if overflow(page) > 0:
                problems.append(f"{size} {scheme}: {overflow(page)} px too wide")
        assert problems == []

    return look


def come(cast, study: Study, platform: str = "link", **fields: object) -> Rater:
    codes = {"completion": "DONE-1", "screen_out": "OUT-1", "failed_attention": "FAIL-1"}
    invitation = make_invitation(study, cast.researcher, platform=platform, **codes | fields)
    return let_in(invitation, Arrival("somebody", {"SESSION_ID": "t"}))


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage != Stage.JUDGING])
def test_the_page_of_each_stage(cast, study, look, stage):
    rater = come(cast, study, "prolific")
    Rater.objects.filter(pk=rater.pk).update(stage=stage)
    look(way_url(study))


def test_feedback_and_the_end_of_practice(cast, study, look):
    rater = come(cast, study)
    Rater.objects.filter(pk=rater.pk).update(stage=Stage.PRACTICE)
    for label in ("prosocial", "competitive"):
        held = hand_out(rater)
        held.judgments.create(rater=rater, item=held.item, label=label, is_regular=False)
        held.state = "judged"
        held.save()
        look(f"{way_url(study)}?answered={held.pk}")
    look(way_url(study))


@pytest.mark.parametrize("state", [Study.State.PAUSED, Study.State.CLOSED])
def test_a_study_at_rest(cast, study, look, state):
    come(cast, study)
    Study.objects.filter(pk=study.pk).update(state=state)
    look(way_url(study))


def test_a_way_out_by_a_form_inside_a_frame(cast, study, look):
    rater = come(cast, study, "mturk")
    target = {"assignmentId": "a1", "turkSubmitTo": "https://www.mturk.com"}
    Identity.objects.update(parameters=target)
    Rater.objects.update(stage=Stage.DONE)
    look(framed(rater, way_url(study)), who="nobody")


def test_no_way_in(cast, study, look):
    invitation = make_invitation(study, cast.researcher, platform="prolific")
    look(path_of(invitation), who="nobody", status=400)
    Study.objects.filter(pk=study.pk).update(state=Study.State.PAUSED)
    query = "?PROLIFIC_PID=p&STUDY_ID=s&SESSION_ID=t"
    look(path_of(invitation) + query, who="nobody", status=403)
    look("/join/made:up/", who="nobody", status=404)


def test_a_preview_and_a_second_assignment(cast, study, look):
    invitation = make_invitation(study, cast.researcher, platform="mturk")
    look(path_of(invitation), who="nobody")
    let_in(invitation, Arrival("w1", {"assignmentId": "a1"}))
    Rater.objects.update(stage=Stage.DONE)
    query = "?assignmentId=a2&hitId=h&workerId=w1&turkSubmitTo=https://www.mturk.com"
    look(path_of(invitation) + query, who="nobody", status=403)
