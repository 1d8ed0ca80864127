"""What the pages about a project's people do, and what they tell to whom."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.access import roles_in
from accounts.models import AuditEvent, Membership, Project, ProjectInvitation, Role, User
from accounts.people.invitations import digest_of, invite, path_of
from accounts.people.members import change_roles

INVITE = {"role": "researcher", "email": "", "most_uses": "1", "days": "7"}


def members(project="lab"):
    return reverse("members", args=[project])


def link_on(response):
    return re.search(r'value="(http://testserver/invited/[^"]+)"', response.content.decode())


@pytest.fixture
def administrator(cast):
    return cast.client("administrator")


def test_a_new_link_is_shown_once(cast, administrator):
    made = administrator.post(members(), INVITE)
    assert made.status_code == 200
    token = link_on(made)[1].rpartition("/invited/")[2].strip("/")
    assert cast.project.invitations.get().digest == digest_of(token)
    assert token not in administrator.get(members()).content.decode()


def test_a_mailed_invitation_brings_the_link_to_the_address_alone(administrator):
    made = administrator.post(members(), INVITE | {"email": "new@example.org"})
    [message] = mail.outbox
    assert message.to == ["new@example.org"]
    assert "http://testserver/invited/" in message.body
    assert link_on(made) is None
    assert "on its way to new@example.org" in made.content.decode()


def test_a_mail_is_in_the_language_of_the_site(cast):
    client = Client(headers={"accept-language": "ar"})
    client.force_login(cast.administrator)
    client.post(members(), INVITE | {"email": "new@example.org"})
    assert mail.outbox[0].subject == "Invitation to Lab on Valuecheck"


def test_a_mail_that_no_server_takes_leaves_the_link(administrator, monkeypatch):
    def refuse(*_, **__):
        raise ConnectionRefusedError

    monkeypatch.setattr("accounts.people.mails.send_mail", refuse)
    made = administrator.post(members(), INVITE | {"email": "new@example.org"})
    assert "could not be sent" in made.content.decode()
    assert link_on(made)


def test_whether_an_address_has_an_account_cannot_be_seen(administrator):
    def answer(address):
        page = administrator.post(members(), INVITE | {"email": address}).content.decode()
        hidden = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|"x-csrftoken": "\w+"', "", page)
        notice = re.search(r'<div class="notice.*?</div>', hidden, re.DOTALL)[0]
        return notice.replace(address, "…")

    assert answer("rater@example.org") == answer("nobody-has-it@example.org")


def test_an_invitation_that_is_refused_says_why(administrator):
    refused = administrator.post(members(), INVITE | {"role": "administrator", "most_uses": "2"})
    assert refused.status_code == 422
    assert "for one person" in refused.content.decode()
    assert not ProjectInvitation.objects.exists()


def test_an_invitation_is_revoked(cast, administrator):
    invitation, _ = invite(cast.project, cast.administrator, "rater", 7)
    administrator.post(reverse("member_invitation_revoke", args=["lab", invitation.pk]))
    invitation.refresh_from_db()
    assert invitation.revoked_at


def test_an_invitation_of_another_project_is_unknown(cast, administrator):
    Membership.objects.create(
        user=cast.other_researcher, project=cast.other_project, role=Role.ADMINISTRATOR
    )
    invitation, _ = invite(cast.other_project, cast.other_researcher, "rater", 7)
    address = reverse("member_invitation_revoke", args=["lab", invitation.pk])
    assert administrator.post(address).status_code == 404
    invitation.refresh_from_db()
    assert invitation.revoked_at is None


# --- joining --------------------------------------------------------------------------------------


@pytest.fixture
def path(cast):
    return path_of(invite(cast.project, cast.administrator, "researcher", 7)[1])


def test_opening_a_link_joins_nothing_yet(cast, path):
    page = cast.client("stranger").get(path).content.decode()
    assert "administrator invites you to the project Lab" in page
    assert roles_in(cast.stranger, cast.project) == set()


def test_somebody_with_an_account_joins_by_a_button(cast, path):
    joined = cast.client("stranger").post(path)
    assert joined.url == "/p/lab/"
    assert roles_in(cast.stranger, cast.project) == {"researcher"}


def test_who_is_not_signed_in_is_sent_to_sign_in_and_back(path):
    assert Client().post(path).url == f"/account/login/?next={path}"


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"revoked_at": timezone.now()}, 410, "taken back"),
        ({"uses": 1}, 410, "as many people as"),
        ({"expires_at": timezone.now()}, 410, "run out"),
        ({"digest": "another"}, 404, "belongs to no invitation"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_is_over_says_why(cast, path, method, changes, status, words):
    ProjectInvitation.objects.update(**changes)
    answer = getattr(cast.client("stranger"), method)(path)
    assert (answer.status_code, words in answer.content.decode()) == (status, True)
    assert roles_in(cast.stranger, cast.project) == set()


SIGN_UP = {
    "email": "new@example.org",
    "username": "newcomer",
    "password1": "a long enough one",
    "password2": "a long enough one",
}


def test_without_an_invitation_nobody_makes_an_account(db):
    assert "ask the administrator" in Client().get("/account/signup/").content.decode()
    Client().post("/account/signup/", SIGN_UP)
    assert not User.objects.filter(username="newcomer").exists()


def test_an_account_made_by_an_invitation_is_a_member_at_once(cast, path):
    client = Client()
    client.get(path)
    made = client.post(f"/account/signup/?next={path}", SIGN_UP)
    assert made.status_code == 302
    newcomer = User.objects.get(username="newcomer")
    assert roles_in(newcomer, cast.project) == {"researcher"}
    assert client.get(path).url == "/p/lab/"
    verbs = AuditEvent.objects.filter(actor=newcomer).values_list("verb", flat=True)
    assert set(verbs) == {"account made", "joined the project"}


def test_an_invitation_for_one_makes_one_account(cast, path):
    first, second = Client(), Client()
    first.get(path)
    second.get(path)
    first.post("/account/signup/", SIGN_UP)
    second.post("/account/signup/", SIGN_UP | {"username": "two", "email": "two@example.org"})
    assert not User.objects.filter(username="two").exists()


def test_an_account_is_not_made_where_its_invitation_is_used_up_meanwhile(cast, path, monkeypatch):
    client = Client()
    client.get(path)
    monkeypatch.setattr("accounts.adapter.remembered", lambda request: object())
    ProjectInvitation.objects.update(uses=1)
    assert client.post("/account/signup/", SIGN_UP).status_code == 403
    assert not User.objects.filter(username="newcomer").exists()


# --- members --------------------------------------------------------------------------------------


def test_roles_are_changed_on_the_page_of_a_person(cast, administrator):
    address = reverse("member", args=["lab", cast.rater.pk])
    assert administrator.post(address, {"roles": ["reviewer", "rater"]}).url == members()
    assert roles_in(cast.rater, cast.project) == {"rater", "reviewer"}
    page = administrator.get(address).content.decode()
    assert "rater, reviewer in this project" in page
    assert "roles changed" in page


@pytest.mark.parametrize(("roles", "words"), [([], "Choose a role"), (["researcher"], "last")])
def test_a_change_that_cannot_be_made_says_why(cast, administrator, roles, words):
    address = reverse("member", args=["lab", cast.administrator.pk])
    refused = administrator.post(address, {"roles": roles})
    assert (refused.status_code, words in refused.content.decode()) == (422, True)


def test_roles_are_ended_and_what_was_stays_on_the_page(cast, administrator):
    administrator.post(reverse("member_remove", args=["lab", cast.rater.pk]))
    assert roles_in(cast.rater, cast.project) == set()
    page = administrator.get(reverse("member", args=["lab", cast.rater.pk])).content.decode()
    assert "Not a member any more" in page
    assert "removed from the project" in page


@pytest.mark.parametrize("act", ["member", "member_remove"])
def test_the_account_of_a_stranger_is_unknown(cast, administrator, act):
    address = reverse(act, args=["lab", cast.stranger.pk])
    assert administrator.post(address, {"roles": ["rater"]}).status_code == 404
    assert roles_in(cast.stranger, cast.project) == set()


def test_whoever_gives_up_the_role_is_led_out_of_the_page(cast, administrator):
    change_roles(cast.project, None, cast.reviewer, {"administrator"})
    address = reverse("member", args=["lab", cast.administrator.pk])
    assert administrator.post(address, {"roles": ["rater"]}).url == "/p/lab/"


def test_a_project_is_handed_over_on_the_page(cast, administrator):
    address = reverse("project_hand_over", args=["lab"])
    assert administrator.post(address, {"heir": cast.reviewer.pk}).url == "/p/lab/"
    assert roles_in(cast.reviewer, cast.project) == {"reviewer", "administrator"}
    assert administrator.get(members()).status_code == 403


def test_a_project_is_not_handed_over_to_a_stranger(cast, administrator):
    refused = administrator.post(
        reverse("project_hand_over", args=["lab"]), {"heir": cast.stranger.pk}
    )
    assert refused.status_code == 422


def test_a_long_list_of_members_takes_as_many_queries(
    cast, administrator, django_assert_max_num_queries
):
    for number in range(30):
        person = User.objects.create(username=f"rater{number}")
        Membership.objects.create(user=person, project=cast.project, role=Role.RATER)
    with django_assert_max_num_queries(14):
        assert administrator.get(members()).content.decode().count("rater2") >= 11


# --- leaving, making ------------------------------------------------------------------------------


def test_a_member_leaves(cast):
    client = cast.client("rater")
    address = reverse("project_leave", args=["lab"])
    assert "Leave the project" in client.get(address).content.decode()
    assert client.post(address).url == "/"
    assert client.get("/p/lab/").status_code == 404


def test_the_last_administrator_is_told_to_hand_over(cast, administrator):
    refused = administrator.post(reverse("project_leave", args=["lab"]))
    assert refused.status_code == 422
    assert "hand the project over first" in refused.content.decode()


def test_a_researcher_makes_a_project_in_the_browser(cast):
    made = cast.client("researcher").post("/projects/new/", {"name": "Second lab"})
    assert made.url == "/p/second-lab/"
    project = Project.objects.get(slug="second-lab")
    assert roles_in(cast.researcher, project) == {"administrator"}


def test_nobody_else_makes_one(cast):
    assert cast.client("rater").post("/projects/new/", {"name": "X"}).status_code == 403
    assert Project.objects.count() == 2


@pytest.fixture
def owner(db):
    """A browser of the first account of an empty site."""
    client = Client()
    client.force_login(User.objects.create_superuser("owner"))
    return client


def test_the_first_start_leads_to_making_a_project(owner):
    assert owner.get("/").url == "/projects/new/"
    assert "Make the first project" in owner.get("/projects/new/").content.decode()
    assert owner.post("/projects/new/", {"name": "Lab"}).url == "/p/lab/"
    assert owner.get("/").url == "/p/lab/"


def test_a_site_without_accounts_says_how_to_make_the_first(db):
    assert "createsuperuser" in Client().get("/").content.decode()
    User.objects.create(username="somebody")
    assert "createsuperuser" not in Client().get("/").content.decode()


def test_who_runs_the_site_sees_every_project_and_into_none(cast, owner):
    page = owner.get("/projects/all/").content.decode()
    assert "elsewhere" in page and "nobody" in page
    assert owner.get("/p/lab/").status_code == 404
    assert owner.get(members()).status_code == 404


def test_the_list_of_projects_takes_as_many_queries(cast, owner, django_assert_num_queries):
    for number in range(10):
        project = Project.objects.create(slug=f"p{number}", name=f"P{number}")
        Membership.objects.create(user=cast.rater, project=project, role=Role.ADMINISTRATOR)
    with django_assert_num_queries(6):
        owner.get("/projects/all/")
