"""Crowd platforms: whom they send, where people go back to, and pages inside their frame."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.db.models import F
from django.test import Client

from annotations.models import Assignment, Identity, Judgment, Rater
from annotations.taking_part.excluding import exclude
from annotations.taking_part.framing import SIGNER, framed
from annotations.taking_part.invitations import path_of
from annotations.taking_part.platforms import NotFromThePlatform, arrival_of, way_back
from annotations.taking_part.privacy import mark_returned
from tests.annotations.conftest import judge_url, make_text_study
from tests.annotations.taking_part.way_support import (
    act,
    agree,
    answer_known,
    join,
    make_invitation,
    make_whole_study,
    way_url,
)

pytestmark = pytest.mark.django_db

PROLIFIC = "?PROLIFIC_PID=p1&STUDY_ID=s1&SESSION_ID=t1"
ACCEPTED = "?assignmentId=a1&hitId=h1&workerId=w1&turkSubmitTo=https://www.mturk.com"


@pytest.fixture
def study(cast):
    return make_text_study(cast.project, 1)


@pytest.fixture
def prolific(cast, study):
    codes = {"completion": "DONE1", "screen_out": "OUT1", "failed_attention": "FAIL1"}
    return make_invitation(study, cast.researcher, platform="prolific", **codes)


@pytest.fixture
def mturk(cast, study):
    return make_invitation(study, cast.researcher, platform="mturk", completion="PAY-ME")


def words(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


# --- Prolific ------------------------------------------------------------------------------------


def test_prolific_s_parameters_are_kept_with_the_identity_alone(prolific):
    join(prolific, query=PROLIFIC)
    identity = Identity.objects.get()
    assert identity.external_id == "p1"
    assert identity.parameters == {"STUDY_ID": "s1", "SESSION_ID": "t1"}
    rater = Rater.objects.values().get()
    assert "p1" not in {str(value) for value in rater.values()}


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?PROLIFIC_PID=p1",
        "?PROLIFIC_PID=&STUDY_ID=s&SESSION_ID=t",
        "?PROLIFIC_PID={{%PROLIFIC_PID%}}&STUDY_ID=s&SESSION_ID=t",
        "?PROLIFIC_PID=a b&STUDY_ID=s&SESSION_ID=t",
        "?PROLIFIC_PID=p%00&STUDY_ID=s&SESSION_ID=t",
    ],
)
def test_without_them_nobody_is_let_in(prolific, query):
    client = Client()
    for response in (client.get(path_of(prolific) + query), client.post(path_of(prolific) + query)):
        assert response.status_code == 400
        assert "opens from Prolific only" in words(response)
    assert not Rater.objects.exists()


def test_two_participants_at_one_browser_have_a_part_each(study, prolific):
    client = join(prolific, query=PROLIFIC)
    other = PROLIFIC.replace("p1", "p2")
    assert "Start" in words(client.get(path_of(prolific) + other))
    join(prolific, client, other)
    assert set(Identity.objects.values_list("external_id", flat=True)) == {"p1", "p2"}
    first = Identity.objects.get(external_id="p1").rater
    client.get(judge_url(study))
    assert not first.assignments.exists()
    # The first one comes back to their own.
    assert "Welcome back" in words(client.get(path_of(prolific) + PROLIFIC))


@pytest.mark.parametrize(
    ("stage", "code"),
    [("done", "DONE1"), ("screened_out", "OUT1"), ("failed_attention", "FAIL1")],
)
def test_each_end_has_its_way_back(study, prolific, stage, code):
    client = join(prolific, query=PROLIFIC)
    Rater.objects.update(stage=stage)
    page = words(client.get(way_url(study)))
    assert f'href="https://app.prolific.com/submissions/complete?cc={code}"' in page


@pytest.mark.parametrize("stage", ["refused", "withdrawn"])
def test_other_ends_have_none(study, prolific, stage):
    client = join(prolific, query=PROLIFIC)
    Rater.objects.update(stage=stage)
    assert "app.prolific.com" not in words(client.get(way_url(study)))


def test_a_returned_place_is_given_on(cast, study, prolific):
    prolific.most_raters = 1
    prolific.save()
    client = join(prolific, query=PROLIFIC)
    client.get(judge_url(study))
    assert study.items.get().taken == 1
    mark_returned(Rater.objects.get(), cast.researcher)
    assert study.items.get().taken == 0
    join(prolific, query=PROLIFIC.replace("p1", "p2"))
    # Coming again does not undo it.
    join(prolific, client, PROLIFIC)
    assert "Your part has ended" in words(client.get(way_url(study)))


def let_pass(hours: float) -> None:
    """Let so many hours go by since everything that happened so far."""
    ago = timedelta(hours=hours)
    Identity.objects.update(created_at=F("created_at") - ago)
    for held in Assignment.objects.all():
        held.reserved_at, held.expires_at = held.reserved_at - ago, held.expires_at - ago
        held.save()


def other(query: str) -> str:
    return query.replace("p1", "p2")


@pytest.fixture
def full(prolific):
    """The invitation has one place, and one item is all there is."""
    prolific.most_raters = 1
    prolific.save()
    prolific.study.items.update(places=1)
    return prolific


def test_whoever_timed_out_makes_room_without_anybody_doing_anything(study, full):
    first = join(full, query=PROLIFIC)
    first.get(judge_url(study))
    assert study.items.get().taken == 1
    assert Client().post(path_of(full) + other(PROLIFIC)).status_code == 403
    let_pass(1.1)
    second = join(full, query=other(PROLIFIC))
    second.get(judge_url(study))
    holder = Assignment.objects.get(state="reserved").rater
    assert holder == Rater.objects.latest("pk")


def test_whoever_is_under_way_keeps_their_place(study, full):
    client = join(full, query=PROLIFIC)
    let_pass(2)
    client.get(judge_url(study))
    assert Client().post(path_of(full) + other(PROLIFIC)).status_code == 403


def test_whoever_is_done_keeps_their_place(study, full):
    join(full, query=PROLIFIC)
    Rater.objects.update(stage="done")
    let_pass(24)
    assert Client().post(path_of(full) + other(PROLIFIC)).status_code == 403


def test_whoever_comes_back_after_all_goes_on(study, full):
    client = join(full, query=PROLIFIC)
    let_pass(2)
    join(full, query=other(PROLIFIC))
    assert client.get(judge_url(study)).status_code == 200
    assert Rater.objects.count() == 2


def test_a_place_that_a_plain_link_gave_is_kept_for_good(cast, study):
    link = make_invitation(study, cast.researcher, most_raters=1)
    join(link)
    let_pass(48)
    assert Client().post(path_of(link)).status_code == 403


def test_an_excluded_participant_makes_room(cast, study, full):
    join(full, query=PROLIFIC).get(judge_url(study))
    exclude(Rater.objects.get(), cast.researcher, "at random")
    join(full, query=other(PROLIFIC))
    assert Rater.objects.count() == 2


def test_the_page_counts_who_is_away(cast, study, full):
    join(full, query=PROLIFIC)
    let_pass(2)
    address = f"/p/lab/studies/{study.slug}/invitations/"
    page = words(cast.client("researcher").get(address))
    assert "Away for an hour or more</dt><dd>1, others can come for them" in page


def test_a_screened_out_participant_gets_the_code_for_it(cast):
    study = make_whole_study(cast.project, asks_own_measure=False)
    invitation = make_invitation(study, cast.researcher, platform="prolific", screen_out="OUT1")
    client = join(invitation, query=PROLIFIC)
    rater = study.raters.get()
    agree(client, study)
    act(client, study, "instructions")
    for _ in range(2):
        answer_known(client, study, rater)
    act(client, study, "practice")
    for _ in range(2):
        answer_known(client, study, rater, "unclear")
    assert "complete?cc=OUT1" in words(client.get(way_url(study)))


def test_a_code_is_shown_and_an_address_followed(cast, study):
    plain = make_invitation(study, cast.researcher, completion="C0DE")
    assert way_back(plain, "done", {}).code == "C0DE"
    away = make_invitation(study, cast.researcher, completion="https://example.org/back?x=1")
    assert way_back(away, "done", {}).address == "https://example.org/back?x=1"


# --- Mechanical Turk -----------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "?assignmentId=ASSIGNMENT_ID_NOT_AVAILABLE&hitId=h1"])
def test_a_preview_shows_the_task_and_begins_nothing(mturk, query):
    response = Client().get(path_of(mturk) + query)
    assert "This is a preview" in words(response)
    assert "<form" not in words(response)
    response = Client().post(path_of(mturk) + query)
    assert response.status_code == 200
    assert not Rater.objects.exists()


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "https://www.mturk.com.evil.example",
        "https://www.mturk.com@evil.example",
        "http://www.mturk.com",
        "javascript:alert(1)",
        "//www.mturk.com",
        "https://[",
        "",
    ],
)
def test_answers_go_to_mechanical_turk_only(mturk, target):
    query = f"?assignmentId=a1&hitId=h1&workerId=w1&turkSubmitTo={target}"
    assert Client().post(path_of(mturk) + query).status_code == 400
    assert not Rater.objects.exists()


@pytest.mark.parametrize(
    "target", ["https://www.mturk.com", "https://www.mturk.com/", "https://workersandbox.mturk.com"]
)
def test_its_own_addresses_are_taken(target):
    query = {"assignmentId": "a", "hitId": "h", "workerId": "w", "turkSubmitTo": target}
    assert arrival_of("mturk", query).parameters["turkSubmitTo"] == target.rstrip("/")


def test_a_stand_in_must_be_named_in_the_settings(settings):
    query = {"assignmentId": "a", "hitId": "h", "workerId": "w"}
    query["turkSubmitTo"] = "http://127.0.0.1:9"
    with pytest.raises(NotFromThePlatform):
        arrival_of("mturk", query)
    settings.MTURK_TEST_ORIGINS = ["http://127.0.0.1:9"]
    assert arrival_of("mturk", query).external_id == "w"


def enter(mturk, query: str = ACCEPTED, client: Client | None = None) -> str:
    """The framed address that pressing Start leads to."""
    client = client or Client(enforce_csrf_checks=True)
    return client.post(path_of(mturk) + query).url


def test_the_whole_way_works_without_cookies_and_without_tokens_against_forgery(study, mturk):
    address = enter(mturk)
    client = Client(enforce_csrf_checks=True)
    response = client.get(address, follow=True)
    page = words(response)
    judge = response.redirect_chain[-1][0]
    assert judge.startswith("/in/")
    assert f'action="{judge}"' in page
    held = Rater.objects.get().assignments.get()
    fields = {"assignment": held.pk, "revision": 0, "label": "prosocial"}
    response = client.post(judge, fields, follow=True)
    assert Judgment.objects.count() == 1
    assert not client.cookies
    page = words(response)
    assert 'action="https://www.mturk.com/mturk/externalSubmit"' in page
    assert 'name="assignmentId" value="a1"' in page
    assert 'name="code" value="PAY-ME"' in page


def test_framed_pages_say_who_may_frame_them_and_all_others_nobody(study, mturk):
    address = enter(mturk)
    for url in (path_of(mturk), address):
        headers = Client().get(url, follow=True).headers
        assert "X-Frame-Options" not in headers
        policy = headers["Content-Security-Policy"]
        assert "frame-ancestors https://worker.mturk.com https://www.mturk.com" in policy
        assert "form-action 'self' https://www.mturk.com" in policy
        assert "script-src 'self'" in policy
    other = Client().get("/")
    assert other.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in other.headers["Content-Security-Policy"]


def test_links_made_afterwards_are_not_framed(study, mturk):
    Client().get(enter(mturk), follow=True)
    assert way_url(study) == "/p/lab/studies/" + study.slug + "/way/"
    assert path_of(mturk).startswith("/join/")


@pytest.mark.parametrize("rest", ["account/login/", "admin/", "p/lab/", "p/lab/studies/", ""])
def test_nothing_but_a_rater_s_pages_can_be_framed(mturk, rest):
    enter(mturk)
    token = SIGNER.sign(str(Rater.objects.get().pk))
    response = Client().get(f"/in/{token}/{rest}")
    assert response.status_code == 404
    assert "This link does not work" in words(response)


def test_a_framed_address_ignores_who_is_signed_in(cast, study, mturk):
    address = enter(mturk)
    client = cast.client("researcher")
    assert client.get(address, follow=True).status_code == 200
    assert client.get("/p/lab/studies/").status_code == 200  # still signed in elsewhere


@pytest.mark.parametrize("made_up", ["1", "1:x:y", "made:up"])
def test_a_forged_framed_address_opens_nothing(study, mturk, made_up):
    enter(mturk)
    response = Client().get(f"/in/{made_up}{way_url(study)}")
    assert response.status_code == 404
    assert study.name not in words(response)


def test_a_framed_address_runs_out(study, mturk, monkeypatch):
    address = enter(mturk)
    monkeypatch.setattr("annotations.taking_part.framing.LASTS_SECONDS", -1)
    assert Client().get(address).status_code == 404


def test_the_key_of_one_purpose_opens_no_other(study, mturk):
    enter(mturk)
    token = signing.TimestampSigner(salt="elsewhere").sign(str(Rater.objects.get().pk))
    assert Client().get(f"/in/{token}{way_url(study)}").status_code == 404


def test_a_framed_part_opens_its_own_study_only(cast, study, mturk):
    enter(mturk)
    other = make_text_study(cast.project, 1)
    address = framed(Rater.objects.get(), judge_url(other))
    assert Client().get(address).status_code == 403


def test_a_worker_takes_part_once_whatever_the_assignment(study, mturk):
    enter(mturk)
    assert Client().get(path_of(mturk) + ACCEPTED.replace("a1", "a2")).status_code == 403
    assert Rater.objects.count() == 1
    Rater.objects.update(stage="done")
    page = words(Client().get(path_of(mturk) + ACCEPTED.replace("a1", "a2")))
    assert "You have taken part in this study already" in page
    assert "externalSubmit" not in page


def test_an_early_end_asks_to_return_the_hit_unless_there_is_a_code(cast, study, mturk):
    address = enter(mturk)
    Rater.objects.update(stage="screened_out")
    page = words(Client().get(address))
    assert "Please return the HIT" in page
    assert "externalSubmit" not in page
    mturk.screen_out = "TRIED"
    mturk.save()
    assert 'name="code" value="TRIED"' in words(Client().get(address))
