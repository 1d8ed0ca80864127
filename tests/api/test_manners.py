"""What every address of the API has in common."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotations.models import Judgment
from api.manners.views import ProjectViewSet
from api.models import KeptAnswer
from evaluations.definitions.catalogue import instrument
from evaluations.models import Endpoint, Run
from tests.api.doors import doors

SIMULATED = {"name": "sim", "kind": "simulated", "model": "sim", "parameters": {"angle": 37}}


@pytest.fixture
def runs(cast):
    """Seven runs of the project."""
    asked = instrument()
    return [
        Run.objects.create(project=cast.project, name=f"run {n}", instrument=asked)
        for n in range(7)
    ]


# --- errors ---------------------------------------------------------------------------------------


def test_a_wrong_field_is_named_with_what_would_be_right(program):
    answer = program("researcher").post("endpoints/", SIMULATED | {"timeout_seconds": "soon"})
    problem = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert (problem["code"], problem["status"]) == ("invalid", 422)
    assert [error["field"] for error in problem["errors"]] == ["timeout_seconds"]
    assert problem["mend"]


def test_the_words_of_a_page_s_form_come_with_the_field(program):
    answer = program("researcher").post("endpoints/", SIMULATED | {"kind": "openai"})
    (error,) = answer.json()["errors"]
    assert (error["field"], answer.status_code) == ("base_url", 422)
    assert error["message"] == "A model needs the address where its API begins."


def test_a_filter_that_there_is_not_is_an_error(program):
    answer = program("researcher").get("runs/?bogus=1")
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["field"]) == (422, "bogus")
    assert "state" in error["message"] and "cursor" in error["message"]


@pytest.mark.parametrize(
    "said", [{"timeout_seconds": "3"}, {"timeout_seconds": True}, {"name": 3}, {"name": False}]
)
def test_a_value_of_another_type_is_an_error(program, said):
    answer = program("researcher").post("endpoints/", SIMULATED | said)
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["field"]) == (422, next(iter(said)))


def test_an_unknown_name_is_an_error(program):
    answer = program("researcher").post("endpoints/", SIMULATED | {"temperature": 1})
    (error,) = answer.json()["errors"]
    assert (error["field"], error["code"]) == ("temperature", "unknown")


@pytest.mark.parametrize(
    "body", [b"{", b'{"name": "a", "name": "b"}', b'{"seed": NaN}', b"\xff", b'{"name": "\\u0000"}']
)
def test_what_is_not_json_is_refused_with_the_place(program, body):
    ask = program("researcher")
    answer = ask.client.post(f"{ask.root}runs/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")


def test_a_form_is_no_json(program):
    ask = program("researcher")
    answer = ask.client.post(f"{ask.root}runs/", {"name": "a"})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_a_body_of_any_size_is_not_read_into_memory(program, settings):
    settings.API_LARGEST_BODY = 1000
    answer = program("researcher").post("runs/", {"name": "a" * 2000})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_an_act_that_cannot_be_done_now_is_a_conflict(program, runs):
    Run.objects.update(state="cancelled")
    answer = program("researcher").post(f"runs/{runs[0].pk}/start/")
    assert (answer.status_code, answer.json()["code"]) == (409, "run_state")


def test_a_method_that_is_none_is_told_those_there_are(program):
    answer = program("researcher").ask("DELETE", "runs/")
    assert answer.status_code == 405
    assert {"GET", "POST"} <= set(answer["Allow"].split(", "))


def test_a_browser_s_session_needs_its_csrf_token(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.researcher)
    answer = client.post("/api/v1/projects/lab/runs/", "{}", content_type="application/json")
    assert answer.status_code == 403
    assert Endpoint.objects.count() == 0


# --- pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", ["id", "-id", "name", "-name", "created_at", "-created_at"])
def test_pages_hold_every_row_once_in_order(program, runs, order):
    ask, found, path = program("researcher"), [], f"runs/?limit=3&order={order}"
    while path:
        page = ask.get(path).json()
        found += [run["id"] for run in page["results"]]
        path = page["next"] and page["next"].partition(ask.root)[2]
    expected = Run.objects.order_by(order).values_list("pk", flat=True)
    assert found == list(expected)


def test_rows_that_come_meanwhile_move_none(program, cast, runs):
    ask = program("researcher")
    page = ask.get("runs/?limit=3").json()
    Run.objects.create(project=cast.project, name="new", instrument=runs[0].instrument)
    rest = ask.get(page["next"].partition(ask.root)[2]).json()
    assert [run["name"] for run in rest["results"]] == ["run 3", "run 2", "run 1"]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=1001", "limit=x", "order=seed", "cursor=x", "state=odd", "fields=x"]
)
def test_a_wish_that_cannot_be_is_refused_by_its_name(program, runs, query):
    answer = program("researcher").get(f"runs/?{query}")
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [query.partition("=")[0]]


def test_a_cursor_goes_on_in_its_own_order_alone(program, runs):
    ask = program("researcher")
    address = ask.get("runs/?limit=2&order=name").json()["next"].replace("order=name", "order=-id")
    assert ask.get(address.partition(ask.root)[2]).status_code == 422


def test_fields_show_themselves_alone(program, runs):
    ask = program("researcher")
    listed = ask.get("runs/?fields=name,state").json()["results"]
    assert {tuple(run) for run in listed} == {("name", "state")}
    assert set(ask.get(f"runs/{runs[0].pk}/?fields=id").json()) == {"id"}


LISTS = sorted(
    f"{name}/"
    for name in ("runs", "trials", "scores", "answers", "readings", "studies", "disputes")
)


@pytest.mark.parametrize("path", [*LISTS, "studies/study/judgments/", "studies/study/items/"])
def test_a_longer_page_takes_no_more_queries(program, world, path):
    ask = program("researcher")
    counts = []
    for limit in (1, 1000):
        with CaptureQueriesContext(connection) as found:
            assert ask.get(f"{path}?limit={limit}").status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1]


# --- once -----------------------------------------------------------------------------------------


def test_the_same_key_twice_is_one_act(program):
    ask = program("researcher")
    first = ask.post("endpoints/", SIMULATED, Idempotency_Key="k")
    again = ask.post("endpoints/", dict(reversed(SIMULATED.items())), Idempotency_Key="k")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again["Idempotency-Replayed"] == "true"
    assert Endpoint.objects.count() == 1


def test_a_key_with_another_body_is_a_conflict(program):
    ask = program("researcher")
    ask.post("endpoints/", SIMULATED, Idempotency_Key="k")
    answer = ask.post("endpoints/", SIMULATED | {"name": "other"}, Idempotency_Key="k")
    assert (answer.status_code, answer.json()["code"]) == (409, "other_request")
    assert Endpoint.objects.count() == 1


def test_a_refused_act_leaves_its_key_free(program):
    ask = program("researcher")
    assert ask.post("endpoints/", {"name": "x"}, Idempotency_Key="k").status_code == 422
    assert KeptAnswer.objects.count() == 0
    assert ask.post("endpoints/", SIMULATED, Idempotency_Key="k").status_code == 201


def test_keys_are_each_person_s_own(program):
    assert program("researcher").post("endpoints/", SIMULATED, Idempotency_Key="k")
    other = SIMULATED | {"name": "other"}
    answer = program("administrator").post("endpoints/", other, Idempotency_Key="k")
    assert answer.status_code == 201
    assert Endpoint.objects.count() == 2


def test_what_is_no_key_is_refused(program):
    answer = program("researcher").post("endpoints/", SIMULATED, Idempotency_Key="k" * 256)
    assert [error["field"] for error in answer.json()["errors"]] == ["Idempotency-Key"]


# --- again ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["trials/export/?as=ndjson", "studies/study/judgments/export/", "studies/study/reports/now/"],
)
def test_what_has_not_changed_is_not_sent_again(program, world, path):
    ask = program("researcher")
    first = ask.get(path)
    assert first.status_code == 200
    again = ask.get(path, If_None_Match=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert ask.get(path, If_None_Match='"other"').status_code == 200


def test_a_new_judgment_is_another_file(program, world):
    ask = program("researcher")
    before = ask.get("studies/study/judgments/export/")
    lines = [json.loads(line) for line in before.getvalue().splitlines()]
    assert {line["id"] for line in lines} == set(Judgment.objects.values_list("pk", flat=True))
    said = Judgment.objects.filter(is_regular=True).first()
    said.pk, said.revision, said.is_current = None, 9, False
    said._state.adding = True
    said.save()
    after = ask.get("studies/study/judgments/export/", If_None_Match=before["ETag"])
    assert after.status_code == 200


def test_a_line_of_the_export_is_what_the_list_shows(program, world):
    ask = program("researcher")
    lines = ask.get("studies/study/judgments/export/?as=ndjson").getvalue().splitlines()
    listed = ask.get("studies/study/judgments/?limit=1000").json()["results"]
    assert [json.loads(line) | {"created_at": ""} for line in lines] == [
        row | {"created_at": ""} for row in listed
    ]


def test_every_view_enters_through_the_project():
    outside = {door.route for door in doors() if not issubclass(door.view, ProjectViewSet)}
    assert outside == {"projects/", "projects/<slug:project_slug>/"}
