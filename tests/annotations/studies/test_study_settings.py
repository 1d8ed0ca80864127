"""What a study asks is checked, and changes only where no judgment would be falsified."""

import pytest

from accounts.models import AuditEvent
from annotations.exchange.assignment import current_or_next
from annotations.files.item_files import TextRow
from annotations.judging.judging import submit
from annotations.judging.sent import Form
from annotations.models import Dispute, Study
from annotations.questions.of_study import primary_question
from annotations.studies.settings import SettingsRefused, apply, change_settings
from annotations.studies.studies import StudyRefused, change_state, create_study
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

ORIENTATION = {"kind": "orientation"}
TEXTS = [TextRow("a", "One text."), TextRow("b", "Another.")]


def judged(study) -> None:
    rater = make_rater(study)
    held = current_or_next(rater)
    submit(rater, Form(assignment_id=held.pk, revision=0, label="prosocial"))


@pytest.mark.parametrize(
    ("settings", "scale", "words"),
    [
        ({"kind": "orientation"}, "nominal", "Which value orientation"),
        ({"kind": "angle"}, "interval", "Where on the ring"),
        ({"kind": "declared", "scale": "interval", "question": "How kind?"}, "interval", "How k"),
    ],
)
def test_the_kind_brings_scale_and_question(cast, settings, scale, words):
    study = create_study(cast.project, "s", texts=TEXTS, settings=ORIENTATION | settings)
    study.refresh_from_db()
    assert study.scale == scale
    assert study.question.startswith(words)


def test_an_angle_has_a_tolerance(cast):
    study = create_study(cast.project, "s", texts=TEXTS, settings={"kind": "angle"})
    assert study.tolerance == 15.0


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"kind": "option"}, "kind"),
        ({"kind": "declared", "categories": ["a", "b"]}, "question"),
        ({"kind": "declared", "question": "Which?", "categories": ["a"]}, "question"),
        ({"kind": "declared", "question": "Which?", "categories": ["a", "a"]}, "question"),
        ({"overlap": 0}, "overlap"),
        ({"overlap": 51}, "overlap"),
        ({"control_every": 1}, "control_every"),
        ({"repeat_share": 1.5}, "repeat_share"),
        ({"qualification_pass": -0.1}, "qualification_pass"),
        ({"cap": 0}, "cap"),
        ({"further_questions": [{"key": "x", "kind": "nominal", "prompt": "?"}]}, "question"),
        ({"colour": "red"}, "study"),
    ],
)
def test_settings_that_do_not_fit_are_refused_at_their_field(cast, settings, field):
    with pytest.raises(StudyRefused) as refused:
        create_study(cast.project, "s", texts=TEXTS, settings=ORIENTATION | settings)
    assert set(refused.value.errors) == {field}
    assert not Study.objects.exists()


def test_texts_are_items_of_their_own(cast):
    study = create_study(
        cast.project, "s", texts=[TextRow("a", "Hola.", "es")], overlap=2, settings=ORIENTATION
    )
    item = study.items.get()
    assert (study.unit, study.language) == ("text", "es")
    assert (item.external_id, item.text, item.places) == ("a", "Hola.", 2)


def test_texts_of_two_languages_are_two_studies(cast):
    texts = [TextRow("a", "x", "en"), TextRow("b", "y", "es")]
    with pytest.raises(StudyRefused, match="a study has one language"):
        create_study(cast.project, "s", texts=texts, settings=ORIENTATION)


def test_single_answers_are_drawn_from_the_answers(cast):
    run = make_run(cast.project)
    make_trial(make_cell(run), texts=("A", "B", "C"))
    settings = {"unit": "answer", "kind": "option"}
    study = create_study(cast.project, "s", [run], n=2, settings=settings)
    numbers = set(study.items.values_list("answer_number", flat=True))
    assert len(numbers) == 2 and numbers < {1, 2, 3}
    assert set(study.items.values_list("weight", flat=True)) == {1.5}


def test_goals_are_drawn_from_the_trials_that_have_one(cast):
    run = make_run(cast.project)
    cell = make_cell(run)
    make_trial(cell)
    with pytest.raises(StudyRefused, match="in which the model wrote a goal"):
        create_study(cast.project, "s", [run], settings={"unit": "goal"})
    with_goal = make_trial(cell)
    with_goal.turns.create(position=0, role="assistant", step="goal", text="I will share.")
    study = create_study(cast.project, "s", [run], settings={"unit": "goal"})
    assert study.items.get().trial == with_goal


def test_a_sample_can_hold_more_of_the_boundary_cases_and_keeps_weights(cast):
    run = make_run(cast.project)
    cell = make_cell(run)
    trials = [make_trial(cell, texts=("A",)) for _ in range(20)]
    for trial in trials:
        flags = ["boundary_case"] if trial in trials[:4] else []
        make_score(trial, "prosocial", flags=flags)
    study = create_study(cast.project, "s", [run], n=8, shares={"boundary": 0.5})
    boundary = study.items.filter(trial__in=trials[:4])
    assert set(boundary.values_list("weight", flat=True)) == {1.0}
    others = study.items.exclude(trial__in=trials[:4])
    assert list(others.values_list("weight", flat=True)) == [4.0] * 4
    assert AuditEvent.objects.get(verb="study created").detail["shares"] == {"boundary": 0.5}


def test_an_unknown_group_is_refused(cast, cell):
    make_trial(cell)
    with pytest.raises(StudyRefused, match="There is no group 'kind'"):
        create_study(cast.project, "s", [cell.run], shares={"kind": 0.5})


def test_a_draft_changes_on_record(cast):
    study = make_text_study(cast.project, 2, state="draft")
    change_settings(study, cast.researcher, {"cap": 10, "overlap": 5, "name": " Better "})
    study.refresh_from_db()
    assert (study.cap, study.overlap, study.name) == (10, 5, "Better")
    assert set(study.items.values_list("places", flat=True)) == {5}
    event = AuditEvent.objects.get(verb="study changed")
    assert event.detail["after"] == {"name": "Better", "overlap": 5, "cap": 10}


def test_a_question_that_was_answered_stays(cast):
    study = make_text_study(cast.project, 2, state="pilot")
    study = change_settings(study, cast.researcher, {"question": "Which orientation is it?"})
    judged(study)
    with pytest.raises(SettingsRefused, match="This question was answered 1 time already"):
        change_settings(study, cast.researcher, {"question": "Which one now?"})
    with pytest.raises(SettingsRefused, match="what they were told"):
        change_settings(study, cast.researcher, {"on_deletion": "removed"})
    change_settings(study, cast.researcher, {"cap": 3})
    study.refresh_from_db()
    assert (study.question, study.cap) == ("Which orientation is it?", 3)


def test_the_kind_of_raters_is_declared_before_they_judge(cast):
    study = make_text_study(cast.project, 2, state="pilot")
    study = change_settings(study, cast.researcher, {"raters_are": "skilled"})
    judged(study)
    with pytest.raises(SettingsRefused, match="what decides a test of them is declared before"):
        change_settings(study, cast.researcher, {"raters_are": "expert"})
    study.refresh_from_db()
    assert (study.raters_are, study.question_version) == ("skilled", 1)


def test_a_kind_of_raters_that_there_is_not_is_refused(cast):
    with pytest.raises(StudyRefused) as refused:
        create_study(
            cast.project, "s", texts=TEXTS, settings=ORIENTATION | {"raters_are": "angels"}
        )
    assert set(refused.value.errors) == {"raters_are"}


def test_another_kind_brings_its_own_question_and_scale(cast):
    study = make_text_study(cast.project, 1, state="draft")
    change_settings(study, cast.researcher, {"kind": "angle"})
    study.refresh_from_db()
    assert (study.scale, study.categories, study.tolerance) == ("interval", [], 15.0)
    assert study.question.startswith("Where on the ring")


def test_a_question_that_would_leave_a_control_item_without_an_answer_is_refused(cast):
    study = make_text_study(cast.project, 1, state="draft")
    study.items.create(kind="gold", position=2, text="x", expected="unclear", places=0)
    with pytest.raises(SettingsRefused, match="would have no right answer"):
        change_settings(study, cast.researcher, {"kind": "angle"})


def test_places_are_never_fewer_than_what_is_taken(cast):
    study = make_text_study(cast.project, 1, state="pilot")
    judged(study)
    judged(study)
    with pytest.raises(SettingsRefused, match="2 judgments or reservations already"):
        change_settings(study, cast.researcher, {"overlap": 1})
    change_settings(study, cast.researcher, {"overlap": 2})
    assert study.items.get().places == 2


@pytest.mark.parametrize("state", ["open", "paused", "closed"])
def test_only_a_draft_or_a_pilot_is_edited(cast, state):
    study = make_text_study(cast.project, 1, state=state)
    with pytest.raises(SettingsRefused, match=f"The study is {state}"):
        change_settings(study, cast.researcher, {"cap": 10})


def test_another_tolerance_brings_disputes_into_line(cast):
    fields = {"kind": "declared", "scale": "interval", "categories": [], "overlap": 2}
    study = make_text_study(cast.project, 1, state="pilot", question="How kind?", **fields)
    for label in ("1", "9"):
        rater = make_rater(study)
        submit(rater, Form(current_or_next(rater).pk, revision=0, label=label))
    assert not Dispute.objects.exists()
    change_settings(study, cast.researcher, {"tolerance": 5.0})
    assert Dispute.objects.get().reasons == ["raters_split"]


def test_another_overlap_brings_disputes_into_line(cast, cell):
    trial = make_trial(cell, score="competitive")
    study = make_study(cast.project, [trial], overlap=2, state="pilot")
    rater = make_rater(study)
    submit(rater, Form(current_or_next(rater).pk, revision=0, label="prosocial"))
    assert not Dispute.objects.exists()
    change_settings(study, cast.researcher, {"overlap": 1})
    assert Dispute.objects.get().reasons == ["automated_differs"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"control_every": 5}, "add gold items or attention checks"),
        ({"attention_limit": 2}, "no attention check"),
        ({"qualification_pass": 0.5}, "no qualification item"),
    ],
)
def test_a_study_opens_with_the_items_its_settings_ask_for(cast, fields, words):
    study = make_text_study(cast.project, 1, state="draft", **fields)
    with pytest.raises(StudyRefused, match=words):
        change_state(study, cast.researcher, "pilot")
    for kind in ("gold", "attention", "qualification"):
        study.items.create(
            kind=kind, position=study.items.count() + 1, text="x", expected="unclear", places=0
        )
    assert change_state(study, cast.researcher, "pilot").state == "pilot"


def test_a_study_without_items_does_not_open(cast):
    study = make_study(cast.project, state="draft")
    with pytest.raises(StudyRefused, match="no items"):
        change_state(study, cast.researcher, "open")


OWN = {
    "kind": "declared",
    "question": "Does it comply?",
    "scale": "nominal",
    "categories": ["yes", "no", "cannot say"],
}


def test_ways_out_of_a_scale_of_ones_own_are_declared(cast):
    study = apply(Study(name="s"), OWN | {"ways_out": ["cannot say"]})
    assert primary_question(study).ways_out == ("cannot say",)
    shown = [choice.value for choice in primary_question(study).choices(reverse=True)]
    assert shown == ["no", "yes", "cannot say"]


def test_no_name_makes_a_category_a_way_out():
    study = apply(Study(name="s"), OWN | {"categories": ["compliance", "refusal", "unclear"]})
    assert study.ways_out == []
    shown = [choice.value for choice in primary_question(study).choices(reverse=True)]
    assert shown == ["unclear", "refusal", "compliance"]


def test_the_platforms_own_question_brings_its_ways_out():
    study = apply(Study(name="s"), {"kind": "orientation", "ways_out": []})
    assert study.ways_out == ["unclear", "refusal"]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (OWN | {"ways_out": ["perhaps"]}, "The way out 'perhaps' is none of"),
        (OWN | {"scale": "interval", "categories": [], "ways_out": ["no"]}, "Only categories"),
        (OWN | {"scale": "vector", "ways_out": ["no"]}, "Only categories"),
    ],
)
def test_ways_out_are_some_of_the_answers(settings, words):
    with pytest.raises(SettingsRefused) as refused:
        apply(Study(name="s"), settings)
    assert words in refused.value.errors["ways_out"]


def test_answers_that_are_set_anew_keep_the_ways_out_that_are_still_there(cast):
    study = apply(Study(name="s"), OWN | {"ways_out": ["cannot say"]})
    assert apply(study, {"categories": ["a", "b", "cannot say"]}).ways_out == ["cannot say"]
    assert apply(study, {"categories": ["a", "b"]}).ways_out == []
