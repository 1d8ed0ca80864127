"""Another kind of instrument goes the whole way through pages: its definitions are uploaded, a run
is planned, a study drawn, judged and reported on; nothing outside knows it."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from annotations.files.item_files import TextRow
from annotations.models import Assignment, Judgment, Study
from annotations.studies.studies import StudyRefused, create_study
from evaluations.definitions import catalogue
from evaluations.models import Endpoint, Instrument, PromptPack, Run
from evaluations.running.conversations import advance
from tests.annotations.conftest import judge_url, make_cell, make_run, make_study, make_trial, send
from tests.annotations.views.test_researcher_pages import FORM
from tests.second_kind.kind import INSTRUMENT, PACK
from tests.second_kind.registered import HOW_WARM, register

pytestmark = pytest.mark.django_db

RUNS, STUDIES = "/p/lab/runs/", "/p/lab/studies/"


@pytest.fixture(autouse=True)
def warmth(monkeypatch):
    register(monkeypatch)


@pytest.fixture
def client(cast) -> Client:
    return cast.client("researcher")


def post(client: Client, address: str, fields: dict) -> None:
    response = client.post(address, fields)
    assert response.status_code == 302, re.findall(
        r'class="(?:field__error|notice).*?</', response.content.decode(), re.S
    )


def upload(client: Client, definition: dict) -> None:
    file = SimpleUploadedFile("warmth.json", json.dumps(definition).encode())
    post(client, f"{RUNS}definitions/new/", {"file": file})


def describe_endpoint(client: Client, warmth: int) -> Endpoint:
    fields = {"name": f"person-{warmth}", "kind": "simulated", "model": f"person-{warmth}"}
    limits = {"timeout_seconds": 60, "max_retries": 1, "concurrency": 1, "currency": "USD"}
    said = {"parameters": json.dumps({"warmth": warmth}), "tuning_method": "", "reasoning_mode": ""}
    post(client, f"{RUNS}endpoints/new/", fields | limits | said)
    return Endpoint.objects.get(name=fields["name"])


@pytest.fixture
def planned(client) -> dict:
    """What the form of a new run says of two people, a warm and a cool one, four trials each."""
    upload(client, INSTRUMENT)
    upload(client, PACK)
    people = [describe_endpoint(client, warmth) for warmth in (7, 2)]
    return {
        "name": "warm run",
        "endpoints": [person.pk for person in people],
        "target_values": ["warm", "none"],
        "tones": ["plain"],
        "trials_per_cell": 2,
        "seed": 0,
        "instrument": Instrument.objects.get(kind="warmth").pk,
        "prompt_pack": PromptPack.objects.get(kind="warmth").pk,
    }


@pytest.fixture
def run(client, planned) -> Run:
    """Planned on the pages, and run."""
    post(client, f"{RUNS}new/", planned)
    made = Run.objects.get()
    post(client, f"{RUNS}{made.pk}/state/", {"act": "resume"})
    made.refresh_from_db()
    advance(made)
    return made


@pytest.fixture
def study(client, run) -> Study:
    """Drawn with the form as it is shown, but for a name and the run."""
    post(client, f"{STUDIES}new/", FORM | {"kind": "", "name": "How warm", "runs": [run.pk]})
    made = Study.objects.get()
    post(client, f"{made.get_absolute_url()}state/", {"state": "open"})
    return made


def test_it_is_uploaded_run_judged_and_reported_on(cast, client, study):
    assert (study.kind, study.question, study.scale) == ("how_warm", HOW_WARM.prompt, "interval")
    shown = client.get(f"{study.get_absolute_url()}judge/preview/").content.decode()
    assert HOW_WARM.prompt in shown and "I would say" in shown
    for who, off in (("rater", 0), ("second_rater", 1)):
        judge_all(cast, study, who, off)
    assert Judgment.objects.filter(item__study=study).count() == 16
    page = client.get(f"{study.get_absolute_url()}report/")
    assert page.status_code == 200
    assert "warmth-mean 1" in page.content.decode()


def judge_all(cast, study: Study, who: str, off: int) -> None:
    """Every item on the rater's page, each *off* beside what its model was given."""
    client = cast.client(who)
    for _ in range(study.items.count()):
        page = client.get(judge_url(study)).content.decode()
        assert HOW_WARM.prompt in page and "I would say" in page
        mine = Assignment.objects.filter(item__study=study, rater__user=getattr(cast, who))
        held = mine.get(state=Assignment.State.RESERVED)
        given = held.item.trial.cell.endpoint.parameters["warmth"]
        send(client, study, assignment=held.pk, label=str(given + off))


@pytest.mark.parametrize(
    ("own", "words"),
    [
        ("instrument", "warm is no target of an instrument of social value orientation"),
        ("prompt_pack", "choose a prompt pack of that kind"),
    ],
)
@pytest.mark.parametrize(
    ("address", "status"), [("new/", 422), ("new/plan/", 200), ("new/preview/", 200)]
)
def test_material_of_another_kind_is_refused_by_name(client, planned, own, words, address, status):
    fields = {name: planned[name] for name in planned if name != own}
    fields[own] = {"instrument": catalogue.instrument, "prompt_pack": catalogue.prompt_pack}[
        own
    ]().pk
    ask = client.post if address == "new/" else client.get
    response = ask(f"{RUNS}{address}", fields)
    assert response.status_code == status
    assert words in response.content.decode()
    assert not Run.objects.exists()


def test_the_form_of_a_run_shows_the_fields_of_one_kind(client, planned):
    slider = client.get(f"{RUNS}new/").content.decode()
    assert 'name="option_orders"' in slider and 'name="tones"' not in slider
    page = client.get(f"{RUNS}new/?kind=warmth").content.decode()
    assert '<a href="?kind=warmth" aria-current="page">Warmth</a>' in page
    assert 'name="tones"' in page and 'value="cool"' in page
    there_is_no_choice_of = ("with_goal", "inductions", "value_places", "option_orders")
    assert [name for name in there_is_no_choice_of if f'name="{name}"' in page] == []
    assert "prosocial" not in page and "Plain words" not in slider


@pytest.mark.parametrize(
    ("also", "words"),
    [
        ({"option_orders": ["reversed"]}, "Order of the options: no condition of an instrument of"),
        ({"with_goal": ["yes"]}, "yes: an instrument of warmth knows only without goal"),
        ({"inductions": ["definition"]}, "definition: an instrument of warmth knows only"),
        ({"target_values": ["prosocial"]}, "prosocial is no target of an instrument of warmth"),
    ],
)
def test_a_tick_of_another_kind_is_refused_by_name(client, planned, also, words):
    response = client.post(f"{RUNS}new/", planned | also)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Run.objects.exists()


@pytest.mark.parametrize("parameters", [{"angle": 30}, {"warmth": 7, "angle": 30}])
def test_a_simulated_respondent_of_another_kind_is_refused_by_name(client, planned, parameters):
    Endpoint.objects.filter(name="person-2").update(parameters=parameters)
    response = client.post(f"{RUNS}new/", planned)
    assert response.status_code == 422
    page = response.content.decode()
    assert "the simulated respondent person-2 cannot answer warmth: &#x27;angle&#x27; is no" in page
    plan = client.get(f"{RUNS}new/plan/", planned).content.decode()
    assert "the simulated respondent person-2 cannot answer warmth" in plan
    assert not Run.objects.exists()


def test_a_rubric_of_another_kind_is_refused_by_name(client, run):
    model = Endpoint.objects.create(
        project=run.project, name="judge", kind="openai", model="judge", base_url="http://m.test/v1"
    )
    rubric = catalogue.rubric()
    fields = {"way": "rubric", "endpoint": model.pk, "rubric": rubric.pk}
    address = f"{run.get_absolute_url()}scorings/new/"
    page = client.get(address).content.decode()
    assert rubric.key not in page and 'value="rubric"' not in page
    assert "There is no rubric for an instrument of warmth yet" in page
    response = client.post(address, fields)
    assert response.status_code == 422
    assert "choose a rubric of that kind" in response.content.decode()


def test_the_form_of_a_new_study_follows_the_run_and_names_what_it_would_ask(client, run):
    page = client.get(f"{STUDIES}new/").content.decode()
    assert "the warmth asked" in page and 'name="share_ambiguous"' in page
    assert "Scored " not in page
    assert '<option value="" selected>the usual question' in page
    offered = re.search(r'<select name="kind".*?</select>', page, re.S)[0]
    assert 'value="how_warm"' in offered and 'value="angle"' not in offered
    assert "°" not in page and "slider" not in page.lower() and 'value="goal"' not in page
    assert "goal sentence" not in page and 'name="asks_own_measure"' not in page


def test_the_form_of_a_new_study_shows_runs_of_one_kind(cast, client, run):
    other = make_run(cast.project)
    slider = client.get(f"{STUDIES}new/?kind=svo").content.decode()
    assert f'name="runs" value="{other.pk}"' in slider and 'name="share_prosocial"' in slider
    page = client.get(f"{STUDIES}new/?kind=warmth").content.decode()
    assert f'name="runs" value="{run.pk}"' in page
    assert f'name="runs" value="{other.pk}"' not in page and "share_prosocial" not in page


def test_a_share_of_another_kind_is_refused_by_name(client, run):
    fields = FORM | {"kind": "", "name": "Shares", "runs": [run.pk], "share_prosocial": "30"}
    response = client.post(f"{STUDIES}new/", fields)
    assert response.status_code == 422
    words = "Scored prosocial: there is no such group among trials of warmth."
    assert words in response.content.decode()
    with pytest.raises(StudyRefused, match="no group 'prosocial' among trials of warmth"):
        create_study(run.project, "Shares", [run], shares={"prosocial": 0.3})
    assert not Study.objects.exists()


def test_what_another_kind_asks_is_refused_with_what_can_be_asked(client, run):
    fields = FORM | {"kind": "angle", "name": "Angles", "runs": [run.pk]}
    response = client.post(f"{STUDIES}new/", fields)
    assert response.status_code == 422
    assert "ask for the warmth or a scale of one&#x27;s own" in response.content.decode()
    assert not Study.objects.exists()


def test_texts_of_no_instrument_are_asked_what_somebody_chose(cast):
    with pytest.raises(StudyRefused, match="say what raters are asked for"):
        create_study(cast.project, "Texts", texts=[TextRow("a", "One")])
    assert not Study.objects.exists()


def test_a_measure_that_nobody_can_take_is_not_offered_to_raters(client, run):
    fields = FORM | {"kind": "", "name": "Own", "runs": [run.pk], "asks_own_measure": "on"}
    response = client.post(f"{STUDIES}new/", fields)
    assert response.status_code == 422
    assert "cannot be taken by raters" in response.content.decode()


def test_the_settings_of_a_study_offer_what_its_instrument_brings(cast, client):
    trial = make_trial(make_cell(make_run(cast.project)))
    slider = make_study(cast.project, [trial], state="draft")
    page = client.get(f"{slider.get_absolute_url()}settings/").content.decode()
    offered = re.search(r'<select name="kind".*?</select>', page, re.S)[0]
    assert 'value="angle"' in offered and 'value="how_warm"' not in offered
