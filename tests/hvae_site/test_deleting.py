"""What is deleted goes whole, after its name was typed, and the trail keeps who did it."""

import pytest
from django.apps import apps
from django.urls import reverse

from accounts.deletion.whole import DeletionRefused, going_with
from accounts.models import AuditEvent, Project
from analysis.data.parameters import Parameters
from analysis.making.reporting import make_report
from annotations.models import Judgment, Study
from annotations.studies.deleting import archive, delete_study
from annotations.studies.studies import StudyRefused, change_state
from evaluations.models import Run, Trial, Turn
from evaluations.pages.deleting import delete_endpoint, delete_run
from hvae_site.deleting import delete_project
from tests.support.addresses import ACTS, MATRIX

OWN = ("accounts", "evaluations", "annotations", "analysis")


def rows():
    """How many rows each model of the site's own has."""
    models = (model for app in OWN for model in apps.get_app_config(app).get_models())
    return {model._meta.label: model._base_manager.count() for model in models}


@pytest.fixture
def closed(world, cast):
    """The world's study, closed, with a report that was kept."""
    make_report(world.study, Parameters(replicates=100))
    return change_state(world.study, cast.researcher, Study.State.CLOSED)


def test_a_project_goes_with_all_that_is_in_it(world, cast, closed):
    delete_project(cast.project, cast.administrator, "Lab")
    left = {name: number for name, number in rows().items() if number}
    assert left == {
        "accounts.User": 7,
        "accounts.Project": 1,
        "accounts.Membership": 1,
        "accounts.AuditEvent": 1,
        "evaluations.Instrument": 1,
        "evaluations.Metric": 1,
    }
    event = AuditEvent.objects.get()
    assert (event.project, event.actor, event.verb) == (None, cast.administrator, "project deleted")
    assert event.detail["name"] == "Lab"
    assert event.detail["gone"]["trials"] == 8 and event.detail["gone"]["judgments"] == 9


def test_what_is_said_to_go_is_what_goes(world, cast, closed):
    before, going = rows(), going_with(closed)
    delete_study(closed, cast.administrator, "Study")
    gone = {
        apps.get_model(name)._meta.verbose_name_plural: number - rows()[name]
        for name, number in before.items()
        if number > rows()[name] and name != "annotations.Study"
    }
    singular = {"report": "reports", "guideline": "guidelines", "dispute": "disputes"}
    assert {singular.get(name, name): n for name, n in going.counts.items() if n > 1} == {
        name: n for name, n in gone.items() if n > 1
    }
    assert Trial.objects.count() == 8 and Run.objects.count() == 1


def test_a_run_stays_while_a_study_judges_its_trials(world, cast, closed):
    with pytest.raises(DeletionRefused, match="Studies judge trials of trials: Study"):
        delete_run(world.run, cast.researcher, "trials")
    assert Turn.objects.exists()
    delete_study(closed, cast.administrator, "Study")
    delete_run(world.run, cast.researcher, "trials")
    assert not Turn.objects.exists() and not Run.objects.exists()
    assert AuditEvent.objects.get(verb="run deleted").project == cast.project


def test_an_endpoint_stays_while_a_run_was_planned_with_it(world, cast):
    planned = world.run.cells.first().endpoint
    with pytest.raises(DeletionRefused, match=r"Runs were planned with .*: trials"):
        delete_endpoint(planned, cast.researcher, planned.name)
    delete_endpoint(world.endpoint, cast.researcher, "simulated")
    assert AuditEvent.objects.get(verb="endpoint deleted").detail["name"] == "simulated"


@pytest.mark.parametrize("typed", ["", "study", "Study 2"])
def test_nothing_is_deleted_without_its_name(closed, cast, typed):
    before = rows()
    with pytest.raises(DeletionRefused, match="Type the name Study"):
        delete_study(closed, cast.administrator, typed)
    assert rows() == before


def test_what_somebody_is_at_work_on_is_not_deleted(world, cast):
    with pytest.raises(DeletionRefused, match="close it first"):
        delete_study(world.study, cast.administrator, "Study")
    with pytest.raises(DeletionRefused, match="Raters can judge in Study"):
        delete_project(cast.project, cast.administrator, "Lab")
    Run.objects.update(state=Run.State.RUNNING)
    with pytest.raises(DeletionRefused, match="trials is running"):
        delete_run(world.run, cast.researcher, "trials")


def test_an_archived_study_stands_in_no_list_and_can_come_back(closed, cast):
    client = cast.client("researcher")
    studies, act = reverse("studies", args=["lab"]), reverse("study_archive", args=["lab", "study"])
    before = rows()
    client.post(act)
    listed = client.get(studies).content.decode()
    assert 'href="/p/lab/studies/study/"' not in listed and "1 archived" in listed
    assert 'href="/p/lab/studies/study/"' in client.get(f"{studies}?archived").content.decode()
    assert {**rows(), "accounts.AuditEvent": 0} == {**before, "accounts.AuditEvent": 0}
    with pytest.raises(StudyRefused, match="archived: bring it back first"):
        change_state(closed, cast.researcher, Study.State.OPEN)
    client.post(act, {"act": "back"})
    assert 'href="/p/lab/studies/study/"' in client.get(studies).content.decode()
    verbs = AuditEvent.objects.filter(verb__startswith="study ").values_list("verb", flat=True)
    assert {"study archived", "study brought back"} <= set(verbs)


def test_an_open_study_is_not_archived(world, cast):
    with pytest.raises(DeletionRefused, match="close it first"):
        archive(world.study, cast.researcher)


def test_what_people_said_is_deleted_by_administrators_alone(closed, cast):
    address = reverse("study_delete", args=["lab", "study"])
    researcher, administrator = cast.client("researcher"), cast.client("administrator")
    assert "deleted by an administrator" in researcher.get(address).content.decode()
    assert researcher.post(address, {"name": "Study"}).status_code == 403
    page = administrator.get(address).content.decode()
    assert "<li>9 judgments</li>" in page
    refused = administrator.post(address, {"name": "no"})
    assert refused.status_code == 422 and "Type the name Study" in refused.content.decode()
    assert Judgment.objects.count() == 9
    assert administrator.post(address, {"name": "Study"}).status_code == 302
    assert not Judgment.objects.exists()


@pytest.mark.parametrize("page", ["run_delete", "endpoint_delete", "study_delete"])
def test_every_page_of_deletion_says_what_goes(world, cast, page):
    arguments = {"run_delete": world.run.pk, "endpoint_delete": world.endpoint.pk}
    address = reverse(page, args=["lab", arguments.get(page, "study")])
    assert "What goes with it" in cast.client("administrator").get(address).content.decode()
    assert page in MATRIX and "study_archive" in ACTS


def test_a_project_is_deleted_on_its_page(cast):
    client, address = cast.client("administrator"), reverse("project_delete", args=["lab"])
    assert "Memberships" in client.get(address).content.decode().title()
    assert client.post(address, {"name": "Lab"}).status_code == 302
    assert not Project.objects.filter(slug="lab").exists()
