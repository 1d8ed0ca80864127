"""The blind check finds what is shown, wherever it stands, and nothing that is not."""

import pytest

from annotations.studies.blind_check import blind_check
from annotations.studies.guidelines import revise
from tests.annotations.conftest import (
    judge_url,
    make_cell,
    make_run,
    make_study,
    make_text_study,
    make_trial,
)

pytestmark = pytest.mark.django_db

NOTHING = "<section>What the model answered</section>"


@pytest.fixture
def study(cast):
    run = make_run(cast.project, name="spring run")
    trial = make_trial(make_cell(run, "gigamodel-7b"), texts=("I take A.",), score="competitive")
    trial.turns.create(
        position=0, role="user", step="induction", text="You hold the value of fairness above all."
    )
    return make_study(cast.project, [trial], name="Blind study")


def found(study, shown=NOTHING, guideline=None) -> dict[str, str]:
    findings = blind_check(study, study.items.get(), guideline, shown)
    return {one.hidden.what: one.where for one in findings if one.found}


def test_what_is_looked_for_is_named(study):
    findings = blind_check(study, study.items.get(), None, NOTHING)
    assert {one.hidden.what for one in findings} >= {
        *("model, endpoint", "run", "target value", "automated label", "automated number"),
        *("induction prompt", "address of the trial"),
    }
    assert found(study) == {}


@pytest.mark.parametrize(
    ("shown", "what"),
    [
        ("<p>by GIGAMODEL-7b</p>", "model, endpoint"),
        ('<p data-run="spring run">', "run"),
        ("<b>prosocial</b>", "target value"),
        ("30.00 degrees", "automated number"),
        ("You hold the value\n of fairness above all.", "induction prompt"),
        ("scored competitive", "automated label"),
    ],
)
def test_what_the_item_shows_is_found(study, shown, what):
    assert found(study, shown)[what] == "the item"


def test_words_inside_other_words_are_not_meant(study):
    assert found(study, "nonprosocially, gigamodel-7bis") == {}


def test_what_the_model_itself_says_is_told_apart(study):
    item = study.items.get()
    item.trial.turns.create(position=9, role="assistant", step="item", text="I am gigamodel-7b.")
    assert found(study, "<p>I am gigamodel-7b.</p>") == {"model, endpoint": "the model's own words"}


def test_the_name_and_the_guidelines_are_looked_through(cast, study):
    study.name = "Is it prosocial?"
    guideline = revise(
        study,
        None,
        instructions="These are answers of gigamodel-7b.",
        codebook="prosocial: cares for both; competitive: wants more.",
    )
    assert found(study, guideline=guideline) == {
        "target value": "the study's name",
        "model, endpoint": "Instructions",
    }


def test_a_text_hides_its_id_and_its_labels(cast):
    study = make_text_study(cast.project, 1)
    study.items.get().automated_labels.create(scorer="machine", label="kind")
    findings = blind_check(study, study.items.get(), None, "<p>A kind text</p>")
    assert [(one.hidden.what, one.where) for one in findings] == [
        ("id in the file", ""),
        ("label of machine", "the item"),
    ]


def test_the_preview_shows_the_check_and_walks_through_the_items(cast):
    study = make_text_study(cast.project, 3)
    revise(study, None, instructions="Read **it**.")
    client = cast.client("researcher")
    page = client.get(judge_url(study, "preview/?item=2")).content.decode()
    assert "text 2" in page and "?item=1" in page and "?item=3" in page
    assert "Blind check" in page and "not found" in page
    assert "<strong>it</strong>" in page
    assert "text 1" in client.get(judge_url(study, "preview/?item=99")).content.decode()
