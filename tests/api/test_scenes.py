"""Scenes by the API: stored or refused, and crossed with languages in a run."""

import pytest

from accounts.models import AuditEvent
from evaluations.models import Cell, Endpoint
from tests.evaluations.definitions.shipped_scenes import definition

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(program):
    return program("researcher")


@pytest.fixture
def design(cast):
    sim = Endpoint.objects.create(
        project=cast.project, name="sim", kind="simulated", model="sim", parameters={"angle": 30}
    )
    return {
        "endpoints": [sim.pk],
        "targets": ["prosocial"],
        "with_goal": [False],
        "trials_per_cell": 1,
        "prompt_pack": "scenes-en",
        "other_packs": ["scenes-es", "scenes-ar@1"],
        "frames": ["points-stranger", "savings-circle@1"],
    }


def test_a_run_crosses_scenes_with_languages(ask, design):
    plan = ask.post("runs/plan/", design)
    assert (plan.status_code, plan.json()["cells"], plan.json()["calls"]) == (200, 6, 48)
    made = ask.post("runs/", design | {"name": "scenes"})
    assert made.status_code == 201
    cells = Cell.objects.order_by("pk").values_list("prompt_pack__language", "frame__key")
    keys = ("points-stranger", "savings-circle")
    assert list(cells) == [(tag, key) for tag in ("en", "ar", "es") for key in keys]


@pytest.mark.parametrize(
    ("change", "field"),
    [({"frames": ["nowhere"]}, "frames"), ({"other_packs": ["plain-xx"]}, "other_packs")],
)
def test_what_is_not_there_is_refused_at_its_field(ask, design, change, field):
    answer = ask.post("runs/plan/", design | change)
    assert answer.status_code == 422 and field in answer.content.decode()


def test_a_pack_that_tells_no_scene_is_refused_with_the_reason(ask, design):
    answer = ask.post("runs/plan/", design | {"prompt_pack": "plain-en", "other_packs": []})
    assert answer.status_code == 422
    assert "plain-en has no place for a scene" in answer.content.decode()


def test_a_scene_is_stored_once_and_its_project_has_it_in_the_trail(ask, cast):
    told = {"definition": definition("canal-neighbour") | {"key": "mine"}}
    assert [ask.post("frames/", told).status_code for _ in range(2)] == [201, 200]
    (event,) = AuditEvent.objects.filter(verb="add definition")
    assert (event.project, event.actor) == (cast.project, cast.researcher)
    told["definition"]["texts"]["ar"]["item"] = "لك 3 و٤ دقائق"
    told["definition"]["version"] = "2"
    answer = ask.post("frames/", told)
    assert answer.status_code == 422 and "texts.ar.item: has the digit" in answer.json()["detail"]
