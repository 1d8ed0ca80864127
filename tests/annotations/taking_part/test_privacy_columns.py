"""docs/privacy.md names every column that leads to a person, and no other."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import EmailField, Field, GenericIPAddressField, Model
from django.test import Client

from accounts.models import User
from annotations.models import Assignment, Rater
from annotations.taking_part.privacy import erase
from tests.annotations.conftest import judge_url, make_text_study, send
from tests.annotations.taking_part.way_support import (
    join,
    make_invitation,
    make_whole_study,
    walk_to_judging,
)

ADDRESSES = (EmailField, GenericIPAddressField)
PERSON = "UNMISTAKABLE-ID"
QUERY = f"?PROLIFIC_PID={PERSON}&STUDY_ID=STUDY-ELSEWHERE&SESSION_ID=SESSION-ELSEWHERE"
LATER = QUERY.replace("SESSION-ELSEWHERE", "LATER-SESSION")


def documented() -> set[str]:
    text = Path(settings.BASE_DIR, "docs", "privacy.md").read_text()
    table = text.split("| column |")[1].split("\n\n")[0]
    first_cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return set(re.findall(r"`(\w+\.\w+)`", " ".join(first_cells)))


def columns() -> list[tuple[type[Model], Field]]:
    return [(model, field) for model in apps.get_models() for field in model._meta.concrete_fields]


def name_of(model: type[Model], field: Field) -> str:
    return f"{model.__name__}.{field.name}"


def of_an_account() -> set[str]:
    """Every relation to an account, what names its owner, and where they are reached."""
    relations = {name_of(m, f) for m, f in columns() if f.related_model is User}
    named = {f"User.{name}" for name in ("username", "first_name", "last_name")}
    addresses = {name_of(m, f) for m, f in columns() if isinstance(f, ADDRESSES)}
    return relations | named | addresses


def holding(values: list[str]) -> set[str]:
    """The columns in which one of these turns up."""
    found = set()
    for model, field in columns():
        rows = model._default_manager.values_list(field.attname, flat=True)
        if any(value in str(row) for row in rows for value in values):
            found.add(name_of(model, field))
    return found


@pytest.fixture
def participant(cast) -> Client:
    """Somebody who walked a whole part, came in another session, and judged."""
    study = make_whole_study(cast.project)
    invitation = make_invitation(study, cast.researcher, platform="prolific")
    client = join(invitation, query=QUERY)
    walk_to_judging(client, study)
    client.get(judge_url(study))
    send(client, study, assignment=Assignment.objects.get(state="reserved").pk)
    return join(invitation, client, LATER)


@pytest.mark.django_db
def test_what_they_came_with_stands_in_the_columns_that_are_named(participant):
    came_with = [PERSON, "SESSION-ELSEWHERE", "STUDY-ELSEWHERE"]
    found = holding(came_with)
    assert found == {
        "Identity.external_id",
        "Identity.parameters",
        "Identity.earlier_parameters",
    }
    assert found <= documented()


@pytest.mark.django_db
def test_the_browser_is_kept_as_a_number_alone(participant):
    cookie = participant.cookies["valuecheck_participant"].value.rsplit(":", 1)[0]
    assert not holding([cookie])
    number = Rater.objects.get(identity__isnull=False).identity.browser
    assert holding([number]) == {"Identity.browser"}


@pytest.mark.django_db
def test_sessions_carry_the_identity_and_not_the_rater(participant):
    (carried,) = participant.session["identities"].values()
    assert carried == Rater.objects.get(identity__isnull=False).identity.pk


@pytest.mark.django_db
def test_a_mark_stands_where_it_is_named(cast, participant):
    rater = Rater.objects.select_related("study__project").get(identity__isnull=False)
    erase(rater)
    assert not holding([PERSON, "SESSION-ELSEWHERE", "STUDY-ELSEWHERE"])


def test_the_page_names_every_column_and_no_other():
    beside = {
        "Identity.external_id",
        "Identity.parameters",
        "Identity.earlier_parameters",
        "Identity.browser",
        "TakenPart.mark",
        "Session.session_data",
    }
    assert documented() == of_an_account() | beside


def test_every_column_of_an_identity_is_looked_at():
    own = {name_of(m, f) for m, f in columns() if m.__name__ in ("Identity", "TakenPart")}
    ours = {"id", "study", "rater", "invitation", "platform", "created_at"}
    leading = {name for name in own if name.split(".")[1] not in ours}
    assert leading <= documented()


@pytest.mark.django_db
def test_a_member_is_found_by_the_account_alone(cast):
    cast.rater.username, cast.rater.email = "UNMISTAKABLE-NAME", "unmistakable@example.org"
    cast.rater.save()
    study = make_text_study(cast.project, 1)
    client = cast.client("rater")
    client.get(judge_url(study))
    send(client, study, assignment=Assignment.objects.get().pk)
    assert holding(["UNMISTAKABLE-NAME", "unmistakable@"]) == {"User.username", "User.email"}
