"""An id of a platform opens nothing: a part is for the browser or session that began it."""

import re

import pytest
from django.test import Client

from annotations.models import Identity, Judgment, Rater, Study
from annotations.taking_part.continuing import by_code, code_of
from annotations.taking_part.invitations import path_of
from tests.annotations.conftest import judge_url, make_text_study, send
from tests.annotations.taking_part.way_support import join, make_invitation, way_url

pytestmark = pytest.mark.django_db

VICTIM = "?PROLIFIC_PID=UNMISTAKABLE&STUDY_ID=s1&SESSION_ID=t1"
LATER = VICTIM.replace("t1", "t2")
ACCEPTED = "?assignmentId=a1&hitId=h1&workerId=w1&turkSubmitTo=https://www.mturk.com"


@pytest.fixture
def study(cast) -> Study:
    return make_text_study(cast.project, 3)


@pytest.fixture
def prolific(cast, study):
    return make_invitation(study, cast.researcher, platform="prolific", completion="PAID")


@pytest.fixture
def victim(study, prolific) -> Client:
    client = join(prolific, query=VICTIM)
    client.get(judge_url(study))
    send(client, study, assignment=Rater.objects.get().assignments.get().pk)
    return client


def words(response) -> str:
    page = re.sub(r'"x-csrftoken": "\w+"', "", response.content.decode())
    return " ".join(page.split())


def shown_code(client: Client, study: Study) -> str:
    page = client.get(way_url(study, "pause/")).content.decode()
    return re.search(r'class="mono" dir="ltr">([a-z0-9-]+)<', page)[1]


@pytest.mark.parametrize("query", [VICTIM, LATER])
def test_another_browser_with_the_id_gets_nothing(study, prolific, victim, query):
    thief = Client()
    for method in ("get", "post"):
        response = getattr(thief, method)(path_of(prolific) + query)
        assert response.status_code == 403
        assert "This part was begun in another browser" in words(response)
    rater = Rater.objects.get()
    pages = ("", "pause/", "data/", "data/file/")
    for address in [judge_url(study), judge_url(study, "last/")] + [
        way_url(study, page) for page in pages
    ]:
        response = thief.get(address)
        assert response.status_code == 403
        assert "UNMISTAKABLE" not in words(response)
        assert rater.pseudonym not in words(response)
        assert study.name not in words(response)
    send(thief, study, assignment=rater.assignments.get(state="reserved").pk)
    thief.post(way_url(study, "data/delete/"), {"sure": "on"})
    assert Judgment.objects.count() == 1
    assert Identity.objects.get().parameters["SESSION_ID"] == "t1"


def test_the_victim_notices_nothing(study, prolific, victim):
    Client().post(path_of(prolific) + LATER)
    assert victim.get(judge_url(study)).status_code == 200
    assert "UNMISTAKABLE" in words(victim.get(way_url(study, "data/")))


def test_whoever_carries_nothing_is_not_sent_to_a_sign_in(study):
    response = Client().get(way_url(study))
    assert response.status_code == 403
    page = words(response)
    assert "We do not know this browser" in page
    assert "Did you come by an invitation?" in page
    assert f'href="/account/login/?next={way_url(study)}"' in page
    nothing = words(Client().get("/p/made-up/studies/made-up/way/"))
    assert page.replace(way_url(study), "") == nothing.replace(
        "/p/made-up/studies/made-up/way/", ""
    )


def test_nothing_of_a_platform_s_address_goes_into_the_sign_in(study):
    page = words(Client().get(way_url(study) + VICTIM))
    assert "UNMISTAKABLE" not in page.split('href="/account/login')[1].split(">")[0]


# --- the same person goes on ----------------------------------------------------------------------


def test_a_closed_browser_comes_back_by_its_cookie(study, prolific, victim):
    del victim.cookies["sessionid"]
    assert "Welcome back" in words(victim.get(path_of(prolific) + VICTIM))
    join(prolific, victim, VICTIM)
    assert victim.get(judge_url(study)).status_code == 200
    assert Rater.objects.count() == 1


def test_a_changed_session_is_said_and_both_are_kept(cast, study, prolific, victim):
    page = words(victim.get(path_of(prolific) + LATER))
    assert "The platform sent you with another session than before. Both are kept" in page
    join(prolific, victim, LATER)
    identity = Identity.objects.get()
    assert identity.parameters == {"STUDY_ID": "s1", "SESSION_ID": "t2"}
    assert identity.earlier_parameters == [{"STUDY_ID": "s1", "SESSION_ID": "t1"}]
    stored = victim.get(way_url(study, "data/file/")).json()["identity"]
    assert stored["earlier_parameters"] == identity.earlier_parameters
    url = f"/p/lab/studies/{study.slug}/participants.csv"
    text = cast.client("researcher").post(url, {"with_external_ids": "1"}).content.decode()
    assert "UNMISTAKABLE,t2,t1" in text


def test_the_same_session_goes_straight_on(study, prolific, victim):
    assert victim.get(path_of(prolific) + VICTIM).url == way_url(study)


def test_a_code_of_their_own_takes_them_to_another_device(study, prolific, victim):
    code = shown_code(victim, study)
    phone = Client()
    response = phone.post(path_of(prolific) + VICTIM, {"code": f" {code.upper()} "})
    assert response.status_code == 302
    assert phone.get(judge_url(study)).status_code == 200
    del phone.cookies["sessionid"]
    assert "Welcome back" in words(phone.get(path_of(prolific) + VICTIM))
    # It is spent: the next one is another.
    assert shown_code(victim, study) != code
    assert Client().post(path_of(prolific) + VICTIM, {"code": code}).status_code == 403


@pytest.mark.parametrize("code", ["", "a", "aaaa-aaaa-aaaa", "b-aaaa-aaaa-aaaa", "z" * 400, "é😀"])
def test_a_made_up_code_opens_nothing(study, prolific, victim, code):
    assert by_code(study, code) is None
    assert Client().post(path_of(prolific) + VICTIM, {"code": code}).status_code == 403


def test_a_code_opens_its_own_study_and_person_only(cast, study, prolific, victim):
    code = code_of(Identity.objects.get())
    assert by_code(make_text_study(cast.project, 1), code) is None
    other = VICTIM.replace("UNMISTAKABLE", "other")
    assert Client().post(path_of(prolific) + other, {"code": code}).status_code == 403
    assert Rater.objects.count() == 1


def test_who_came_by_a_link_goes_on_by_a_code_as_well(cast, study):
    link = make_invitation(study, cast.researcher)
    first = join(link)
    second = Client()
    assert "I began in another browser" in words(second.get(path_of(link)))
    assert second.post(path_of(link), {"code": shown_code(first, study)}).status_code == 302
    del second.cookies["sessionid"]
    join(link, second)
    assert Rater.objects.count() == 1
    wrong = Client().post(path_of(link), {"code": "b-aaaa-aaaa-aaaa"})
    assert "This code opens no part in this study." in words(wrong)


def test_a_researcher_finds_the_code_for_them_on_record(cast, study, victim):
    url = f"/p/lab/studies/{study.slug}/participant/"
    fields = {"name": "UNMISTAKABLE", "act": "code"}
    page = words(cast.client("researcher").post(url, fields, follow=True))
    assert code_of(Identity.objects.get()) in page
    assert cast.project.audit_events.filter(verb="code to go on shown").count() == 1


def test_a_part_from_before_browsers_were_kept_is_bound_by_the_next_to_come(
    study, prolific, victim
):
    Identity.objects.update(browser="")
    join(prolific, query=VICTIM)
    assert Client().post(path_of(prolific) + VICTIM).status_code == 403


def test_one_that_has_ended_by_then_is_not(study, prolific, victim):
    Identity.objects.update(browser="")
    Rater.objects.update(stage="done")
    assert Client().post(path_of(prolific) + VICTIM).status_code == 403


def test_who_comes_anew_after_the_end_gets_no_second_code(study, prolific, victim):
    Rater.objects.update(stage="done")
    assert "PAID" in words(victim.get(way_url(study)))
    again = victim.get(path_of(prolific) + LATER)
    assert "You have taken part in this study already" in words(again)
    assert "PAID" not in words(again)


# --- inside a frame, where there are no cookies ---------------------------------------------------


def test_in_a_frame_the_assignment_stands_for_the_browser(cast, study):
    mturk = make_invitation(study, cast.researcher, platform="mturk")
    address = Client().post(path_of(mturk) + ACCEPTED).url
    code = shown_code_at(address)
    assert Client().post(path_of(mturk) + ACCEPTED).status_code == 302
    thief = Client().post(path_of(mturk) + ACCEPTED.replace("a1", "a2"))
    assert thief.status_code == 403
    assert "in another session of the platform" in words(thief)
    later = ACCEPTED.replace("a1", "a3")
    assert Client().post(path_of(mturk) + later, {"code": code}).status_code == 302
    identity = Identity.objects.get()
    assert identity.parameters["assignmentId"] == "a3"
    assert [sent["assignmentId"] for sent in identity.earlier_parameters] == ["a1"]


def shown_code_at(address: str) -> str:
    page = Client().get(f"{address}pause/").content.decode()
    return re.search(r'class="mono" dir="ltr">([a-z0-9-]+)<', page)[1]
