"""The page of a scene, and a run of scenes in several languages by form and API."""

import pytest
from django.urls import reverse
from django.utils.html import escape

from evaluations.definitions.catalogue import frame, instrument, prompt_pack, store
from evaluations.models import Endpoint, Frame, Run
from tests.evaluations.definitions.scenes import CANAL
from tests.evaluations.definitions.shipped_scenes import KEYS, definition
from tests.evaluations.views.test_pages_definitions import upload

pytestmark = pytest.mark.django_db


def shown(cast, row, **said):
    return cast.client("reviewer").get(reverse("frame", args=["lab", row.pk]), said)


def test_the_languages_stand_side_by_side_each_marked_as_its_own(cast):
    body = shown(cast, frame("canal-neighbour")).content.decode()
    for tag, text in definition("canal-neighbour")["texts"].items():
        assert f'<td lang="{tag}" dir="auto">{escape(text["intro"])}</td>' in body
    assert "All 14 checks hold in each language." in body
    assert "drafted, and reviewed by no native speaker yet" in body


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("", "A: you get 85 minutes of water"),
        ("es", "A: tú recibes 85 minutos de agua"),
        ("ar", "A: تحصل أنت على ٨٥ دقيقة ماء"),
        ("xx", "A: you get 85 minutes of water"),
    ],
)
def test_the_conversation_is_shown_in_each_language(cast, language, words):
    response = shown(cast, frame("canal-neighbour"), language=language)
    assert words in response.content.decode()


def test_checks_that_fail_are_listed_with_their_place(cast):
    told = definition("canal-neighbour") | {"key": "mine"}
    told["texts"]["es"]["intro"] = "La parcela B es tuya."
    body = shown(cast, store(Frame, told, "mine", cast.project)).content.decode()
    assert "1 to look at, of 14 checks in each language:" in body
    assert "texts.es.intro: &#x27;B&#x27; stands alone" in body


def test_a_scene_of_one_language_says_that_no_pack_takes_it(cast):
    body = shown(cast, store(Frame, CANAL, "mine", cast.project)).content.decode()
    assert "A canal waters two plots." in body
    assert "There is no prompt pack in en that tells a scene" in body
    assert "choose a frame of the format valuecheck-frame/2" in body


def test_an_upload_that_fails_checks_says_all_of_them(cast):
    told = definition("canal-neighbour") | {"key": "mine"}
    told["texts"]["es"]["item"] = "Tú tienes 1.500 litros."
    response = upload(cast, told)
    assert response.status_code == 422
    problems = " ".join(response.context["form"].errors["file"])
    assert "mine.json: texts.es.item: has the numbers 1.500, en has none" in problems
    assert "mine.json: texts.es.item: '1.500' is read in two ways" in problems
    assert upload(cast, definition("canal-neighbour") | {"key": "mine"}).status_code == 302
    assert Frame.objects.get(key="mine").project == cast.project


@pytest.fixture
def sim(cast):
    return Endpoint.objects.create(
        project=cast.project, name="sim", kind="simulated", model="sim", parameters={"angle": 30}
    )


def test_a_form_crosses_scenes_with_languages(cast, sim):
    data = {
        "name": "scenes",
        "endpoints": [sim.pk],
        "target_values": ["prosocial"],
        "with_goal": ["no"],
        "inductions": ["name"],
        "value_places": ["dialogue"],
        "option_orders": ["shuffled"],
        "answer_formats": ["free"],
        "item_sets": ["primary"],
        "payoff_scales": ["1"],
        "instrument": instrument().pk,
        "prompt_pack": prompt_pack("scenes-en").pk,
        "other_packs": [prompt_pack("scenes-zh").pk, prompt_pack("scenes-ar").pk],
        "frames": [frame("points-stranger").pk, frame("rice-brother").pk],
        "trials_per_cell": 2,
        "seed": 0,
    }
    client = cast.client("researcher")
    plan = client.get(reverse("run_plan", args=["lab"]), data)
    assert plan.context["estimate"].cells == 6 and plan.context["estimate"].calls == 6 * 2 * 8
    preview = client.get(reverse("run_preview", args=["lab"]), data | {"condition": "5"})
    assert 'lang="zh" dir="auto"' in preview.content.decode()
    assert "你得到85公斤大米" in preview.content.decode()
    assert client.post(reverse("run_new", args=["lab"]), data).status_code == 302
    assert Run.objects.get().cells.count() == 6


def test_every_shipped_scene_can_be_ticked(cast, sim):
    body = cast.client("researcher").get(reverse("run_new", args=["lab"])).content.decode()
    assert all(f"{key} 1" in body for key in KEYS)
    assert "scenes-es 1" in body and "In further languages" in body
