"""A person's data: kept apart, shown on request, deleted on request."""

import csv
import io
import json
import re

import pytest

from accounts.models import AuditEvent
from annotations.models import Assignment, Dispute, Identity, Judgment, OwnMeasure, Rater, Study
from annotations.taking_part.privacy import (
    erase,
    judgments_removed,
    mark_returned,
    participants,
    stored_about,
)
from tests.annotations.conftest import judge_url, make_rater, make_text_study, send
from tests.annotations.taking_part.way_support import (
    agree,
    join,
    make_invitation,
    make_whole_study,
    take_measure,
    way_url,
)

pytestmark = pytest.mark.django_db

SECRET = "UNMISTAKABLE-ID"
QUERY = f"?PROLIFIC_PID={SECRET}&STUDY_ID=s1&SESSION_ID=t1"


@pytest.fixture(params=["anonymous", "removed"])
def on_deletion(request) -> str:
    return request.param


def judge_one(client, study, label: str = "prosocial") -> Assignment:
    client.get(judge_url(study))
    held = Assignment.objects.get(rater__identity__isnull=False, state="reserved")
    send(client, study, assignment=held.pk, label=label)
    return held


@pytest.fixture
def study(cast, on_deletion):
    return make_text_study(cast.project, 3, overlap=2, on_deletion=on_deletion)


@pytest.fixture
def client(cast, study):
    """A participant from a platform who judged one text and holds the next."""
    client = join(make_invitation(study, cast.researcher, platform="prolific"), query=QUERY)
    judge_one(client, study)
    return client


@pytest.fixture
def rater(client) -> Rater:
    return Rater.objects.get()


def delete(client, study, **fields):
    return client.post(way_url(study, "data/delete/"), fields)


# --- kept apart ----------------------------------------------------------------------------------


def test_the_external_id_stands_in_one_table_only(client):
    from django.apps import apps

    found = [
        model.__name__
        for model in apps.get_models()
        for row in model._default_manager.values()
        if SECRET in str(row)
    ]
    assert found == ["Identity"]


def test_researchers_meet_it_nowhere_unless_they_ask_for_it(cast, client, study, rater):
    researcher = cast.client("researcher")
    base = f"/p/lab/studies/{study.slug}/"
    for page in ("", "invitations/", "participants.csv"):
        assert SECRET not in researcher.get(base + page).content.decode()
    assert rater.pseudonym in researcher.get(base + "participants.csv").content.decode()


def test_the_list_with_ids_is_asked_for_and_on_record(cast, client, study, rater):
    url = f"/p/lab/studies/{study.slug}/participants.csv"
    text = cast.client("researcher").post(url, {"with_external_ids": "1"}).content.decode()
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["external_id"], row["pseudonym"], row["judged"]) == (SECRET, rater.pseudonym, "1")
    event = AuditEvent.objects.get(verb="participants exported with external ids")
    assert event.actor == cast.researcher


def test_no_spreadsheet_runs_what_the_list_holds(cast, study):
    invitation = make_invitation(study, cast.researcher, name="=1+1", platform="prolific")
    join(invitation, query="?PROLIFIC_PID=-2-3&STUDY_ID=s&SESSION_ID=t")
    url = f"/p/lab/studies/{study.slug}/participants.csv"
    text = cast.client("researcher").post(url, {"with_external_ids": "1"}).content.decode()
    *_, row = csv.DictReader(io.StringIO(text))
    assert (row["invitation"], row["external_id"]) == ("'=1+1", "'-2-3")


def test_the_admin_shows_no_identities(admin_client, client):
    for page in ("rater", "assignment", "judgment"):
        assert SECRET not in admin_client.get(f"/admin/annotations/{page}/").content.decode()
    assert admin_client.get("/admin/annotations/identity/").status_code == 404


def test_the_list_has_a_row_for_each_participant(client, study):
    rows = participants(study)
    assert len(rows) == 2
    assert all(len(row) == len(rows[0]) for row in rows)


# --- shown ---------------------------------------------------------------------------------------


def test_my_data_says_what_is_stored(client, study, rater):
    page = client.get(way_url(study, "data/")).content.decode()
    assert rater.pseudonym in page
    assert SECRET in page


def test_all_of_it_can_be_downloaded(client, study, rater):
    response = client.get(way_url(study, "data/file/"))
    assert "attachment" in response.headers["Content-Disposition"]
    stored = json.loads(response.content)
    assert stored["identity"]["external_id"] == SECRET
    assert stored["identity"]["parameters"] == {"STUDY_ID": "s1", "SESSION_ID": "t1"}
    assert [judgment["label"] for judgment in stored["judgments"]] == ["prosocial"]


def test_consent_and_own_measure_are_in_it(cast):
    study = make_whole_study(cast.project)
    client = join(make_invitation(study, cast.researcher))
    agree(client, study)
    take_measure(client, study)
    stored = stored_about(study.raters.get())
    assert stored["consent"]["version"] == 1
    assert stored["own_measure"]["choices"]["1"] == 1


def test_nobody_sees_the_data_of_another(cast, client, study):
    other = join(make_invitation(study, cast.researcher))
    assert SECRET not in other.get(way_url(study, "data/file/")).content.decode()


# --- deleted -------------------------------------------------------------------------------------


def test_deletion_needs_the_tick(client, study):
    assert delete(client, study).status_code == 302
    assert Identity.objects.exists()


def test_what_leads_to_the_person_goes(client, study, rater):
    response = delete(client, study, sure="on")
    assert "Your data are deleted" in response.content.decode()
    assert not Identity.objects.exists()
    assert not OwnMeasure.objects.exists()
    assert not Rater.objects.filter(pseudonym=rater.pseudonym).exists()


def test_the_part_has_ended_everywhere(client, study):
    delete(client, study, sure="on")
    for url in (way_url(study), judge_url(study), way_url(study, "data/")):
        assert client.get(url).status_code == 403


def test_the_trail_keeps_that_it_happened_and_no_id(client, study, rater):
    delete(client, study, sure="on")
    event = AuditEvent.objects.get(verb="rater's data deleted")
    assert event.actor is None
    assert SECRET not in str(AuditEvent.objects.values())
    assert rater.pseudonym not in str(event.detail)


def test_the_study_chooses_what_becomes_of_the_judgments(client, study, on_deletion):
    delete(client, study, sure="on")
    kept = Judgment.objects.counted().count()
    assert kept == {"anonymous": 1, "removed": 0}[on_deletion]
    assert Rater.objects.count() == kept


def test_places_are_counted_anew(client, study, on_deletion):
    delete(client, study, sure="on")
    # One text was judged, one held; a place that was held is free again either way.
    assert (
        sum(study.items.values_list("taken", flat=True))
        == {"anonymous": 1, "removed": 0}[on_deletion]
    )
    for item in study.items.all():
        counted = item.assignments.filter(state__in=["reserved", "judged"], is_regular=True)
        assert item.taken == counted.count()


def test_disputes_follow(cast, client, study, on_deletion):
    other = cast.client("rater")
    judged = Judgment.objects.get().item_id
    other.get(judge_url(study))
    for _ in range(3):
        held = Assignment.objects.get(rater__user=cast.rater, state="reserved")
        send(other, study, assignment=held.pk, label="competitive")
    dispute = Dispute.objects.get(item=judged)
    assert dispute.state == "open"
    delete(client, study, sure="on")
    dispute.refresh_from_db()
    assert dispute.state == {"anonymous": "open", "removed": "withdrawn"}[on_deletion]


def test_removal_is_said_to_what_is_built_on_judgments(client, study, on_deletion):
    told = []

    def listen(study, **kwargs):
        told.append(study)

    judgments_removed.connect(listen)
    try:
        delete(client, study, sure="on")
    finally:
        judgments_removed.disconnect(listen)
    assert told == ([study] if on_deletion == "removed" else [])


def test_a_member_can_have_their_part_deleted_too(cast, study, on_deletion):
    client = cast.client("rater")
    client.get(judge_url(study))
    assert "rater" in client.get(way_url(study, "data/")).content.decode()
    delete(client, study, sure="on")
    assert not Rater.objects.filter(user=cast.rater).exists()


def test_missed_attention_checks_are_told_when_the_study_is_closed(client, study, rater):
    Rater.objects.update(missed_attention=2)
    address = way_url(study, "data/file/")
    told = client.get(address).json()["part"]["missed_attention"]
    assert told == "stored, and told once the study is closed: now it would give the checks away"
    Study.objects.update(state="closed")
    assert client.get(address).json()["part"]["missed_attention"] == 2


# --- by the researcher ---------------------------------------------------------------------------


def act_for(cast, study, name: str, act: str, *, sure: bool = True):
    url = f"/p/lab/studies/{study.slug}/participant/"
    fields = {"name": name, "act": act} | ({"sure": "on"} if sure else {})
    return cast.client("researcher").post(url, fields)


@pytest.mark.parametrize("by", ["pseudonym", "external id"])
def test_a_researcher_deletes_for_a_person(cast, client, study, rater, by):
    name = rater.pseudonym if by == "pseudonym" else SECRET
    assert act_for(cast, study, name, "erase").status_code == 302
    assert not Identity.objects.exists()
    assert AuditEvent.objects.get(verb="rater's data deleted").actor == cast.researcher


def test_a_slip_of_the_researcher_deletes_nobody(cast, client, study, rater):
    response = act_for(cast, study, SECRET, "erase", sure=False)
    assert response.status_code == 422
    assert "Tick this to delete" in response.content.decode()
    assert Identity.objects.exists()


def test_a_researcher_marks_a_place_as_returned(cast, client, study, rater):
    assert act_for(cast, study, SECRET, "returned").status_code == 302
    rater.refresh_from_db()
    assert rater.stage == "withdrawn"
    assert not rater.assignments.filter(state="reserved").exists()
    assert Judgment.objects.counted().count() == 1
    assert SECRET not in str(AuditEvent.objects.values())


def test_a_part_that_has_ended_stays_as_it_ended(cast, client, study, rater):
    Rater.objects.update(stage="done")
    mark_returned(rater, cast.researcher)
    rater.refresh_from_db()
    assert rater.stage == "done"


@pytest.mark.parametrize("name", ["nobody", "", "simulated"])
def test_who_is_not_there_is_said(cast, client, study, name):
    make_rater(study, "simulated")
    Rater.objects.filter(pseudonym="simulated").update(kind="simulated")
    response = act_for(cast, study, name, "erase")
    assert response.status_code == 422
    assert Identity.objects.exists()
    if name:
        page = re.sub(r"\s+", " ", response.content.decode())
        assert "Nobody of that name or id takes part" in page


def test_a_person_of_another_study_is_not_found(cast, client, study):
    other = make_text_study(cast.project, 1)
    assert act_for(cast, other, SECRET, "erase").status_code == 422
    assert Identity.objects.exists()


def test_erasing_outside_of_a_request(client, study, rater):
    erase(rater)
    assert not Identity.objects.exists()
