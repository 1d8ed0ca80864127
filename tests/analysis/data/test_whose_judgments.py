"""What reports are made from once people judged: regular items, first rounds, nobody excluded."""

import pytest

from analysis.data.dataset import extract
from analysis.data.fingerprint import fingerprint
from analysis.data.parameters import Parameters
from analysis.making.reporting import make_report
from annotations.exchange.assignment import current_or_next
from annotations.judging.judging import submit
from annotations.judging.sent import Form
from annotations.models import Item, OwnMeasure, Rater, Study
from annotations.taking_part.excluding import exclude, include
from evaluations.models import Answer, Reading
from tests.annotations.conftest import (
    make_cell,
    make_rater,
    make_run,
    make_score,
    make_study,
    make_text_study,
    make_trial,
)

pytestmark = pytest.mark.django_db

WORDS = {"kind": "declared", "categories": ["yes", "no"], "metric_name": ""}


def judge_all(rater: Rater, label: str) -> None:
    held = current_or_next(rater)
    while held is not None:
        held = submit(rater, Form(held.pk, 0, label)).next


def judged_study(project, texts: int, said: dict[str, str], **fields: object) -> Study:
    study = make_text_study(project, texts, overlap=len(said), **WORDS, **fields)
    for name, label in said.items():
        judge_all(make_rater(study, name), label)
    return study


def test_control_items_are_no_items_of_a_report(cast):
    study = make_text_study(cast.project, 6, overlap=1, control_every=3, **WORDS)
    Item.objects.create(study=study, kind="gold", position=7, text="gold", expected="yes", places=0)
    judge_all(make_rater(study, "a"), "yes")
    assert Rater.objects.get().handed == 7
    content = extract(study, Parameters())
    assert content["items"]["position"] == [1, 2, 3, 4, 5, 6]
    assert len(content["judgments"]["item"]) == 6


def test_repeats_stand_beside_the_judgments_not_among_them(cast):
    study = judged_study(cast.project, 10, {"a": "yes", "b": "no"}, repeat_share=0.5)
    content = extract(study, Parameters())
    assert len(content["judgments"]["item"]) == 20
    assert len(content["repeats"]["item"]) == 10
    assert set(zip(content["repeats"]["rater"], content["repeats"]["again"], strict=True)) == {
        (0, "yes"),
        (1, "no"),
    }
    section = make_report(study).result["repeats"]
    (percent,) = [row for row in section["statistics"] if row["key"] == "percent"]
    assert percent["value"] == 1
    assert section["pairs"] == 10


def test_an_excluded_rater_is_left_out_with_the_reason(cast):
    study = judged_study(cast.project, 12, {"a": "yes", "b": "no"})
    before = fingerprint(study)
    exclude(study.raters.get(pseudonym="b"), cast.researcher, "clicks through")
    assert fingerprint(study) != before
    content = extract(study, Parameters())
    assert content["raters"]["pseudonym"] == ["a"]
    assert content["excluded"]["raters"] == ["b"]
    assert content["excluded"]["reasons"] == ["excluded from the study: clicks through"]
    assert content["excluded"]["judgments"] == 12


def test_a_place_that_was_given_on_does_not_count_twice(cast):
    study = judged_study(cast.project, 4, {"a": "yes", "b": "no"})
    rater = study.raters.get(pseudonym="b")
    exclude(rater, cast.researcher, "clicks through", reopen_places=True)
    judge_all(make_rater(study, "c"), "yes")
    before = fingerprint(study)
    assert include(rater, cast.researcher, "was a mistake") == 4
    assert fingerprint(study) != before
    content = extract(study, Parameters())
    assert content["raters"]["pseudonym"] == ["a", "c"]
    assert len(content["judgments"]["item"]) == 8


def test_a_raters_own_angle_stands_beside_their_judgments(cast):
    study = make_study(cast.project, orientation_trials(cast.project), asks_own_measure=True)
    for name, angle in (("a", 30.0), ("b", 0.0), ("c", None)):
        rater = make_rater(study, name)
        OwnMeasure.objects.create(rater=rater, choices=[1] * 6, angle=angle)
        judge_all(rater, "prosocial")
    content = extract(study, Parameters())
    assert content["raters"]["own_angle"] == [30.0, 0.0, None]
    section = make_report(study).result["own_angle"]
    assert [row["own_angle"] for row in section["raters"]] == [30.0, 0.0]


def orientation_trials(project) -> list:
    cell = make_cell(make_run(project))
    trials = [make_trial(cell) for _ in range(3)]
    for trial in trials:
        make_score(trial, orientation="prosocial", angle=35.0)
    return trials


def test_vectors_are_reported_dimension_by_dimension(cast):
    study = make_text_study(
        cast.project, 12, overlap=2, kind="declared", scale="vector", categories=["care", "power"]
    )
    for name in "ab":
        held = current_or_next(rater := make_rater(study, name))
        while held is not None:
            label = "1,0" if held.item.position % 2 else "-1,0"
            held = submit(rater, Form(held.pk, 0, label)).next
    result = make_report(study).result
    assert result["vectors"]["names"] == ["care", "power"]
    rows = {row["key"]: row for row in result["humans"]["statistics"]}
    assert rows["alpha_1"]["value"] == 1
    assert not rows["alpha_2"]["defined"]
    assert rows["alpha_2"]["reason"]


def test_the_option_read_from_an_answer_is_held_against_what_people_read(cast):
    trial = make_trial(make_cell(make_run(cast.project)))
    study = make_study(
        cast.project,
        kind="option",
        unit=Study.Unit.ANSWER,
        categories=[*"ABCDEFGHI", "none", "several"],
        metric_name="cascade",
        overlap=1,
    )
    for number, letter in ((1, "A"), (2, "B"), (3, "")):
        answer = Answer.objects.get(trial=trial, item_number=number)
        Reading.objects.create(
            answer=answer,
            reader="cascade",
            version="9",
            outcome="choice" if letter else "none",
            value=1 if letter else None,
            label=letter,
            method="test",
        )
        Item.objects.create(
            study=study, position=number, trial=trial, answer_number=number, places=1
        )
    judge_all(make_rater(study, "a"), "A")
    content = extract(study, Parameters())
    (entry,) = [entry for entry in content["automated"] if entry["of"] == "items"]
    assert (entry["scorer"], entry["label"]) == ("cascade", ["A", "B", "none"])
    assert content["items"]["key"] == [f"trial {trial.pk} answer {n}" for n in (1, 2, 3)]
    result = make_report(study).result
    assert "cascade 9" in [section["name"] for section in result["automated"]]
