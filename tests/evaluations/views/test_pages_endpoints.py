import pytest
from django.contrib.admin import site
from django.urls import reverse

from accounts.models import AuditEvent
from evaluations.admin import EndpointAdmin
from evaluations.models import Endpoint, Run
from evaluations.pages.endpoint_pages import FROZEN
from evaluations.respondents.endpoints import parameters_used
from evaluations.running.conversations import advance

pytestmark = pytest.mark.django_db

SIMULATED = {
    "name": "sim",
    "kind": "simulated",
    "model": "sim",
    "parameters": '{"angle": 30, "noise": 2}',
    "timeout_seconds": 60,
    "max_retries": 2,
    "concurrency": 4,
    "currency": "USD",
}
OPENAI = SIMULATED | {
    "name": "model",
    "kind": "openai",
    "base_url": "https://127.0.0.1:9/v1",
    "parameters": "{}",
}


@pytest.fixture
def keys(settings, monkeypatch):
    settings.LLM_KEY_VARIABLES = ["LAB_KEY@api.example"]
    settings.LLM_ALLOW_PRIVATE_ADDRESSES = True
    monkeypatch.setenv("LAB_KEY", "a-secret-of-the-lab")


def add(cast, data, who="researcher"):
    return cast.client(who).post(reverse("endpoint_new", args=["lab"]), data)


def test_a_simulated_endpoint_is_added_and_the_act_is_recorded(cast):
    assert add(cast, SIMULATED).status_code == 302
    assert Endpoint.objects.get().project == cast.project
    assert AuditEvent.objects.get().verb == "add endpoint"


def test_a_recording_is_added_by_the_number_of_its_run_and_has_nothing_to_try(cast, make_run):
    run = make_run(trials_per_cell=1)
    advance(run)
    Run.objects.update(project=cast.project)
    parameters = f'{{"run": {run.pk}}}'
    response = add(cast, SIMULATED | {"kind": "replay", "name": "tape", "parameters": parameters})
    tape = Endpoint.objects.get(kind="replay")
    assert response.status_code == 302 and (tape.name, tape.is_simulated) == ("tape", True)
    researcher = cast.client("researcher")
    body = researcher.get(reverse("endpoints", args=["lab"])).content.decode()
    assert reverse("endpoint_try", args=["lab", tape.pk]) not in body
    assert researcher.get(reverse("endpoint", args=["lab", tape.pk])).status_code == 200


def test_an_endpoint_is_changed_in_place(cast):
    add(cast, SIMULATED)
    found = Endpoint.objects.get()
    url = reverse("endpoint", args=["lab", found.pk])
    cast.client("researcher").post(url, SIMULATED | {"concurrency": 9})
    found.refresh_from_db()
    assert found.concurrency == 9


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"base_url": ""}, "base_url"),
        ({"base_url": "ftp://api.example/v1"}, "base_url"),
        ({"parameters": '{"temprature": 1}'}, "parameters"),
        ({"parameters": "[1]"}, "parameters"),
        ({"parameters": '{"temperature": "hot"}'}, "parameters"),
        ({"parameters": '{"max_tokens": "60"}'}, "parameters"),
        ({"parameters": '{"max_tokens": 0}'}, "parameters"),
        ({"kind": "replay", "parameters": '{"run": 1}'}, "parameters"),
        ({"parameters": '{"temperature": NaN}'}, "parameters"),
        ({"parameters": '{"temperature": 1e999}'}, "parameters"),
        ({"parameters": '{"max_tokens": ' + "9" * 5000 + "}"}, "parameters"),
        ({"parameters": '{"extra_body": {"a": "\\u0000"}}'}, "parameters"),
        ({"parameters": '{"extra_body": {"a": "\\ud800"}}'}, "parameters"),
        ({"parameters": '{"extra_body": [1]}'}, "parameters"),
        ({"parameters": "[" * 5000}, "parameters"),
        ({"concurrency": 0}, "concurrency"),
        ({"timeout_seconds": 0}, "timeout_seconds"),
        ({"key_variable": "PATH"}, "key_variable"),
        ({"key_variable": "LAB_KEY"}, "key_variable"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(cast, keys, change, field):
    response = add(cast, OPENAI | change)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not Endpoint.objects.exists()


def test_a_key_is_chosen_by_name_with_its_hosts_and_never_shown(cast, keys):
    body = cast.client("researcher").get(reverse("endpoint_new", args=["lab"])).content.decode()
    assert "LAB_KEY, for api.example" in body
    assert "a-secret-of-the-lab" not in body


def test_a_name_is_taken_once_in_a_project(cast):
    add(cast, SIMULATED)
    assert add(cast, SIMULATED).status_code == 422


def test_trying_shows_the_answer_in_place(cast):
    add(cast, SIMULATED)
    url = reverse("endpoint_try", args=["lab", Endpoint.objects.get().pk])
    body = cast.client("researcher").post(url, headers={"hx-request": "true"}).content.decode()
    assert "sim answered in" in body and "<html" not in body


def test_trying_an_endpoint_that_is_not_there_says_so(cast, keys):
    add(cast, OPENAI)
    url = reverse("endpoint_try", args=["lab", Endpoint.objects.get().pk])
    body = cast.client("researcher").post(url).content.decode()
    assert "did not answer" in body and "is the server running?" in body


def test_an_endpoint_is_tried_by_post_only(cast):
    add(cast, SIMULATED)
    url = reverse("endpoint_try", args=["lab", Endpoint.objects.get().pk])
    assert cast.client("researcher").get(url).status_code == 405
    assert cast.client("reviewer").post(url).status_code == 403


def test_another_projects_endpoint_does_not_exist_here(cast):
    found = Endpoint.objects.create(
        project=cast.other_project, name="sim", kind="simulated", model="sim"
    )
    for name in ("endpoint", "endpoint_try"):
        url = reverse(name, args=["lab", found.pk])
        assert cast.client("administrator").post(url, SIMULATED).status_code == 404


def test_a_reviewer_reads_the_list_without_buttons(cast):
    add(cast, SIMULATED)
    assert add(cast, SIMULATED | {"name": "two"}, "reviewer").status_code == 403
    body = cast.client("reviewer").get(reverse("endpoints", args=["lab"])).content.decode()
    assert "sim" in body and "Try it" not in body


CHANGED = SIMULATED | {"name": "other", "model": "other", "parameters": "{}", "concurrency": 9}


def test_what_a_run_was_planned_with_is_frozen(cast, make_run):
    found = Endpoint.objects.get(cells__run=make_run())
    Endpoint.objects.filter(pk=found.pk).update(project=cast.project)
    url = reverse("endpoint", args=["lab", found.pk])
    body = cast.client("researcher").get(url).content.decode()
    assert "Copy it as a new endpoint" in body
    assert f'href="{reverse("endpoint_new", args=["lab"])}?copy={found.pk}"' in body
    response = cast.client("researcher").post(url, CHANGED)
    assert response.status_code == 422
    late = response.content.decode()
    assert "Name: not stored. A run was planned with this" in late and "other</dd>" in late
    free = {"timeout_seconds": found.timeout_seconds, "max_retries": 5, "concurrency": 9}
    assert cast.client("researcher").post(url, free | {"currency": "USD"}).status_code == 302
    changed = Endpoint.objects.get(pk=found.pk)
    assert (changed.name, changed.model) == (found.name, found.model)
    assert (changed.parameters, changed.concurrency) == (found.parameters, 9)


def test_a_copy_starts_from_the_original_and_can_be_changed(cast, make_run):
    found = Endpoint.objects.get(cells__run=make_run())
    Endpoint.objects.filter(pk=found.pk).update(project=cast.project, note="as it was")
    client, url = (
        cast.client("researcher"),
        f"{reverse('endpoint_new', args=['lab'])}?copy={found.pk}",
    )
    form = client.get(url).context["form"]
    assert Endpoint.objects.count() == 1
    assert not any(field.field.disabled for field in form)
    given = {field.name: field.value() for field in form if field.value() is not None}
    assert given["name"] == f"{found.name}, copy 1"
    assert client.post(url, given | {"parameters": '{"angle": 10}'}).status_code == 302
    copied = Endpoint.objects.exclude(pk=found.pk).get()
    assert (copied.model, copied.note, copied.parameters) == (
        found.model,
        "as it was",
        {"angle": 10},
    )
    found.refresh_from_db()
    assert found.parameters["angle"] == 30.0


def test_what_is_not_there_cannot_be_copied(cast):
    theirs = Endpoint.objects.create(
        project=cast.other_project, name="sim", kind="simulated", model="sim"
    )
    for number in (theirs.pk, "x", 0):
        url = f"{reverse('endpoint_new', args=['lab'])}?copy={number}"
        assert cast.client("researcher").get(url).status_code == 404


def test_the_admin_freezes_it_too(cast, make_run, rf):
    page = EndpointAdmin(Endpoint, site)
    used = Endpoint.objects.get(cells__run=make_run())
    unused = Endpoint.objects.create(project=cast.project, name="new", kind="simulated", model="s")
    assert set(page.get_readonly_fields(rf.get("/"), used)) == set(FROZEN)
    assert not page.get_readonly_fields(rf.get("/"), unused)


def test_without_its_record_no_endpoint_is_stored(cast, monkeypatch):
    monkeypatch.setattr("accounts.audit.record", refuse)
    with pytest.raises(OSError, match="no record"):
        add(cast, SIMULATED)
    assert not Endpoint.objects.exists()


def refuse(*_, **__):
    raise OSError("no record")


MODEL = {**OPENAI, "temperature": "0.7", "max_tokens": "60", "extra_body": '{"top_k": 5}'}


def test_parameters_have_fields_and_the_rest_stays_json(cast, keys):
    assert add(cast, MODEL | {"parameters": '{"stream": true}'}).status_code == 302
    stored = Endpoint.objects.get()
    extra = {"extra_body": {"top_k": 5}}
    assert stored.parameters == {"temperature": 0.7, "max_tokens": 60, "stream": True} | extra
    url = reverse("endpoint", args=["lab", stored.pk])
    form = cast.client("researcher").get(url).context["form"]
    assert (form["temperature"].value(), form["max_tokens"].value()) == (0.7, 60)
    assert form["parameters"].value() == '{"stream": true}'
    assert cast.client("researcher").post(url, MODEL | {"temperature": ""}).status_code == 302
    stored.refresh_from_db()
    assert stored.parameters == {"max_tokens": 60} | extra


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"parameters": '{"temperature": 1}'}, "parameters"),
        ({"temperature": "hot"}, "temperature"),
        ({"top_p": "1.5"}, "top_p"),
        ({"max_tokens": "0"}, "max_tokens"),
        ({"extra_body": "[1]"}, "extra_body"),
    ],
)
def test_a_parameter_that_is_none_or_stands_twice_is_told_of_where_it_stands(
    cast, keys, changes, field
):
    response = add(cast, MODEL | changes)
    assert response.status_code == 422 and list(response.context["form"].errors) == [field]
    assert not Endpoint.objects.exists()


def test_a_trial_names_every_parameter_that_was_not_sent():
    endpoint = Endpoint(kind="openai", parameters={"temperature": 0.5, "extra_body": {"top_p": 1}})
    used = parameters_used(endpoint, seed=7)
    assert (used["temperature"], used["seed"]) == (0.5, 7)
    assert used["max_tokens"] == used["reasoning_effort"] == "not sent" and "top_p" not in used
