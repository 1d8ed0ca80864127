"""What earns the completion code, what those below it and those who decline get, and what end pages
say."""

import pytest
from django.test import Client

from annotations.forms.invitations import InvitationForm
from annotations.models import Assignment, Guideline, Rater, Study
from annotations.studies.settings import SettingsRefused, apply, why_fixed
from annotations.taking_part.invitations import path_of
from tests.annotations.conftest import judge_url, make_rater, make_text_study, send
from tests.annotations.judging.test_mixed_in import add_controls
from tests.annotations.taking_part.way_support import act, join, make_invitation, way_url

pytestmark = pytest.mark.django_db

PROLIFIC = "?PROLIFIC_PID=p1&STUDY_ID=s1&SESSION_ID=t1"
ACCEPTED = "?assignmentId=a1&hitId=h1&workerId=w1&turkSubmitTo=https://www.mturk.com"
CODES = {"completion": "PAID", "below": "SOME", "declined": "NOBODY"}


def words(response) -> str:
    return " ".join(response.content.decode().split())


def take_part(cast, study: Study, judged: int, **codes: str) -> str:
    """The last page of somebody from Prolific who judges so many texts and skips the rest."""
    invitation = make_invitation(study, cast.researcher, platform="prolific", **codes)
    client = join(invitation, query=PROLIFIC)
    client.get(judge_url(study))
    while held := Assignment.objects.filter(rater__study=study, state="reserved").first():
        fields = {"act": "skip", "skip_reason": "other"} if judged <= 0 else {}
        send(client, study, assignment=held.pk, **fields)
        judged -= 1
    return words(client.get(way_url(study)))


def test_skipping_everything_earns_no_code(cast):
    page = take_part(cast, make_text_study(cast.project, 3), judged=0, **CODES)
    assert "PAID" not in page
    assert "complete?cc=SOME" in page
    assert "You judged 0 texts. You skipped 3." in page
    assert "stored" not in page.split("<main")[1].split("Filled in and not stored")[0]
    assert Rater.objects.get().stage == "below"


def test_without_a_code_for_it_the_place_is_given_back(cast):
    page = take_part(cast, make_text_study(cast.project, 3), judged=0, completion="PAID")
    assert "PAID" not in page
    assert "Please return the task on the platform you came from" in page


@pytest.mark.parametrize(
    ("judged", "code"), [(0, "SOME"), (1, "SOME"), (2, "SOME"), (3, "PAID"), (4, "PAID")]
)
def test_the_least_number_judged_is_the_study_s(cast, judged, code):
    study = make_text_study(cast.project, 5, least_judged=3)
    page = take_part(cast, study, judged, **CODES)
    assert f"complete?cc={code}" in page


@pytest.mark.parametrize(("skipped", "code"), [(0, "PAID"), (2, "PAID"), (3, "SOME")])
def test_and_the_most_skipped(cast, skipped, code):
    study = make_text_study(cast.project, 5, most_skipped=2)
    page = take_part(cast, study, 5 - skipped, **CODES)
    assert f"complete?cc={code}" in page


def test_who_judged_all_there_was_is_not_below(cast):
    page = take_part(cast, make_text_study(cast.project, 2, least_judged=10), judged=2, **CODES)
    assert "complete?cc=PAID" in page


def test_what_counts_is_what_the_rater_saw_counted(cast):
    """Controls too: else whoever knows the threshold could tell them by it."""
    study = make_text_study(cast.project, 4, least_judged=6, control_every=2)
    add_controls(study, "attention", 3)
    page = take_part(cast, study, judged=6, **CODES)
    assert "You judged 6 texts. You skipped 1." in page
    assert "complete?cc=PAID" in page
    assert Rater.objects.get().judged < 6


def test_the_end_says_what_was_done_and_what_it_takes(cast):
    study = make_text_study(cast.project, 4, least_judged=3, most_skipped=1)
    page = take_part(cast, study, judged=1, **CODES)
    assert "You judged 1 text. You skipped 3. What you judged is stored." in page
    assert (
        "those who judge at least 3 texts, or all there are for them. They skip at most 1." in page
    )
    assert "Every answer is stored" not in page


def test_people_are_told_before_they_begin(cast):
    study = make_text_study(cast.project, 4, least_judged=3)
    page = words(Client().get(path_of(make_invitation(study, cast.researcher))))
    assert "What earns the code" in page
    assert "at least 3 texts" in page
    plain = make_text_study(cast.project, 4)
    assert "What earns the code" not in words(
        Client().get(path_of(make_invitation(plain, cast.researcher)))
    )


def test_who_stays_below_makes_room_for_somebody_else(cast):
    study = make_text_study(cast.project, 2)
    take_part(cast, study, judged=0)
    invitation = study.invitations.get()
    invitation.most_raters = 1
    invitation.save()
    join(invitation, query=PROLIFIC.replace("p1", "p2"))
    page = words(cast.client("researcher").get(f"/p/lab/studies/{study.slug}/invitations/"))
    assert "done, below what the study asks for" in page


def test_a_study_that_closes_thanks_whoever_judged(cast):
    study = make_text_study(cast.project, 4, least_judged=3)
    invitation = make_invitation(study, cast.researcher, platform="prolific", **CODES)
    client = join(invitation, query=PROLIFIC)
    client.get(judge_url(study))
    send(client, study, assignment=Assignment.objects.get(state="reserved").pk)
    Study.objects.update(state="closed")
    page = words(client.get(way_url(study)))
    assert "complete?cc=PAID" in page
    assert "The study is closed." in page
    assert "Nothing is left for you" not in page


# --- who declines ---------------------------------------------------------------------------------


def decline(cast, platform: str, query: str, **codes: str) -> str:
    study = make_text_study(cast.project, 2)
    Guideline.objects.create(study=study, version=1, consent="I agree.")
    invitation = make_invitation(study, cast.researcher, platform=platform, **codes)
    if platform == "mturk":
        address, client = Client().post(path_of(invitation) + query).url, Client()
        client.post(address, {"stage": "consent", "answer": "no"})
        return words(client.get(address))
    client = join(invitation, query=query)
    act(client, study, "consent", answer="no")
    return words(client.get(way_url(study)))


@pytest.mark.parametrize(("platform", "query"), [("prolific", PROLIFIC), ("mturk", ACCEPTED)])
def test_who_declines_gets_a_code_of_their_own_where_there_is_one(cast, platform, query):
    page = decline(cast, platform, query, **CODES)
    assert "NOBODY" in page
    assert "Please return the task" not in page


@pytest.mark.parametrize(("platform", "query"), [("prolific", PROLIFIC), ("mturk", ACCEPTED)])
def test_else_they_are_asked_to_return_the_task(cast, platform, query):
    page = decline(cast, platform, query, completion="PAID")
    assert "PAID" not in page
    assert "Please return the task" in page


@pytest.mark.parametrize(
    ("platform", "query", "stored"),
    [
        ("prolific", PROLIFIC, "your id on the platform, the numbers it sent with you"),
        ("mturk", ACCEPTED, "your id on the platform, the numbers it sent with you"),
        ("link", "", "a number made from a cookie of this browser"),
    ],
)
def test_they_are_told_what_is_stored(cast, platform, query, stored):
    page = decline(cast, platform, query)
    assert stored in page
    assert "nothing is stored but" not in page


# --- settings -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"least_judged": 0}, "least_judged"),
        ({"least_judged": 5, "cap": 4}, "least_judged"),
        ({"most_skipped": -1}, "most_skipped"),
    ],
)
def test_settings_that_nobody_could_meet_are_refused(cast, settings, field):
    study = make_text_study(cast.project, 2)
    with pytest.raises(SettingsRefused) as refused:
        apply(study, settings)
    assert list(refused.value.errors) == [field]


def test_what_raters_were_promised_stays(cast):
    study = make_text_study(cast.project, 2, state=Study.State.PILOT)
    assert "least_judged" not in why_fixed(study)
    make_rater(study)
    assert {"least_judged", "most_skipped"} <= set(why_fixed(study))


@pytest.mark.parametrize("field", ["below", "declined"])
def test_ways_back_are_codes_or_addresses(field):
    form = InvitationForm({"name": "n", "platform": "link", field: "http://elsewhere"})
    assert not form.is_valid()
    assert field in form.errors


def test_the_settings_page_stores_them(cast):
    study = make_text_study(cast.project, 2, state=Study.State.DRAFT)
    client = cast.client("researcher")
    address = f"/p/lab/studies/{study.slug}/settings/"
    form = client.get(address).context["form"]
    fields = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    fields = {name: value for name, value in fields.items() if value is not False}
    further = {"form-TOTAL_FORMS": 0, "form-INITIAL_FORMS": 0}
    further |= {"further-TOTAL_FORMS": 0, "further-INITIAL_FORMS": 0}
    sent = fields | further | {"least_judged": "2", "most_skipped": "1"}
    assert client.post(address, sent).status_code == 302
    study.refresh_from_db()
    assert (study.least_judged, study.most_skipped) == (2, 1)
