"""What two people do to a project at once happens one after the other, by the same rules."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from accounts.access import roles_in
from accounts.models import AuditEvent, Membership, Role, User
from accounts.people.invitations import InvitationOver, accept, digest_of, invite
from accounts.people.members import MembersRefused, change_roles, leave


def at_once(acts, many_connections):
    """What each of *acts* raised (None: nothing), begun together on connections of their own."""
    barrier = Barrier(len(acts))

    def run(act):
        try:
            barrier.wait()
            act()
        except Exception as error:
            return error
        finally:
            many_connections()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


@pytest.fixture
def two(many_connections, cast):
    """Both administrators of the project."""
    Membership.objects.create(user=cast.reviewer, project=cast.project, role=Role.ADMINISTRATOR)
    return cast.administrator, cast.reviewer


def administrators(project):
    return Membership.objects.filter(project=project, role=Role.ADMINISTRATOR).count()


def test_of_two_last_administrators_who_leave_at_once_one_stays(cast, two, many_connections):
    ends = [lambda who=who: leave(cast.project, who) for who in two]
    failed = [error for error in at_once(ends, many_connections) if error]
    assert [type(error) for error in failed] == [MembersRefused]
    assert administrators(cast.project) == 1
    assert AuditEvent.objects.filter(verb="left the project").count() == 1


def test_of_two_administrators_who_end_each_other_at_once_one_stays(cast, two, many_connections):
    one, other = two
    ends = [
        lambda: change_roles(cast.project, one, other, ()),
        lambda: change_roles(cast.project, other, one, ()),
    ]
    failed = [error for error in at_once(ends, many_connections) if error]
    assert [type(error) for error in failed] == [MembersRefused]
    assert administrators(cast.project) == 1


def test_a_link_for_two_lets_two_of_four_in(cast, many_connections):
    _, token = invite(cast.project, cast.administrator, "rater", 7, most_uses=2)
    people = [User.objects.create(username=f"new{number}") for number in range(4)]
    joins = [lambda who=who: accept(digest_of(token), who) for who in people]
    failed = [error for error in at_once(joins, many_connections) if error]
    assert [type(error) for error in failed] == [InvitationOver] * 2
    assert sum(bool(roles_in(who, cast.project)) for who in people) == 2
    assert cast.project.invitations.get().uses == 2


def test_somebody_who_joins_twice_at_once_uses_the_link_once(cast, many_connections):
    _, token = invite(cast.project, cast.administrator, "rater", 7, most_uses=5)
    joins = [lambda: accept(digest_of(token), cast.stranger)] * 3
    assert at_once(joins, many_connections) == [None] * 3
    assert cast.project.invitations.get().uses == 1
