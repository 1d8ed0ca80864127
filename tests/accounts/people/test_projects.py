import pytest

from accounts.access import roles_in
from accounts.models import AuditEvent, Project
from accounts.people.projects import ProjectRefused, create_project, may_make_projects


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("researcher", True),
        ("administrator", True),
        ("reviewer", False),
        ("rater", False),
        ("stranger", False),
    ],
)
def test_who_is_at_work_with_models_may_make_a_project(cast, who, may):
    assert may_make_projects(getattr(cast, who)) is may


@pytest.mark.parametrize("flag", ["is_staff", "is_superuser"])
def test_who_runs_the_site_may_make_a_project(cast, flag):
    setattr(cast.stranger, flag, True)
    assert may_make_projects(cast.stranger)


def test_whoever_is_named_administers_the_new_project(cast):
    project = create_project("Value  lab ", cast.stranger, cast.researcher)
    assert (project.name, project.slug) == ("Value lab", "value-lab")
    assert roles_in(cast.stranger, project) == {"administrator"}
    made = AuditEvent.objects.get(verb="project made")
    assert (made.project, made.actor) == (project, cast.researcher)
    assert made.detail == {"after": {"name": "Value lab"}, "slug": "value-lab"}


def test_projects_of_one_name_have_addresses_of_their_own(cast):
    slugs = [create_project("Lab", cast.stranger, None).slug for _ in range(3)]
    assert slugs == ["lab-2", "lab-3", "lab-4"]


@pytest.mark.parametrize(("name", "slug"), [("价值", "project"), ("x" * 120, "x" * 55)])
def test_a_name_that_makes_no_address_gets_one_all_the_same(cast, name, slug):
    assert create_project(name, cast.stranger, None).slug == slug


@pytest.mark.parametrize(
    ("name", "slug", "why"),
    [
        (" ", "x", "needs a name"),
        ("Lab", "lab", "There is a project 'lab' already"),
        ("Lab", "my lab", "write 'my-lab'"),
        ("Lab", "x" * 61, "longer than 60"),
    ],
)
def test_a_project_that_cannot_be_made_says_why(cast, name, slug, why):
    with pytest.raises(ProjectRefused, match=why):
        create_project(name, cast.stranger, None, slug)
    assert Project.objects.count() == 2
    assert not AuditEvent.objects.exists()
