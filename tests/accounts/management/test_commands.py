"""Scripts make projects and members by the rules of the pages."""

import pytest
from django.core.management import CommandError, call_command

from accounts.access import roles_in
from accounts.models import AuditEvent, Project


def test_a_project_is_made_with_its_administrator(cast, capsys):
    call_command("createproject", "value-lab", "Value lab", administrator="stranger")
    project = Project.objects.get(slug="value-lab")
    assert project.name == "Value lab"
    assert roles_in(cast.stranger, project) == {"administrator"}
    assert capsys.readouterr().out == "value-lab is made; stranger administers it.\n"


def test_what_a_command_does_is_written_down_as_the_systems(cast):
    call_command("createproject", "value-lab", "Value lab", administrator="stranger")
    assert {event.actor for event in AuditEvent.objects.all()} == {None}


@pytest.mark.parametrize(
    ("slug", "who", "why"),
    [("lab", "stranger", "already"), ("new", "nobody", "no account 'nobody'.*createsuperuser")],
)
def test_a_project_that_cannot_be_made_says_why(cast, slug, who, why):
    with pytest.raises(CommandError, match=why):
        call_command("createproject", slug, "Lab", administrator=who)
    assert Project.objects.count() == 2


def test_an_account_gets_a_role_beside_those_it_has(cast, capsys):
    call_command("addmember", "lab", "rater", "reviewer")
    assert roles_in(cast.rater, cast.project) == {"rater", "reviewer"}
    assert capsys.readouterr().out == "rater is rater, reviewer in lab.\n"


def test_an_account_can_be_named_by_its_address(cast):
    call_command("addmember", "lab", "Stranger@example.org", "rater")
    assert roles_in(cast.stranger, cast.project) == {"rater"}


def test_a_user_name_goes_before_an_address(cast):
    cast.stranger.email = "rater"
    cast.stranger.save()
    call_command("addmember", "lab", "rater", "reviewer")
    assert roles_in(cast.stranger, cast.project) == set()


def test_a_role_is_ended(cast, capsys):
    call_command("addmember", "lab", "rater", "rater", end=True)
    assert roles_in(cast.rater, cast.project) == set()
    assert capsys.readouterr().out == "rater is no member in lab.\n"


@pytest.mark.parametrize(
    ("project", "who", "role", "why"),
    [
        ("lab", "administrator", "administrator", "last administrator"),
        ("none", "rater", "rater", "no project 'none'"),
    ],
)
def test_what_cannot_be_ended_says_why(cast, project, who, role, why):
    with pytest.raises(CommandError, match=why):
        call_command("addmember", project, who, role, end=True)
