"""A metric that was computed elsewhere becomes one like ours, or is refused as a whole."""

import pytest

from accounts.models import AuditEvent
from annotations.disputes.automated import automated_labels
from annotations.files.item_files import TextRow
from annotations.models import AutomatedLabel, Dispute
from annotations.studies.choosing_metric import choose
from annotations.studies.putting import Given, ScoresRefused, put_labels, put_scores
from annotations.studies.simulated import simulate_judgments
from annotations.studies.studies import change_state, create_study
from evaluations.models import Metric, Score


@pytest.fixture
def trials(world):
    return list(world.run.trials.order_by("pk"))


def said(trials, **shape):
    return [Given(trial.pk, **shape) for trial in trials]


def test_labels_of_trials_are_scores_of_a_metric_of_the_project(cast, trials):
    put = put_scores(cast.project, cast.researcher, "mine", "1", said(trials, label="prosocial"))
    assert (put.metric, put.stored, put.known) == ("mine 1", len(trials), 0)
    metric = Metric.objects.get(name="mine")
    assert (metric.project, metric.kind) == (cast.project, Metric.Kind.ELSEWHERE)
    assert set(metric.scores.values_list("label", flat=True)) == {"prosocial"}
    assert AuditEvent.objects.filter(verb="scores put").count() == 1


def test_numbers_vectors_and_reasons_are_scores_too(cast, trials):
    rows = [
        Given(trials[0].pk, number=12.5),
        Given(trials[1].pk, vector={"power": -1.0, "security": 1.0}),
        Given(trials[2].pk, reason="the model refused"),
    ]
    put_scores(cast.project, None, "mine", "1", rows)
    found = Score.objects.filter(metric__name="mine").order_by("trial_id")
    assert [score.outcome for score in found] == ["scored", "scored", "unscorable"]
    assert found[0].number == 12.5
    assert found[1].vector == {"power": -1.0, "security": 1.0}


def test_the_same_again_changes_nothing(cast, trials):
    rows = said(trials, label="prosocial")
    put_scores(cast.project, None, "mine", "1", rows)
    put = put_scores(cast.project, None, "mine", "1", rows)
    assert (put.stored, put.known) == (0, len(trials))
    assert AuditEvent.objects.filter(verb="scores put").count() == 1


def test_what_a_version_said_is_never_changed(cast, trials):
    put_scores(cast.project, None, "mine", "1", said(trials, label="prosocial"))
    with pytest.raises(ScoresRefused, match="new version"):
        put_scores(cast.project, None, "mine", "1", said(trials, label="altruistic"))
    put_scores(cast.project, None, "mine", "2", said(trials, label="altruistic"))
    assert Score.objects.filter(metric__name="mine").count() == 2 * len(trials)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"label": "kind"}, "no label here"),
        ({}, "reason"),
        ({"number": 1e300}, "too large"),
        ({"vector": {}}, "dimension"),
    ],
)
def test_one_wrong_row_refuses_all_of_them(cast, trials, row, why):
    rows = [*said(trials[1:], label="prosocial"), Given(trials[0].pk, **row)]
    with pytest.raises(ScoresRefused, match=why) as refused:
        put_scores(cast.project, None, "mine", "1", rows)
    assert list(refused.value.errors) == [f"scores.{len(trials) - 1}"]
    assert not Metric.objects.filter(name="mine").exists()


def test_trials_of_others_and_twice_the_same_are_refused(cast, trials):
    with pytest.raises(ScoresRefused, match="no complete trial"):
        put_scores(cast.other_project, None, "mine", "1", said(trials, label="prosocial"))
    with pytest.raises(ScoresRefused, match="already"):
        put_scores(cast.project, None, "mine", "1", said(trials[:1] * 2, label="prosocial"))


@pytest.mark.parametrize("name", ["svo-slider", "a@b", ""])
def test_names_that_mean_something_else_are_refused(cast, trials, name):
    name = name if name != "svo-slider" else Score.objects.first().metric.name
    with pytest.raises(ScoresRefused):
        put_scores(cast.project, None, name, "1", said(trials, label="prosocial"))


def test_a_study_validates_it_and_its_disputes_follow(cast, world, trials):
    study = create_study(cast.project, "Judged", [world.run], overlap=1)
    change_state(study, None, "open")
    simulate_judgments(study, raters=1)
    judged = list(study.items.all())
    other = {"prosocial": "altruistic"}
    rows = [
        Given(item.trial_id, label=other.get(item.judgments.first().label, "prosocial"))
        for item in judged
    ]
    put_scores(cast.project, None, "contrary", "1", rows)
    choose(study, cast.researcher, "contrary")
    disputes = Dispute.objects.filter(item__in=judged, state="open")
    assert disputes.count() == len(judged)
    put_scores(cast.project, None, "contrary", "2", rows)
    study.refresh_from_db()
    assert study.metric_in_force.version == "2"


# --- items ----------------------------------------------------------------------------------------


@pytest.fixture
def texts(cast):
    """A study of three texts on a declared scale."""
    rows = [TextRow(f"t{n}", f"text {n}") for n in range(3)]
    settings = {
        "kind": "declared",
        "scale": "nominal",
        "question": "Is it?",
        "categories": ["yes", "no"],
    }
    return create_study(cast.project, "Texts", texts=rows, settings=settings)


def test_items_get_labels_on_the_study_s_own_scale(cast, texts):
    put = put_labels(texts, cast.researcher, "mine", "1", [Given(1, "yes"), Given(2, "no")])
    assert (put.metric, put.stored) == ("mine 1", 2)
    choose(texts, cast.researcher, "mine 1")
    texts.refresh_from_db()
    labels = automated_labels(texts, texts.items.order_by("position"))
    assert sorted(labels.values()) == ["no", "yes"]


def test_a_label_off_the_scale_is_refused_as_in_a_file(cast, texts):
    with pytest.raises(ScoresRefused, match="none of: yes, no"):
        put_labels(texts, None, "mine", "1", [Given(1, "maybe")])
    assert not AutomatedLabel.objects.exists()


def test_labels_are_never_changed_either(cast, texts):
    put_labels(texts, None, "mine", "1", [Given(1, "yes")])
    assert put_labels(texts, None, "mine", "1", [Given(1, "yes")]).known == 1
    with pytest.raises(ScoresRefused, match="raise the version"):
        put_labels(texts, None, "mine", "1", [Given(1, "no")])


def test_an_item_that_is_a_trial_gets_a_score(cast, world):
    item = world.study.items.filter(kind="regular").first()
    put_labels(world.study, None, "mine", "1", [Given(item.position, "prosocial")])
    assert Score.objects.get(metric__name="mine").trial_id == item.trial_id


def test_single_answers_are_labelled_by_themselves(cast, world):
    study = create_study(
        cast.project, "Answers", [world.run], n=4, settings={"unit": "answer", "kind": "option"}
    )
    rows = [Given(item.position, "A") for item in study.items.all()]
    put_labels(study, None, "mine", "1", rows)
    choose(study, cast.researcher, "mine 1")
    study.refresh_from_db()
    assert set(automated_labels(study, study.items.all()).values()) == {"A"}


def test_an_item_that_is_not_there_is_named(cast, texts):
    with pytest.raises(ScoresRefused, match="no item 9"):
        put_labels(texts, None, "mine", "1", [Given(9, "yes")])
