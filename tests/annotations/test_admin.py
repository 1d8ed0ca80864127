"""Housekeeping shows what was said and decided, and changes none of it."""

import pytest
from django.contrib import admin
from django.test import Client

from accounts.models import User
from annotations.models import (
    Assignment,
    AutomatedLabel,
    Decision,
    Dispute,
    Guideline,
    Invitation,
    Item,
    Judgment,
    ProblemReport,
    Rater,
)
from annotations.studies.simulated import simulate_judgments
from tests.annotations.conftest import make_study, make_trial

pytestmark = pytest.mark.django_db

WRITTEN_BY_THE_SITE = [
    *(Assignment, AutomatedLabel, Decision, Dispute, Guideline, Invitation, Item, Judgment),
    *(ProblemReport, Rater),
]


@pytest.fixture
def superuser() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root", "root@example.org", "unused"))
    return client


@pytest.mark.parametrize("model", WRITTEN_BY_THE_SITE, ids=lambda model: model.__name__)
def test_what_the_site_writes_cannot_be_edited(rf, model):
    request = rf.get("/")
    request.user = User(is_superuser=True, is_active=True, is_staff=True)
    options = admin.site._registry[model]
    assert options.has_view_permission(request)
    assert not options.has_add_permission(request)
    assert not options.has_change_permission(request)
    assert not options.has_delete_permission(request)


@pytest.mark.parametrize("model", WRITTEN_BY_THE_SITE, ids=lambda model: model.__name__)
def test_the_lists_open(cast, cell, superuser, model):
    study = make_study(cast.project, [make_trial(cell, score="prosocial")])
    simulate_judgments(study)
    assert superuser.get(f"/admin/annotations/{model._meta.model_name}/").status_code == 200


def test_a_study_s_name_can_be_mended_and_nothing_that_was_asked(cast, superuser):
    study = make_study(cast.project, name="Misspelt")
    url = f"/admin/annotations/study/{study.pk}/change/"
    fields = {"name": "Spelt", "question": "Another?", "seed": 99}
    assert superuser.post(url, fields).status_code == 302
    study.refresh_from_db()
    assert (study.name, study.seed) == ("Spelt", 0)
    assert study.question != "Another?"


def test_a_rater_s_person_is_not_shown(cast, cell, superuser):
    study = make_study(cast.project, [make_trial(cell)])
    rater = Rater.objects.create(study=study, user=cast.second_rater, pseudonym="rater-quartz")
    page = superuser.get(f"/admin/annotations/rater/{rater.pk}/change/").content.decode()
    assert "rater-quartz" in page
    assert "second_rater" not in page
