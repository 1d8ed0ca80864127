import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.access import Roles, project_for, projects_of
from accounts.models import Membership, Role


def test_a_member_with_a_fitting_role_gets_the_project(cast):
    assert project_for(cast.researcher, "lab", [Role.RESEARCHER]) == cast.project


def test_an_administrator_has_every_role(cast):
    assert project_for(cast.administrator, "lab", [Role.REVIEWER]) == cast.project


def test_a_member_without_the_role_is_told_which_one_it_takes(cast):
    with pytest.raises(PermissionDenied, match="needs the role researcher or reviewer"):
        project_for(cast.rater, "lab", [Role.REVIEWER, Role.RESEARCHER])


@pytest.mark.parametrize("who", ["stranger", "other_researcher"])
def test_a_stranger_cannot_tell_a_project_from_none(cast, who):
    with pytest.raises(Http404) as existing:
        project_for(getattr(cast, who), "lab", [Role.RESEARCHER])
    with pytest.raises(Http404) as missing:
        project_for(getattr(cast, who), "none", [Role.RESEARCHER])
    assert str(existing.value).replace("lab", "none") == str(missing.value)
    assert str(missing.value) == "There is no project 'none', or you are not a member of it."


def test_nobody_has_no_role(cast):
    with pytest.raises(Http404):
        project_for(AnonymousUser(), "lab", list(Role))


def test_roles_add_up(cast):
    Membership.objects.create(user=cast.rater, project=cast.project, role=Role.REVIEWER)
    [project] = projects_of(cast.rater)
    assert project.viewer_roles == {Role.RATER, Role.REVIEWER}


def test_roles_are_named_in_their_order():
    assert list(Roles({"reviewer", "administrator", "rater"})) == [
        *("rater", "reviewer", "administrator"),
    ]


def test_a_project_tells_its_pages_the_roles_of_who_looks(cast):
    project = project_for(cast.researcher, "lab", [Role.RESEARCHER])
    assert project.viewer_roles == {Role.RESEARCHER}


def test_projects_are_listed_by_name(cast):
    Membership.objects.create(user=cast.rater, project=cast.other_project, role=Role.RATER)
    assert [project.name for project in projects_of(cast.rater)] == ["Elsewhere", "Lab"]
