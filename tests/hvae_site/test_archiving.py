"""An archived project is read and not changed, until it is taken out."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.access import roles_in
from accounts.models import AuditEvent
from annotations.files.item_files import TextRow
from annotations.models import Study
from annotations.studies.studies import StudyRefused, change_state, create_study
from api.tokens.scopes import Scope
from api.tokens.tokens import make_token
from evaluations.definitions.catalogue import instrument, prompt_pack
from evaluations.models import Endpoint, Run
from evaluations.running import conversations
from evaluations.running.planning import Design, create_run
from hvae_site.archiving import ArchivingRefused, archive, take_out
from tests.accounts.people.test_races import at_once


@pytest.fixture
def archived(cast):
    archive(cast.project, cast.administrator)
    cast.project.refresh_from_db()
    return cast.project


def test_archiving_is_written_down_once(cast, archived):
    archive(archived, cast.administrator)
    event = AuditEvent.objects.get()
    assert (event.verb, event.actor) == ("project archived", cast.administrator)
    assert event.detail == {"before": {"archived": False}, "after": {"archived": True}}


def test_a_project_is_as_it_was_when_it_is_taken_out(cast, archived):
    take_out(archived, cast.administrator)
    archived.refresh_from_db()
    assert archived.archived_at is None
    assert AuditEvent.objects.first().verb == "project taken out of the archive"


def test_a_project_in_which_people_can_judge_is_not_archived(cast, world):
    with pytest.raises(ArchivingRefused, match="Raters can judge in Study: close that first"):
        archive(cast.project, cast.administrator)
    change_state(world.study, cast.researcher, Study.State.CLOSED)
    archive(cast.project, cast.administrator)


def test_a_project_with_a_run_under_way_is_not_archived(cast, world):
    change_state(world.study, cast.researcher, Study.State.CLOSED)
    Run.objects.update(state=Run.State.RUNNING)
    with pytest.raises(ArchivingRefused, match="Pause or cancel"):
        archive(cast.project, cast.administrator)


def test_an_archived_project_is_read_and_not_changed(cast, archived):
    client = cast.client("researcher")
    address = reverse("definition_new", args=["lab"])
    page = client.get(reverse("runs", args=["lab"]))
    assert "This project is archived" in page.content.decode()
    assert client.get(address).status_code == 200
    assert client.post(address, {}).status_code == 403


def test_nobody_is_invited_into_an_archived_project(cast, archived):
    assert cast.client("administrator").post(reverse("members", args=["lab"])).status_code == 403


def test_roles_can_still_be_ended_in_an_archived_project(cast, archived):
    cast.client("administrator").post(reverse("member_remove", args=["lab", cast.rater.pk]))
    cast.client("reviewer").post(reverse("project_leave", args=["lab"]))
    assert roles_in(cast.rater, archived) == roles_in(cast.reviewer, archived) == set()


def test_an_archived_project_stands_apart_on_the_first_page(cast, archived):
    page = cast.client("researcher").get("/").content.decode()
    assert "You are in no project that is in use" in page
    assert "Archived" in page and "/p/lab/" in page


def test_an_administrator_archives_and_takes_out_on_the_page(cast):
    client = cast.client("administrator")
    address = reverse("project_archive", args=["lab"])
    assert client.post(address, {"archive": "1"}).url == "/p/lab/"
    cast.project.refresh_from_db()
    assert cast.project.archived_at
    client.post(address, {"take_out": "1"})
    cast.project.refresh_from_db()
    assert cast.project.archived_at is None


def test_a_refusal_says_why_on_the_page(cast, world):
    refused = cast.client("administrator").post(
        reverse("project_archive", args=["lab"]), {"archive": "1"}
    )
    assert refused.status_code == 422
    assert "Raters can judge in Study" in refused.content.decode()


def test_an_archived_project_can_be_deleted(cast, archived):
    address = reverse("project_delete", args=["lab"])
    cast.client("administrator").post(address, {"name": "Lab"})
    assert not type(archived).objects.filter(pk=archived.pk).exists()


def test_programs_read_an_archived_project_and_do_not_change_it(cast, archived):
    _, secret = make_token(archived, cast.researcher, "script", [Scope.READ, Scope.RUNS_WRITE])
    client = Client(headers={"authorization": f"Bearer {secret}"})
    runs = "/api/v1/projects/lab/runs/"
    assert client.get(runs).status_code == 200
    refused = client.post(runs, {}, content_type="application/json")
    assert refused.status_code == 403
    assert "is archived" in refused.json()["detail"]


# --- at the same moment ---------------------------------------------------------------------------


def opens(cast):
    texts = [TextRow("t1", "Others come first.")]
    study = create_study(cast.project, "own", texts=texts, settings={"kind": "orientation"})
    return lambda: change_state(study, cast.researcher, Study.State.OPEN), StudyRefused


def starts(cast):
    respondent = {"name": "sim", "kind": "simulated", "model": "sim", "parameters": {"angle": 37}}
    endpoint = Endpoint.objects.create(project=cast.project, **respondent)
    design = Design(["prosocial"], [False], trials_per_cell=1)
    run = create_run(cast.project, "r", design, [endpoint], instrument(), prompt_pack())
    return lambda: conversations.resume(run, cast.researcher), ValueError


@pytest.mark.parametrize("begin", [opens, starts])
def test_work_that_begins_while_a_project_is_archived_keeps_it_or_is_refused(
    cast, many_connections, begin
):
    work, refusal = begin(cast)
    for _ in range(3):
        ends = [work, lambda: archive(cast.project, cast.administrator)]
        failed = [error for error in at_once(ends, many_connections) if error]
        (error,) = failed
        cast.project.refresh_from_db()
        assert isinstance(error, ArchivingRefused if cast.project.archived_at is None else refusal)
        if cast.project.archived_at is None:
            break
        take_out(cast.project, cast.administrator)


def test_what_begins_in_an_archived_project_is_refused_with_how_to_mend_it(cast, archived):
    for begin in (opens, starts):
        work, refusal = begin(cast)
        with pytest.raises(refusal, match="takes it out of the archive at the foot"):
            work()


def test_who_would_change_an_archived_project_is_told_that_and_not_of_roles(cast, archived):
    address = reverse("study_new", args=[archived.slug])
    answer = cast.client("administrator").post(address, {})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "is archived: it can be read, and is not changed" in page
    assert "another role" not in page


def test_pages_of_an_archived_project_offer_no_change(cast, archived):
    client = cast.client("administrator")
    for name in ("project", "runs", "studies"):
        page = client.get(reverse(name, args=[archived.slug])).content.decode()
        main = page[page.index("<main") :]
        assert "Bring your own data" not in main and "Describe a run" not in main
        assert "New study" not in main
