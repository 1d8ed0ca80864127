"""A frame on its whole way: uploaded, chosen for a run, and told to raters."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from annotations.judging.blinding import stimulus
from evaluations.definitions.catalogue import instrument
from evaluations.models import Endpoint, Frame, PromptPack, Run, Trial
from evaluations.running.conversations import advance, resume
from tests.annotations.conftest import judge_url, make_study
from tests.evaluations.definitions.scenes import CANAL, HARVEST, PACK

pytestmark = pytest.mark.django_db


def upload(cast, definition, who="researcher"):
    file = SimpleUploadedFile("mine.json", json.dumps(definition).encode())
    return cast.client(who).post(reverse("definition_new", args=["lab"]), {"file": file})


def page(cast, name, *arguments, who="reviewer"):
    return cast.client(who).get(reverse(name, args=["lab", *arguments])).content.decode()


def described(cast, frames):
    """What a browser sends of a run in these scenes."""
    sim = Endpoint.objects.create(
        project=cast.project, name="sim", kind="simulated", model="sim", parameters={"angle": 30}
    )
    return {
        "name": "in two scenes",
        "endpoints": [sim.pk],
        "target_values": ["prosocial"],
        "with_goal": ["no"],
        "inductions": ["name"],
        "value_places": ["dialogue"],
        "option_orders": ["printed"],
        "payoff_scales": ["1"],
        "answer_formats": ["free"],
        "item_sets": ["primary"],
        "trials_per_cell": 1,
        "seed": 0,
        "instrument": instrument().pk,
        "prompt_pack": PromptPack.objects.get(key="scene-en").pk,
        "frames": [row.pk for row in frames],
    }


def test_an_uploaded_frame_is_listed_and_shows_its_scene(cast):
    upload(cast, HARVEST)
    row = Frame.objects.get()
    assert row.project == cast.project and "harvest 1" in page(cast, "definitions")
    body = page(cast, "frame", row.pk)
    assert "Two neighbours share a field." in body and "nowhere at all" in body
    assert upload(cast, HARVEST | {"story": "Another."}).status_code == 422
    assert upload(cast, HARVEST | {"version": "2", "story": " "}).status_code == 422


def test_a_frame_is_shared_with_all_projects(cast):
    upload(cast, HARVEST)
    row = Frame.objects.get()
    cast.client("researcher").post(reverse("frame_share", args=["lab", row.pk]))
    assert Frame.objects.get().project is None


def test_a_form_offers_the_frames_that_are_shipped_and_uploaded(cast):
    before = page(cast, "run_new", who="researcher").partition("Material")[2]
    assert "points-stranger 1" in before and "harvest 1" not in before
    upload(cast, HARVEST)
    assert "harvest 1" in page(cast, "run_new", who="researcher").partition("Material")[2]


def test_raters_read_what_was_divided_in_the_scene_and_with_whom(cast):
    for definition in (PACK, HARVEST, CANAL):
        assert upload(cast, definition).status_code == 302
    told = described(cast, Frame.objects.all())
    assert cast.client("researcher").post(reverse("run_new", args=["lab"]), told).status_code == 302
    run = Run.objects.get()
    resume(run)
    advance(run)
    assert "canal 1" in page(cast, "run", run.pk)
    trial = Trial.objects.get(cell__frame__key="canal")
    study = make_study(cast.project, [trial], language="")
    shown = stimulus(study.items.get())
    assert shown.divided == ("minutes of water", "the farmer downstream", "en")
    body = cast.client("rater").get(judge_url(study)).content.decode()
    assert 'What was divided: <bdi lang="en" dir="auto">minutes of water</bdi>' in body
    assert 'With whom: <bdi lang="en" dir="auto">the farmer downstream</bdi>' in body
    assert "nowhere at all" not in body and "canal 1" not in body
