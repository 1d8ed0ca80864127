"""Numbers no row can have, in addresses and forms: no such page, or words at the field."""

import re

import pytest
from django.urls import reverse

from annotations.models import Invitation, Item, Study
from annotations.urls import urlpatterns
from tests.annotations.conftest import make_run, make_study, make_text_study, make_trial

pytestmark = pytest.mark.django_db

HUGE = (2**31, 2**63, 10**30)
NUMBERED = [str(one.pattern) for one in urlpatterns if "<int:" in str(one.pattern)]


@pytest.mark.parametrize("number", HUGE)
@pytest.mark.parametrize("route", NUMBERED)
def test_an_address_with_a_number_no_row_has_is_no_page(cast, route, number):
    study = make_text_study(cast.project, 1)
    names = {"project_slug": cast.project.slug, "study_slug": study.slug}
    path = re.sub(r"<(\w+):(\w+)>", lambda part: str(names.get(part[2], number)), route)
    client = cast.client("rater" if "/judge/" in path else "administrator")
    asked = [client.get(f"/{path}"), client.post(f"/{path}")]
    assert {answer.status_code for answer in asked} <= {404, 405}
    assert 404 in {answer.status_code for answer in asked}


@pytest.mark.parametrize("number", HUGE)
def test_a_study_is_drawn_from_runs_of_the_project(cast, number):
    address = reverse("study_new", args=[cast.project.slug])
    sent = {"name": "s", "unit": "trial", "kind": "orientation", "runs": [number], "overlap": 2}
    answer = cast.client("researcher").post(address, sent)
    assert answer.status_code == 422
    assert "A run that was chosen is not in this project any more" in answer.content.decode()
    assert not Study.objects.exists()


@pytest.mark.parametrize("number", HUGE)
def test_a_control_item_shows_a_trial_of_the_project(cast, cell, number):
    study = make_study(cast.project, [make_trial(cell)])
    address = reverse("study_controls", args=[cast.project.slug, study.slug])
    sent = {"kind": "gold", "trial": number, "expected": "prosocial"}
    answer = cast.client("researcher").post(address, sent)
    assert answer.status_code == 422
    assert f"the project has no complete trial {number}" in answer.content.decode()
    assert not Item.objects.filter(kind="gold").exists()


@pytest.mark.parametrize("number", HUGE)
def test_an_invitation_is_for_a_number_of_people_there_can_be(cast, number):
    study = make_text_study(cast.project, 1)
    address = reverse("invitations", args=[cast.project.slug, study.slug])
    sent = {"name": "wave", "platform": "link", "most_raters": number}
    answer = cast.client("researcher").post(address, sent)
    assert answer.status_code == 422
    assert "less than or equal to 1000000" in answer.content.decode()
    assert not Invitation.objects.exists()


def test_a_run_of_the_project_is_taken(cast):
    run = make_run(cast.project)
    address = reverse("study_new", args=[cast.project.slug])
    answer = cast.client("researcher").post(address, {"name": "s", "runs": [run.pk]})
    assert "not in this project" not in answer.content.decode()
