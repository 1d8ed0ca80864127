"""Roles are given, changed and ended in one place, which keeps an administrator and the history."""

import pytest

from accounts.access import roles_in
from accounts.models import AuditEvent, Membership, Role
from accounts.people.members import (
    MembersRefused,
    change_roles,
    hand_over,
    leave,
)


@pytest.fixture
def second_administrator(cast):
    Membership.objects.create(user=cast.reviewer, project=cast.project, role=Role.ADMINISTRATOR)
    return cast.reviewer


def last_event():
    return AuditEvent.objects.first()


def test_a_person_has_exactly_the_roles_they_are_given(cast):
    change_roles(cast.project, cast.administrator, cast.rater, {"researcher", "reviewer"})
    assert roles_in(cast.rater, cast.project) == {"researcher", "reviewer"}


def test_a_change_is_written_down_with_the_roles_before_and_after(cast):
    change_roles(cast.project, cast.administrator, cast.rater, {"researcher", "rater"})
    event = last_event()
    assert (event.actor, event.verb, event.subject_type, event.subject_id) == (
        *(cast.administrator, "roles changed", "accounts.user"),
        str(cast.rater.pk),
    )
    changed = {"before": {"roles": ["rater"]}, "after": {"roles": ["rater", "researcher"]}}
    assert event.detail == changed


@pytest.mark.parametrize(
    ("who", "roles", "verb"),
    [
        ("stranger", {"rater"}, "joined the project"),
        ("rater", {"reviewer"}, "roles changed"),
        ("rater", (), "removed from the project"),
    ],
)
def test_the_trail_says_what_kind_of_change_it_was(cast, who, roles, verb):
    change_roles(cast.project, cast.administrator, getattr(cast, who), roles)
    assert last_event().verb == verb


def test_the_roles_somebody_has_already_are_no_change(cast):
    change_roles(cast.project, cast.administrator, cast.rater, {"rater"})
    assert not AuditEvent.objects.exists()


def test_a_role_that_stays_keeps_the_time_it_was_given(cast):
    kept = Membership.objects.get(user=cast.rater)
    change_roles(cast.project, cast.administrator, cast.rater, {"rater", "reviewer"})
    assert Membership.objects.get(user=cast.rater, role="rater") == kept


@pytest.mark.parametrize("roles", [(), {"researcher"}])
def test_the_last_administrator_stays_one(cast, roles):
    with pytest.raises(MembersRefused, match="administrator is the last administrator of Lab"):
        change_roles(cast.project, None, cast.administrator, roles)
    assert roles_in(cast.administrator, cast.project) == {"administrator"}
    assert not AuditEvent.objects.exists()


def test_an_administrator_who_cannot_sign_in_does_not_count(cast, second_administrator):
    second_administrator.is_active = False
    second_administrator.save()
    with pytest.raises(MembersRefused, match="last administrator"):
        leave(cast.project, cast.administrator)


def test_an_administrator_of_another_project_does_not_count(cast):
    Membership.objects.create(
        user=cast.other_researcher, project=cast.other_project, role=Role.ADMINISTRATOR
    )
    with pytest.raises(MembersRefused, match="last administrator"):
        leave(cast.project, cast.administrator)


def test_who_is_no_administrator_any_more_changes_nobody(cast, second_administrator):
    change_roles(cast.project, second_administrator, cast.administrator, {"researcher"})
    with pytest.raises(MembersRefused, match="not an administrator of this project any more"):
        change_roles(cast.project, cast.administrator, cast.rater, ())
    assert roles_in(cast.rater, cast.project) == {"rater"}


def test_whoever_leaves_has_no_role_any_more(cast):
    leave(cast.project, cast.rater)
    assert roles_in(cast.rater, cast.project) == set()
    assert (last_event().verb, last_event().actor) == ("left the project", cast.rater)


def test_an_administrator_can_leave_another_one(cast, second_administrator):
    leave(cast.project, cast.administrator)
    assert roles_in(second_administrator, cast.project) == {"reviewer", "administrator"}


def test_a_project_is_handed_over(cast):
    hand_over(cast.project, cast.administrator, cast.reviewer)
    assert roles_in(cast.reviewer, cast.project) == {"reviewer", "administrator"}
    assert roles_in(cast.administrator, cast.project) == {"researcher"}
    given_up, given = AuditEvent.objects.all()
    assert given.detail["handed_over_by"] == cast.administrator.pk
    assert given_up.detail["handed_over_to"] == cast.reviewer.pk


@pytest.mark.parametrize("heir", ["stranger", "administrator"])
def test_a_project_is_handed_over_to_another_member_alone(cast, heir):
    with pytest.raises(MembersRefused, match="another of its members"):
        hand_over(cast.project, cast.administrator, getattr(cast, heir))
    assert not AuditEvent.objects.exists()


def test_nobody_hands_over_what_they_do_not_administer(cast):
    with pytest.raises(MembersRefused, match="not an administrator"):
        hand_over(cast.project, cast.researcher, cast.reviewer)
    assert roles_in(cast.reviewer, cast.project) == {"reviewer"}


def test_nobody_joins_a_project_that_is_gone(cast):
    gone = type(cast.project)(pk=10**6, slug="gone", name="Gone")
    with pytest.raises(MembersRefused, match="gone"):
        change_roles(gone, None, cast.stranger, {"rater"})
