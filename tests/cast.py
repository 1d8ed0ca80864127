"""The fixed cast of the suite: who is who in every test, and the two projects they live in."""

from dataclasses import dataclass

import pytest
from django.test import Client

from accounts.models import Membership, Project, Role, User
from annotations.models import Rater


@dataclass(frozen=True)
class Cast:
    """People by their part. All but ``other_researcher`` and ``stranger`` belong to ``project``."""

    project: Project
    other_project: Project
    rater: User
    second_rater: User
    researcher: User
    reviewer: User
    administrator: User
    other_researcher: User
    stranger: User

    def client(self, who: str) -> Client:
        """A browser in which *who* is signed in; 'nobody' is not, and the 'participant' has no
        account: their browser carries the part they got by an invitation (tests.support.world)."""
        client = Client()
        if who == "participant":
            carry_part(client)
        elif who != "nobody":
            client.force_login(getattr(self, who))
        return client


PARTS = (
    "nobody",
    "stranger",
    "other_researcher",
    "rater",
    "second_rater",
    "researcher",
    "reviewer",
    "administrator",
    "participant",
)


def carry_part(client: Client) -> None:
    """Let the browser carry the part of the first person who came by an invitation, if any."""
    came = Rater.objects.filter(identity__isnull=False).select_related("study__project")
    session = client.session
    session["identities"] = {
        f"{one.study.project.slug}/{one.study.slug}": one.identity.pk for one in came[:1]
    }
    session.save()


def person(name: str, project: Project | None = None, role: str = "") -> User:
    user = User.objects.create(username=name, email=f"{name}@example.org")
    if project:
        Membership.objects.create(user=user, project=project, role=role)
    return user


@pytest.fixture
def cast(db) -> Cast:
    project = Project.objects.create(slug="lab", name="Lab")
    other_project = Project.objects.create(slug="elsewhere", name="Elsewhere")
    return Cast(
        project=project,
        other_project=other_project,
        rater=person("rater", project, Role.RATER),
        second_rater=person("second_rater", project, Role.RATER),
        researcher=person("researcher", project, Role.RESEARCHER),
        reviewer=person("reviewer", project, Role.REVIEWER),
        administrator=person("administrator", project, Role.ADMINISTRATOR),
        other_researcher=person("other_researcher", other_project, Role.RESEARCHER),
        stranger=person("stranger"),
    )
