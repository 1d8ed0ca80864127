"""A link brings in whom it was made for, as long and as often as was said, and is not kept."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.access import roles_in
from accounts.models import AuditEvent, ProjectInvitation
from accounts.people import invitations
from accounts.people.invitations import (
    InvitationOver,
    InvitationRefused,
    NoInvitation,
    Over,
    accept,
    digest_of,
    invite,
    open_invitations,
    revoke,
)


@pytest.fixture
def invited(cast):
    """invited(**wishes) -> (invitation, digest of its link)"""

    def invited(role="reviewer", days=7, **wishes):
        invitation, token = invite(cast.project, cast.administrator, role, days, **wishes)
        return invitation, digest_of(token)

    return invited


def test_whoever_has_the_link_gets_its_role(cast, invited):
    _, digest = invited()
    assert accept(digest, cast.stranger) == cast.project
    assert roles_in(cast.stranger, cast.project) == {"reviewer"}


def test_a_member_gets_its_role_beside_their_own(cast, invited):
    accept(invited()[1], cast.rater)
    assert roles_in(cast.rater, cast.project) == {"rater", "reviewer"}


def test_joining_is_written_down_with_the_invitation(cast, invited):
    invitation, digest = invited()
    accept(digest, cast.stranger)
    event = AuditEvent.objects.first()
    assert (event.verb, event.actor) == ("joined the project", cast.stranger)
    assert event.detail["invitation"] == invitation.pk


def test_the_link_is_kept_nowhere(cast):
    _, token = invite(cast.project, cast.administrator, "rater", 7, email="a@example.org")
    kept = [str(ProjectInvitation.objects.values().get()), str(AuditEvent.objects.values().get())]
    assert [text for text in kept if token in text] == []
    assert "a@example.org" not in kept[1]


def test_a_link_works_for_as_many_people_as_was_said(cast, invited):
    _, digest = invited(most_uses=2)
    accept(digest, cast.stranger)
    accept(digest, cast.other_researcher)
    with pytest.raises(InvitationOver) as over:
        accept(digest, cast.rater)
    assert over.value.why is Over.USED


def test_whoever_has_the_role_uses_nothing_up(cast, invited):
    invitation, digest = invited()
    assert accept(digest, cast.reviewer) == cast.project
    invitation.refresh_from_db()
    assert invitation.uses == 0


def test_a_link_runs_out(cast, invited):
    _, digest = invited(days=1)
    ProjectInvitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(InvitationOver) as over:
        accept(digest, cast.stranger)
    assert over.value.why is Over.EXPIRED
    assert roles_in(cast.stranger, cast.project) == set()


def test_a_revoked_link_opens_nothing(cast, invited):
    invitation, digest = invited()
    revoke(invitation, cast.administrator)
    with pytest.raises(InvitationOver) as over:
        accept(digest, cast.stranger)
    assert over.value.why is Over.REVOKED
    assert AuditEvent.objects.first().verb == "invitation revoked"


def test_revoking_twice_is_revoking_once(cast, invited):
    invitation, _ = invited()
    revoke(invitation, cast.administrator)
    revoke(invitation, cast.administrator)
    assert AuditEvent.objects.filter(verb="invitation revoked").count() == 1


def test_nobody_joins_an_archived_project(cast, invited):
    _, digest = invited()
    cast.project.archived_at = timezone.now()
    cast.project.save()
    with pytest.raises(InvitationOver) as over:
        accept(digest, cast.stranger)
    assert over.value.why is Over.ARCHIVED


def test_a_link_that_was_made_up_is_unknown(cast):
    with pytest.raises(NoInvitation):
        accept(digest_of("made up"), cast.stranger)


@pytest.mark.parametrize("end", ["used", "revoked"])
def test_the_address_goes_when_nobody_can_come_by_the_link(cast, invited, end):
    invitation, digest = invited(email="new@example.org")
    if end == "used":
        accept(digest, cast.stranger)
    else:
        revoke(invitation, cast.administrator)
    invitation.refresh_from_db()
    assert invitation.email == ""


@pytest.mark.parametrize(
    "wishes", [{"email": "a@example.org"}, {"role": "administrator"}], ids=["mailed", "powerful"]
)
def test_a_link_that_is_mailed_or_makes_administrators_is_for_one(cast, invited, wishes):
    with pytest.raises(InvitationRefused, match="for one person"):
        invited(most_uses=2, **wishes)


def test_open_invitations_are_those_somebody_can_come_by(cast, invited):
    kept, _ = invited(most_uses=2)
    revoke(invited()[0], cast.administrator)
    accept(invited()[1], cast.stranger)
    past, _ = invited()
    ProjectInvitation.objects.filter(pk=past.pk).update(expires_at=timezone.now())
    assert list(open_invitations(cast.project)) == [kept]


def test_a_project_has_a_limit_of_open_invitations(cast, invited, monkeypatch):
    monkeypatch.setattr(invitations, "MOST_OPEN", 2)
    first, _ = invited()
    invited()
    with pytest.raises(InvitationRefused, match="2 invitations of this project are open"):
        invited()
    revoke(first, cast.administrator)
    invited()


def test_a_person_has_a_limit_a_day_whatever_became_of_their_invitations(
    cast, invited, monkeypatch
):
    monkeypatch.setattr(invitations, "MOST_A_DAY", 2)
    for _ in range(2):
        revoke(invited()[0], cast.administrator)
    with pytest.raises(InvitationRefused, match="2 invitations within a day"):
        invited()
    ProjectInvitation.objects.update(created_at=timezone.now() - timedelta(days=1, seconds=1))
    invited()
