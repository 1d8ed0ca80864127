"""Invitations: who they let in, who comes back, and what a link that opens nothing tells."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent, Membership, Role
from annotations.models import Identity, Rater
from annotations.taking_part.invitations import close_invitation, path_of, revoke_link, token_of
from tests.annotations.conftest import judge_url, make_text_study, send
from tests.annotations.taking_part.way_support import (
    act,
    join,
    make_invitation,
    make_whole_study,
    way_url,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(cast):
    return make_whole_study(cast.project)


@pytest.fixture
def invitation(cast, study):
    return make_invitation(study, cast.researcher)


def words(response) -> str:
    page = re.sub(r'"x-csrftoken": "\w+"', "", response.content.decode())
    return re.sub(r"\s+", " ", page)


def test_the_link_says_what_and_who_and_stores_nothing(invitation, study):
    response = Client().get(path_of(invitation))
    page = words(response)
    assert response.status_code == 200
    assert "We look at how people read answers" in page
    assert study.project.name in page
    assert "cookie" in page
    assert not Rater.objects.exists()
    assert not response.cookies.keys() & {"sessionid", "valuecheck_participant"}


def test_it_offers_no_sign_in_and_no_ways_around(invitation, study):
    client = join(invitation)
    for page in (Client().get(path_of(invitation)), client.get(way_url(study))):
        assert "Sign in" not in words(page)
        assert 'class="site-nav"' not in words(page)


def test_start_makes_one_part_under_a_pseudonym(invitation, study):
    client = join(invitation)
    assert client.get(way_url(study)).status_code == 200
    identity = Identity.objects.get()
    assert identity.rater.pseudonym.startswith("rater-")
    assert identity.rater.user is None
    assert identity.platform == "link"


def test_pressing_start_twice_makes_one_part(invitation):
    join(invitation, join(invitation))
    assert Rater.objects.count() == 1


def test_a_double_click_on_start_makes_one_part(invitation):
    page = Client()
    shown = re.search(r'name="browser" value="([^"]+)"', words(page.get(path_of(invitation))))
    assert shown
    for _ in range(2):
        # Both are sent before the first is answered: with the page's form, without its cookie.
        Client().post(path_of(invitation), {"browser": shown[1]})
    assert Rater.objects.count() == 1


def test_a_made_up_browser_is_nobody(invitation):
    for _ in range(2):
        Client().post(path_of(invitation), {"browser": "somebody:else"})
    assert Rater.objects.count() == 2


def test_a_closed_browser_comes_back_to_the_same_part(invitation, study):
    client = join(invitation)
    act(client, study, "consent", answer="no")
    del client.cookies["sessionid"]
    lost = client.get(way_url(study), follow=True)
    assert "Did you come by an invitation? Open its link again" in words(lost)
    assert "Welcome back" in words(client.get(path_of(invitation)))
    join(invitation, client)
    assert Rater.objects.count() == 1
    assert "You said no" in words(client.get(way_url(study)))


def test_two_links_of_a_study_lead_one_browser_to_one_part(cast, study, invitation):
    client = join(invitation)
    del client.cookies["sessionid"]
    join(make_invitation(study, cast.researcher), client)
    assert Rater.objects.count() == 1


def test_parts_in_two_studies_cannot_be_put_together(cast, study, invitation):
    client = join(invitation)
    other = make_text_study(cast.project, 1)
    join(make_invitation(other, cast.researcher), client)
    first, second = Identity.objects.values_list("external_id", flat=True)
    assert first != second


def test_a_planted_session_is_worth_nothing(invitation):
    client = Client()
    client.get(path_of(invitation))
    client.session["planted"] = 1
    before = client.session.session_key
    join(invitation, client)
    assert client.session.session_key != before


def test_the_form_is_protected(invitation):
    client = Client(enforce_csrf_checks=True)
    assert client.post(path_of(invitation)).status_code == 403
    assert not Rater.objects.exists()


# --- links that open nothing ---------------------------------------------------------------------


def forged(invitation) -> str:
    return path_of(invitation)[:-3] + "xx/"


def unsigned(invitation) -> str:
    return f"/join/{invitation.nonce}/"


def wrongly_signed(invitation) -> str:
    return f"/join/{signing.Signer(salt='elsewhere').sign(invitation.nonce)}/"


@pytest.mark.parametrize("link", [forged, unsigned, wrongly_signed])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_forged_link_tells_not_even_whether_there_is_a_study(invitation, study, link, method):
    answer = getattr(Client(), method)(link(invitation))
    nothing = getattr(Client(), method)("/join/made:up/")
    assert answer.status_code == nothing.status_code == 404
    assert "This link does not work" in words(answer)
    assert study.name not in words(answer)
    assert study.project.name not in words(answer)
    assert words(answer) == words(nothing)


def test_a_revoked_link_is_like_a_forged_one_and_parts_stay(cast, invitation, study):
    old = path_of(invitation)
    client = join(invitation)
    revoke_link(invitation, cast.researcher)
    assert Client().get(old).status_code == 404
    assert study.name not in words(Client().get(old))
    assert Client().get(path_of(invitation)).status_code == 200
    assert client.get(way_url(study)).status_code == 200
    assert AuditEvent.objects.filter(verb="invitation link revoked").count() == 1


def expire(invitation, cast):
    invitation.expires_at = timezone.now() - timedelta(minutes=1)
    invitation.save()


def close(invitation, cast):
    close_invitation(invitation, cast.researcher)


def fill(invitation, cast):
    invitation.most_raters = invitation.identities.count()
    invitation.save()


def pause_study(invitation, cast):
    invitation.study.state = "paused"
    invitation.study.save()


def draft_study(invitation, cast):
    invitation.study.state = "draft"
    invitation.study.save()


def close_study(invitation, cast):
    invitation.study.state = "closed"
    invitation.study.save()


def fill_items(invitation, cast):
    for item in invitation.study.items.filter(kind="regular"):
        item.taken = item.places
        item.save()


RESTING = [
    (expire, "has run out"),
    (close, "has been closed"),
    (fill, "As many people as were wanted"),
    (pause_study, "is paused"),
    (draft_study, "has not begun yet"),
    (close_study, "is over"),
    (fill_items, "has all the answers it needs"),
]


@pytest.mark.parametrize(("happens", "said"), RESTING)
def test_nobody_new_is_let_in_and_told_why(cast, invitation, happens, said):
    happens(invitation, cast)
    client = Client()
    for response in (client.get(path_of(invitation)), client.post(path_of(invitation))):
        assert response.status_code == 403
        assert said in words(response)
        assert "nothing is stored about you" in words(response)
    assert not Rater.objects.exists()


@pytest.mark.parametrize("happens", [expire, close, fill, fill_items])
def test_who_came_before_goes_on(cast, invitation, study, happens):
    client = join(invitation)
    happens(invitation, cast)
    del client.cookies["sessionid"]
    join(invitation, client)
    assert client.get(way_url(study)).status_code == 200
    assert Rater.objects.count() == 1


def test_who_leaves_before_the_end_makes_room(cast, study):
    invitation = make_invitation(study, cast.researcher, most_raters=1)
    client = join(invitation)
    assert Client().post(path_of(invitation)).status_code == 403
    act(client, study, "consent", answer="no")
    join(invitation)
    assert Rater.objects.count() == 2


def test_who_refused_comes_back_only_while_there_is_room(cast, study):
    invitation = make_invitation(study, cast.researcher, most_raters=1)
    client = join(invitation)
    act(client, study, "consent", answer="no")
    join(invitation)
    response = act(client, study, "refused")
    assert response.status_code == 403
    assert "As many people as were wanted have come" in words(response)
    assert study.raters.filter(stage="refused").count() == 1
    study.raters.exclude(stage="refused").update(stage="withdrawn")
    act(client, study, "refused")
    assert study.raters.filter(stage="consent").count() == 1


# --- members and staff ---------------------------------------------------------------------------


def test_a_member_takes_part_as_a_member(cast, invitation, study):
    client = cast.client("rater")
    assert client.post(path_of(invitation)).url == way_url(study)
    client.get(way_url(study))
    assert Rater.objects.get().user == cast.rater
    assert not Identity.objects.exists()


@pytest.mark.parametrize("who", ["researcher", "reviewer", "administrator"])
def test_who_sees_scores_is_not_let_in(cast, invitation, who):
    response = cast.client(who).post(path_of(invitation))
    assert response.status_code == 403
    assert "would not be blind" in words(response)
    assert not Rater.objects.exists()


def test_a_part_is_worth_nothing_to_somebody_who_sees_scores(cast, invitation, study):
    client = join(invitation)
    client.force_login(cast.researcher)
    assert client.get(judge_url(study)).status_code == 403
    assert client.get(way_url(study)).status_code == 403


def test_a_stranger_with_an_account_may_come_by_a_link(cast, invitation, study):
    client = join(invitation, cast.client("stranger"))
    assert client.get(way_url(study)).status_code == 200
    Membership.objects.create(user=cast.stranger, project=cast.project, role=Role.REVIEWER)
    assert client.get(way_url(study)).status_code == 403


def test_a_part_opens_its_own_study_only(cast, invitation):
    client = join(invitation)
    other = make_text_study(cast.project, 1)
    assert client.get(judge_url(other)).status_code == 403


def test_nobody_judges_with_the_place_of_another(cast):
    study = make_text_study(cast.project, 3)
    invitation = make_invitation(study, cast.researcher)
    first, second = join(invitation), join(invitation)
    first.get(judge_url(study))
    place = study.raters.order_by("pk").first().assignments.get()
    assert send(second, study, assignment=place.pk).status_code == 404


# --- the researcher's page -----------------------------------------------------------------------


def page_url(study) -> str:
    return f"/p/{study.project.slug}/studies/{study.slug}/invitations/"


def test_a_researcher_makes_an_invitation_and_gets_its_link(cast, study):
    client = cast.client("researcher")
    fields = {"name": "lab", "platform": "link", "most_raters": 3, "completion": "C0DE"}
    assert client.post(page_url(study), fields).status_code == 302
    page = words(client.get(page_url(study)))
    assert token_of(study.invitations.get()) in page
    assert "0 of 3" in page


def test_the_link_for_prolific_carries_its_parameters(cast, study):
    make_invitation(study, cast.researcher, platform="prolific")
    page = words(cast.client("researcher").get(page_url(study)))
    assert "PROLIFIC_PID={{%PROLIFIC_PID%}}" in page


@pytest.mark.parametrize(
    "completion", ["javascript:alert(1)", "http://example.org/", "two words", "//example.org"]
)
def test_a_way_back_is_a_code_or_an_https_address(cast, study, completion):
    fields = {"name": "lab", "platform": "link", "completion": completion}
    response = cast.client("researcher").post(page_url(study), fields)
    assert response.status_code == 422
    assert not study.invitations.exists()


def test_an_invitation_ends_in_the_future(cast, study):
    client, fields = cast.client("researcher"), {"name": "lab", "platform": "link"}
    past, later = (timezone.now() + timedelta(days=days) for days in (-1, 1))
    refused = client.post(page_url(study), fields | {"expires_at": f"{past:%Y-%m-%dT%H:%M}"})
    assert refused.status_code == 422
    assert "Choose a later time." in words(refused)
    client.post(page_url(study), fields | {"expires_at": f"{later:%Y-%m-%dT%H:%M}"})
    assert study.invitations.get().expires_at == later.replace(second=0, microsecond=0)


def test_a_name_is_used_once(cast, study, invitation):
    fields = {"name": invitation.name, "platform": "link"}
    response = cast.client("researcher").post(page_url(study), fields)
    assert "choose another" in words(response)


@pytest.mark.parametrize("act", ["close", "revoke"])
def test_an_invitation_is_closed_or_its_link_revoked(cast, study, invitation, act):
    old = path_of(invitation)
    cast.client("researcher").post(f"{page_url(study)}{invitation.pk}/", {"act": act})
    assert Client().get(old).status_code == {"close": 403, "revoke": 404}[act]


def test_the_page_shows_pseudonyms_and_no_ids(cast, study):
    invitation = make_invitation(study, cast.researcher, platform="prolific")
    join(invitation, query="?PROLIFIC_PID=unmistakable&STUDY_ID=s&SESSION_ID=t")
    page = words(cast.client("researcher").get(page_url(study)))
    assert Rater.objects.get().pseudonym in page
    assert "unmistakable" not in page
