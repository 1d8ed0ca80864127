"""Another kind of instrument brings a question, a piece of the page, a way to read what was sent
and words of its own; nothing outside its room knows it."""

from dataclasses import dataclass

import pytest
from django.utils.translation import override

from annotations.base import Doubt, JudgedKind, QuestionKind, VectorKind
from annotations.disputes.why_disputed import reasons_there_are
from annotations.forms.asking import asked
from annotations.forms.settings import SettingsForm
from annotations.kinds import KINDS, scale_of_study
from annotations.models import Item, Judgment, Study
from annotations.questions.answers import words_for
from annotations.questions.controls import is_right
from annotations.questions.of_study import primary_question
from annotations.questions.question import InvalidJudgment
from annotations.scales.numbers import Number
from annotations.scales.scale import INTERVAL, VECTOR, OffScale
from annotations.studies.drawing import groups
from annotations.studies.settings import SettingsRefused, apply
from annotations.studies.simulated import simulate_judgments
from tests.annotations.conftest import judge_url, make_text_study, send

pytestmark = pytest.mark.django_db

PIECE = "annotations/second/_thermometer.html"


@dataclass(frozen=True)
class Warmth(Number):
    """A number from 0 to 10."""

    def _value(self, said):
        number = super()._value(said)
        if not 0 <= number <= 10:
            raise OffScale("From 0 to %(most)d.", most=10)
        return number


class WarmthKind(QuestionKind):
    def scale_for(self, categories=(), tolerance=None, ways_out=()):
        return Warmth(tolerance, ways_out)

    def raw(self, name, categories, data):
        """Sent as tenths."""
        said = str(data.get(f"{name}-tenths", ""))
        return str(int(said) / 10) if said.isdigit() else said

    def why_not_of(self, unit):
        return "" if unit != "goal" else "Goals have no warmth."

    def drawn(self):
        return {"most": 100}


class Cold:
    unknown = "5"

    def truth(self, trial):
        return ""

    def says(self, truth, chance):
        return "1"


WARMTH = WarmthKind(
    key="warmth",
    asks_for="the warmth",
    scale=INTERVAL,
    template=PIECE,
    prompt="How warm is it?",
    unit=("warmth", "%(number)s of ten"),
    tolerance=2.0,
    near=1.0,
    plural="warmths",
    simulated=Cold(),
)
POWERS = VectorKind(
    key="powers",
    asks_for="the powers",
    scale=VECTOR,
    template="annotations/judging/questions/_vector.html",
    prompt="Which powers?",
    choices={"might": "", "money": ""},
)
SECOND = JudgedKind(
    questions=(WARMTH, POWERS),
    asked=PIECE,
    scored=PIECE,
    labels=("lukewarm",),
    doubts=(Doubt("tepid", "It is tepid.", "tepid", "tepid", "Tepid trials"),),
)


@pytest.fixture(autouse=True)
def second(monkeypatch, settings):
    """The second kind, with the one piece of a page that it brings."""
    monkeypatch.setitem(KINDS, "second", SECOND)
    (engine,) = settings.TEMPLATES
    loaders = [
        (
            "django.template.loaders.locmem.Loader",
            {PIECE: '<input name="{{ field }}-tenths" max="{{ asked.drawn.most }}">'},
        ),
        "django.template.loaders.filesystem.Loader",
        "django.template.loaders.app_directories.Loader",
    ]
    options = {**engine["OPTIONS"], "loaders": loaders}
    settings.TEMPLATES = [{**engine, "APP_DIRS": False, "OPTIONS": options}]


@pytest.fixture
def study(cast) -> Study:
    study = make_text_study(cast.project, 2, kind="warmth", question="", categories=[], overlap=1)
    apply(study, {"kind": "warmth"}).save()
    return study


def test_scale_wording_and_tolerance_follow_the_kind(study):
    assert (study.scale, study.question, study.tolerance) == ("interval", "How warm is it?", 2.0)
    assert scale_of_study(study) == Warmth(2.0)
    assert study.asks_for == "the warmth"


def test_dimensions_follow_the_kind(cast):
    study = make_text_study(cast.project, 1, kind="declared", categories=["yes", "no"])
    apply(study, {"kind": "powers"})
    assert (study.scale, study.categories) == ("vector", ["might", "money"])
    assert primary_question(study).checked("1,0") == "1,0"


def test_it_can_be_chosen_and_says_what_it_is_not_asked_of(cast):
    form = SettingsForm()
    assert ("warmth", "the warmth") in form.fields["kind"].choices
    assert "2 of ten for warmths" in form.fields["tolerance"].help_text
    with pytest.raises(SettingsRefused, match="Goals have no warmth"):
        apply(Study(name="s", unit="goal"), {"kind": "warmth"})


def test_an_unknown_kind_is_refused_with_those_there_are():
    with pytest.raises(SettingsRefused, match=r"use .*warmth, powers, declared"):
        apply(Study(name="s", question="?"), {"kind": "smell"})


def test_its_own_scale_reads_what_is_said(study):
    question = primary_question(study)
    assert question.checked("7.5") == 7.5
    with pytest.raises(InvalidJudgment, match="From 0 to 10"):
        question.checked("11")
    assert is_right(question, "7", "7.9")
    assert not is_right(question, "7", "8.1")


def test_its_own_words_say_it(study):
    assert words_for(primary_question(study), "7.5") == "7.5 of ten"
    with override("es"):
        assert words_for(primary_question(study), "7.5") == "7.5 of ten"


def test_its_own_piece_is_drawn_and_its_own_fields_are_read(cast, study):
    (first, *_rest) = asked([primary_question(study)])
    assert first.template == PIECE
    client = cast.client("rater")
    page = client.get(judge_url(study)).content.decode()
    assert '<input name="label-tenths" max="100">' in page
    held = study.items.get(taken=1).assignments.get()
    send(client, study, assignment=held.pk, label="", **{"label-tenths": "75"})
    assert Judgment.objects.values_list("label", "number").get() == ("7.5", 7.5)


def test_its_simulated_raters_judge_as_it_says(study):
    assert simulate_judgments(study, raters=1) == 2
    assert set(Judgment.objects.values_list("label", flat=True)) == {"1"}


def test_its_doubts_are_reasons_and_groups():
    assert reasons_there_are()["tepid"].sentence == "It is tepid."
    assert groups()["tepid"] == "Tepid trials"
    assert groups()["lukewarm"] == "Scored lukewarm"


def test_an_item_of_it_shows_nothing_of_another_kind(cast, study):
    Item.objects.update(text="a text")
    page = cast.client("rater").get(judge_url(study)).content.decode()
    assert "data-angle" not in page
    assert "To itself" not in page
