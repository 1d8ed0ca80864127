"""A change is done to what the asker has seen, where they say what that is."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.test import Client

from accounts.models import AuditEvent
from annotations.files.item_files import TextRow
from annotations.models import Study
from annotations.studies.studies import create_study
from api.manners.conditions import SAYS_WHAT_SHALL_BE, Tagged, takes_condition
from api.tokens.scopes import Scope
from api.tokens.tokens import make_token
from evaluations.models import Endpoint
from tests.api.doors import doors, things

SAYS = {
    "api-endpoints-detail": {"note": "seen"},
    "api-studies-detail": {"tolerance": 2},
    "api-studies-metric": {"metric": "svo-slider"},
    "api-raters-exclude": {"reason": "asked to"},
    "api-raters-include": {"reason": "asked to"},
}
"""A body for each act that takes a condition."""
CONDITIONAL = [
    pytest.param(door, id=f"{door.method} {door.route.partition('>/')[2]}")
    for door in doors()
    if takes_condition(door.view, door.action)
]
UNTAGGED = [
    pytest.param(door, id=f"{door.method} {door.route.partition('>/')[2]}")
    for door in doors()
    if door.method in SAYS_WHAT_SHALL_BE and not takes_condition(door.view, door.action)
]
TAGGED = [
    pytest.param(door, id=door.route.partition(">/")[2])
    for door in doors()
    if door.action == "retrieve" and issubclass(door.view, Tagged)
]


def below(door, found, program):
    return door.path(found).removeprefix(program.root)


@pytest.fixture
def found(world):
    return things(world)


@pytest.mark.parametrize("door", TAGGED)
def test_what_has_an_id_has_a_tag_and_is_not_sent_again(door, found, program):
    ask = program("administrator")
    path = below(door, found, ask)
    first = ask.get(path)
    assert first.status_code == 200
    again = ask.get(path, If_None_Match=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    part = ask.get(f"{path}?fields={next(iter(first.json()))}")
    assert part["ETag"] == first["ETag"]


@pytest.mark.parametrize("door", CONDITIONAL)
def test_a_change_to_what_nobody_saw_is_refused_and_nothing_is_changed(door, found, program):
    ask = program("administrator")
    path = below(door, found, ask)
    entries = AuditEvent.objects.count()
    answer = ask.ask(door.method, path, SAYS[door.name], If_Match='"other"')
    assert answer.status_code == 412
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "precondition_failed"
    assert "Fetch it again" in answer.json()["mend"]
    assert AuditEvent.objects.count() == entries


@pytest.mark.parametrize("door", UNTAGGED)
def test_where_there_is_no_tag_a_condition_is_refused(door, found, program):
    ask = program("administrator")
    answer = ask.ask(door.method, below(door, found, ask), {}, If_Match='"any"')
    assert (answer.status_code, answer.json()["code"]) == (412, "has_no_etag")


@pytest.mark.parametrize("seen", ["{tag}", '"other", {tag}', "*", ""])
def test_a_change_to_what_was_seen_is_done_and_names_the_new_tag(seen, world, program):
    ask = program("researcher")
    path = f"endpoints/{world.endpoint.pk}/"
    tag = ask.get(path)["ETag"]
    headers = {"If_Match": seen.format(tag=tag)} if seen else {}
    answer = ask.patch(path, {"max_retries": 9}, **headers)
    assert (answer.status_code, answer.json()["max_retries"]) == (200, 9)
    assert tag != answer["ETag"] == ask.get(path)["ETag"]


@pytest.mark.parametrize("seen", ["W/{tag}", "{bare}", "nonsense"])
def test_a_tag_that_is_not_it_to_the_letter_is_another(seen, world, program):
    ask = program("researcher")
    path = f"endpoints/{world.endpoint.pk}/"
    tag = ask.get(path)["ETag"]
    said = seen.format(tag=tag, bare=tag.strip('"'))
    assert ask.patch(path, {"max_retries": 9}, If_Match=said).status_code == 412
    assert Endpoint.objects.get(pk=world.endpoint.pk).max_retries != 9


def test_of_many_who_saw_the_same_one_changes_it(cast, many_connections):
    texts = [TextRow("t1", "Others come first.")]
    study = create_study(cast.project, "own", texts=texts, settings={"kind": "orientation"})
    _, secret = make_token(cast.project, cast.researcher, "script", list(Scope))
    bearer = {"authorization": f"Bearer {secret}"}
    path = "/api/v1/projects/lab/studies/own/"
    tag = Client(headers=bearer).get(path)["ETag"]

    def change(number: int) -> int:
        client = Client(headers=bearer | {"if-match": tag})
        try:
            body = json.dumps({"name": f"by {number}"})
            return client.patch(path, body, content_type="application/json").status_code
        finally:
            many_connections()

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(change, range(4)))
    assert answers == [200, 412, 412, 412]
    assert Study.objects.get(pk=study.pk).name.startswith("by ")
