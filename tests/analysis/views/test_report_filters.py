"""The choices of a report: from the address into data, numbers, hash and words, and back."""

import pytest
from django.http import QueryDict
from django.urls import reverse

from analysis.data.dataset import extract
from analysis.data.parameters import ParameterError, Parameters, in_words
from analysis.making.reporting import make_report
from analysis.pages.choices import address_of, parameters_of
from evaluations.models import Cell, PromptPack
from tests.analysis.studies import add_judgments, imported_study, judge_trials, trial_study

pytestmark = pytest.mark.django_db
ANGLES = {
    ("m1", "prosocial"): [30.5, 40.0, 35.0],
    ("m2", "prosocial"): [60.0, 25.0],
    ("m1", "altruistic"): [60.0],
}
SAID = ["prosocial", "prosocial", "altruistic", "altruistic", "prosocial", "altruistic"]


@pytest.fixture
def study(cast):
    made = trial_study(cast.project, ANGLES)
    judge_trials(made, {"ann": SAID, "ben": SAID})
    judge_trials(made, {"robot": SAID[::-1]}, kind="simulated")
    Cell.objects.filter(target="altruistic").update(with_goal=False)
    return made


def positions(study, **choices):
    return extract(study, Parameters(**choices))["items"]["position"]


@pytest.mark.parametrize(
    ("choices", "kept"),
    [
        ({"models": ("m2",)}, [4, 5]),
        ({"target_values": ("altruistic",)}, [6]),
        ({"conditions": ("without goal",)}, [6]),
        ({"models": ("m1",), "target_values": ("prosocial",)}, [1, 2, 3]),
        ({"models": ("m1", "m2"), "conditions": ("with goal",)}, [1, 2, 3, 4, 5]),
        ({"languages": ("en",)}, [1, 2, 3, 4, 5, 6]),
    ],
)
def test_items_of_some_cells_alone(study, choices, kept):
    assert positions(study, **choices) == kept


def test_language_is_that_of_the_prompt_pack(study):
    pack = PromptPack.objects.create(
        key="nl", version="1", language="nl", sha256="n" * 64, definition={}
    )
    Cell.objects.update(prompt_pack=pack)
    assert extract(study, Parameters(languages=("nl",)))["cells"][0]["language"] == "nl"
    with pytest.raises(ParameterError, match=r"no language en\. It has: nl"):
        extract(study, Parameters(languages=("en",)))


def test_trials_and_scores_of_the_other_cells_are_left_out(study):
    content = extract(study, Parameters(models=("m2",)))
    assert [cell["model"] for cell in content["cells"]] == ["m2"]
    assert len(content["trials"]["id"]) == len(content["automated"][0]["row"]) == 2
    assert content["excluded"]["judgments"] == 0


def test_an_import_has_no_cells_to_choose_from(cast):
    study = imported_study(cast.project, [("x", "a", "yes")], categories=["yes", "no"])
    with pytest.raises(ParameterError, match="It has: no trials at all"):
        extract(study, Parameters(models=("m1",)))


def test_raters_left_out_are_listed_with_the_reason(study):
    content = extract(study, Parameters(kinds=("person",), exclude_raters=("ben",)))
    assert content["raters"]["pseudonym"] == ["ann"]
    assert content["excluded"]["raters"] == ["ben", "robot"]
    assert "choices of this report" in content["excluded"]["reasons"][0]
    assert "simulated" in content["excluded"]["reasons"][1]
    assert content["excluded"]["judgments"] == 12


def test_these_raters_alone(study):
    content = extract(study, Parameters(raters=("robot", "ann")))
    assert content["raters"]["pseudonym"] == ["ann", "robot"]


def test_equal_choices_are_equal_whatever_their_order():
    first = Parameters(models=("a", "b"), thresholds=(("reliable", 0.8),))
    assert first == Parameters(models=("b", "a", "a"))


def test_address_and_back():
    chosen = Parameters(
        scorer="a@1",
        exclude_raters=("ann", "ben"),
        raters=("cy",),
        kinds=("person",),
        models=("m 1", "m&2"),
        target_values=("none",),
        conditions=("with goal, options reversed",),
        languages=("nl",),
        thresholds=(("reliable", 0.7512345), ("tentative", 0.5)),
        crosscheck=True,
    )
    assert parameters_of(QueryDict(address_of(chosen))) == chosen
    assert address_of(Parameters()) == ""


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("reliable=high", "use a number from 0 to 1"),
        ("reliable=1.5", "use a number from 0 to 1"),
        ("reliable=nan", "use a number from 0 to 1"),
        ("reliable=0.5", "must not be below tentative"),
        ("model=a%00b", "zero byte"),
    ],
)
def test_what_cannot_be_is_refused(query, message):
    with pytest.raises(ParameterError, match=message):
        parameters_of(QueryDict(query))


def test_choices_are_said_in_words():
    said = in_words(Parameters(models=("m1",), conditions=("with goal",), kinds=("person",)))
    assert said == ["Only model m1.", "Only condition 'with goal'.", "Only raters of kind person."]


def test_a_threshold_changes_the_word_and_the_key_and_no_number(cast):
    rows = [
        (f"i{at}", rater, "yes" if at % 2 ^ (rater == "b" and at % 9 == 0) else "no")
        for at in range(200)
        for rater in "ab"
    ]
    study = imported_study(cast.project, rows, categories=["yes", "no"])
    usual = make_report(study, Parameters(replicates=200))
    strict = make_report(
        study, Parameters(replicates=200, thresholds=(("reliable", 0.99), ("tentative", 0.9)))
    )
    assert usual.result["humans"] == strict.result["humans"]
    assert usual.key != strict.key
    assert "only tentative" not in usual.result["answer"][0]
    alpha = usual.result["humans"]["statistics"][0]["value"]
    assert 0.667 < alpha < 0.8
    assert "tentative conclusions" in " ".join(usual.result["answer"])
    assert "too little" in " ".join(strict.result["answer"])
    row = strict.result["thresholds"][0]
    assert (row["value"], row["customary"], row["source"]) == (0.99, 0.8, "chosen for this report")


def page(cast, study, query, **headers):
    address = reverse("report", args=["lab", study.slug])
    return cast.client("researcher").get(f"{address}?{query}", headers=headers)


def test_a_filtered_page_says_so_and_counts_the_subset(cast, study):
    response = page(cast, study, "model=m1&condition=with+goal")
    body = response.content.decode()
    assert response.context["result"]["overview"]["counts"]["items"] == 3
    assert "Only model m1." in body
    assert 'name="model" value="m1" checked' in body


def test_a_filter_takes_its_own_address_without_a_page_load(cast, study):
    query = "scorer=&model=m1&reliable=0.8&tentative=0.667"
    response = page(cast, study, query, **{"HX-Request": "true"})
    assert "<html" not in response.content.decode()
    assert response["HX-Push-Url"] == reverse("report", args=["lab", study.slug]) + "?model=m1"


def test_going_back_in_history_gets_the_whole_page(cast, study):
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in page(cast, study, "model=m1", **headers).content.decode()


def test_thresholds_are_shown_with_their_source(cast, study):
    body = page(cast, study, "reliable=0.9").content.decode()
    assert 'name="reliable" value="0.9"' in body
    assert "Krippendorff 2019" in body


def test_pingouin_is_asked_only_on_request(cast, study):
    usual = page(cast, study, "").context["result"]["trials"]["crosscheck"]
    assert "loading pingouin takes seconds" in usual["reason"]
    asked = page(cast, study, "pingouin=1").context["result"]["trials"]["crosscheck"]
    assert asked["agrees"] in (True, False)
    assert asked["rows"]


def test_a_new_judgment_outside_the_filter_is_another_report_of_the_same_numbers(study):
    chosen = Parameters(replicates=200, models=("m1",))
    before = make_report(study, chosen)
    items = {str(item.position): item for item in study.items.all()}
    add_judgments(study, items, [("4", "dan", "prosocial")])
    assert make_report(study, chosen).result["humans"] == before.result["humans"]
