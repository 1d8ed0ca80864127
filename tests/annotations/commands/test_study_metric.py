"""The metric a study validates: chosen, pinned, followed when its scores change, one everywhere."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import AuditEvent
from analysis.data.dataset import extract
from analysis.data.parameters import Parameters
from annotations.disputes.adjudication import decide
from annotations.disputes.automated import automated_labels
from annotations.disputes.disputes import refresh_study
from annotations.disputes.evidence import evidence_of
from annotations.exchange.assignment import current_or_next
from annotations.judging.judging import submit
from annotations.judging.sent import Form
from annotations.metrics.metric import metric_of, settle, settled
from annotations.models import Dispute, Study
from annotations.studies.choosing_metric import MetricRefused, choices, choose, chosen
from annotations.studies.drawing import NothingToDraw, draw
from annotations.studies.studies import StudyRefused, create_study
from evaluations.instruments.kinds import KINDS
from evaluations.instruments.svo import READER
from evaluations.instruments.svo.scoring.scorer import SvoSliderScorer
from evaluations.models import Metric, Reading, Run
from evaluations.scoring import metrics
from evaluations.scoring.metrics import Reader
from tests.annotations.conftest import make_rater, make_score, make_study, make_trial
from tests.support.scores import add_score

pytestmark = pytest.mark.django_db
OTHER = "svo-slider+model"
SECOND = Reader(f"{READER}+model", "9+r1")


def by(trial, orientation, scorer, version="1", **fields):
    return add_score(trial, scorer, version, label=orientation, **fields)


def read(trial, number, outcome, reader):
    choice = {"value": 1, "label": "A"} if outcome == "choice" else {}
    Reading.objects.create(
        answer=trial.answers.get(item_number=number),
        reader=reader.name,
        version=reader.version,
        outcome=outcome,
        method="test",
        **choice,
    )


def say(study, label):
    """Three raters say the same of every item."""
    for _ in range(3):
        rater = make_rater(study)
        held = current_or_next(rater)
        while held:
            held = submit(rater, Form(held.pk, 0, label)).next


@pytest.fixture
def trials(cell):
    return [make_trial(cell, score="prosocial"), make_trial(cell, score="prosocial")]


@pytest.fixture
def study(cast, trials):
    made = make_study(cast.project, trials, metric_name=SvoSliderScorer.name)
    settle(made)
    return made


# --- chosen and pinned ----------------------------------------------------------------------------


def test_what_can_be_chosen_are_the_metrics_that_scored_its_trials(study, trials):
    by(trials[0], "competitive", "rubric/model", "3+abc")
    assert [word for word, _ in choices(study)] == [
        "rubric/model",
        "rubric/model@3+abc",
        "svo-slider",
        "svo-slider@1",
    ]


def test_another_metric_brings_the_disputes_into_line_and_is_on_record(cast, study, trials):
    for trial in trials:
        by(trial, "competitive", "rubric/model", "3+abc")
    say(study, "prosocial")
    assert not Dispute.objects.exists()
    choose(study, cast.researcher, "rubric/model")
    assert [row.reasons for row in Dispute.objects.all()] == [["automated_differs"]] * 2
    event = AuditEvent.objects.get(verb="metric chosen")
    assert event.actor == cast.researcher
    assert event.detail["before"] == {"metric": "svo-slider"}
    assert event.detail["after"] == {"metric": "rubric/model"}
    assert event.detail["version"] == "3+abc"
    choose(study, cast.researcher, "svo-slider")
    assert {row.state for row in Dispute.objects.all()} == {"withdrawn"}


def test_what_a_reviewer_decided_stands(cast, study, trials):
    for trial in trials:
        by(trial, "competitive", "rubric/model")
    study = choose(study, None, "rubric/model")
    say(study, "prosocial")
    decide(Dispute.objects.first(), cast.reviewer, "prosocial", "it shares")
    choose(study, None, "svo-slider")
    assert sorted(row.state for row in Dispute.objects.all()) == ["decided", "withdrawn"]


def test_the_same_metric_again_is_no_change(cast, study):
    choose(study, cast.researcher, chosen(study))
    assert not AuditEvent.objects.filter(verb="metric chosen").exists()


def test_a_metric_that_scored_nothing_is_refused_with_what_there_is(cast, study):
    with pytest.raises(MetricRefused, match="There is: svo-slider, svo-slider@1"):
        choose(study, cast.researcher, "svo-slider@2")
    study.refresh_from_db()
    assert study.metric_version == ""


def test_a_pinned_version_counts_everywhere_when_a_newer_one_is_complete(cast, study, trials):
    choose(study, None, "svo-slider@1")
    for trial in trials:
        make_score(trial, "competitive", version="2")
    study.refresh_from_db()
    say(study, "prosocial")
    refresh_study(study)
    assert not Dispute.objects.exists()
    content = extract(study, Parameters())
    assert [(row["scorer"], row["version"]) for row in content["automated"]] == [
        ("svo-slider", "1")
    ]
    assert content["study"]["scorer_version"] == "1"
    assert evidence_of(study, study.items.first()).score.metric.version == "1"
    choose(study, None, "svo-slider")
    study.refresh_from_db()
    assert Dispute.objects.filter(state="open").count() == 2
    assert extract(study, Parameters())["automated"][0]["version"] == "2"


def test_a_study_without_a_pin_says_nothing_new_in_its_data_set(study):
    assert "scorer_version" not in extract(study, Parameters())["study"]


def settled_version(study):
    return Metric.objects.get(pk=settled(study).metric_id).version


# --- one rule -------------------------------------------------------------------------------------


def test_disputes_draws_evidence_and_reports_agree_on_the_version(cast, study, trials):
    make_score(trials[0], "competitive", version="1+000")  # newer, and not complete
    refresh_study(study)
    run = trials[0].run
    labels = set(automated_labels(study, study.items.all()).values())
    sample = draw([run], Study.Unit.TRIAL, 0, shares={"prosocial": 1.0}, n=2)
    assert (metric_of(study).version, settled_version(study)) == ("1", "1")
    assert labels == {"prosocial"}
    assert len(sample.drawn) == 2
    assert extract(study, Parameters())["automated"][0]["version"] == "1"
    make_score(trials[1], "competitive", version="1+000")
    refresh_study(study)
    assert settled_version(study) == "1+000"
    assert set(automated_labels(study, study.items.all()).values()) == {"competitive"}
    assert extract(study, Parameters())["automated"][0]["version"] == "1+000"
    assert {evidence_of(study, item).score.metric.version for item in study.items.all()} == {
        "1+000"
    }


def test_a_version_that_is_being_scored_opens_no_dispute(study, trials):
    make_score(trials[0], "competitive", version="2")
    say(study, "prosocial")
    assert not Dispute.objects.exists()


def test_the_exchange_looks_for_no_version(study, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert settled(study).metric_id == study.metric_in_force_id is not None


# --- readings -------------------------------------------------------------------------------------


@pytest.fixture
def doubtful(cast, cell):
    """Trials whose second answer is ambiguous to the rules, and of which a second reader read the
    first; both readers have a metric that rests on them."""
    rules = Reader(READER, "9")
    made = [make_trial(cell), make_trial(cell)]
    for trial in made:
        read(trial, 2, "ambiguous", rules)
        common = {"flags": ["incomplete"]}
        by(trial, "prosocial", SvoSliderScorer.name, reader=str(rules), **common)
        by(trial, "prosocial", OTHER, "1+r1", reader=str(SECOND), **common)
    read(made[0], 2, "choice", SECOND)
    return made


def test_readings_of_a_second_reader_stay_out_of_a_study_of_the_first(cast, doubtful):
    study = make_study(cast.project, doubtful, metric_name=SvoSliderScorer.name)
    say(study, "prosocial")
    assert [row.reasons for row in Dispute.objects.all()] == [["ambiguous_extraction"]] * 2
    choose(study, None, OTHER)
    assert Dispute.objects.get(state="open").item.trial == doubtful[1]


def test_strata_go_by_the_readings_of_the_metric(doubtful):
    runs, share = [doubtful[0].run], {"ambiguous": 1.0}
    assert len(draw(runs, Study.Unit.TRIAL, 0, shares=share, n=1).drawn) == 1
    with pytest.raises(NothingToDraw, match="no place for the other units"):
        draw(runs, Study.Unit.TRIAL, 0, shares=share, n=1, metric=(OTHER, ""))


def test_answers_are_labelled_by_the_reader_of_the_metric(cast, doubtful):
    study = make_study(cast.project, unit="answer", kind="option", categories=["A", "B", "none"])
    item = study.items.create(position=1, trial=doubtful[0], answer_number=2, places=3)
    assert automated_labels(study, [item]) == {}
    choose(study, None, OTHER)
    study.refresh_from_db()
    assert automated_labels(study, [item]) == {item.pk: "A"}
    assert extract(study, Parameters())["automated"][0]["scorer"] == SECOND.name


# --- a rescoring ----------------------------------------------------------------------------------


def test_disputes_follow_when_a_rescoring_ends(study, trials):
    say(study, "prosocial")
    for trial in trials:
        make_score(trial, "competitive", version="2")
    assert not Dispute.objects.exists()
    metrics.scored.send(Run, runs=Run.objects.filter(pk=trials[0].run_id))
    assert [row.reasons for row in Dispute.objects.all()] == [["automated_differs"]] * 2
    event = AuditEvent.objects.get(verb="metric version in force")
    assert event.detail["before"] == {"version": "1"}
    assert event.detail["after"]["version"] == "2"
    study.refresh_from_db()
    assert study.metric_in_force.version == "2"


def test_the_command_that_rescores_brings_the_disputes_along(cast, study, trials, monkeypatch):
    say(study, "altruistic")
    before = set(Dispute.objects.values_list("reasons", flat=True)[0])
    assert before == {"automated_differs"}

    class Altruist:
        name, version, reader = SvoSliderScorer.name, "altruist", ""

        def score(self, trial):
            return {"outcome": "scored", "label": "altruistic"}

    monkeypatch.setattr(KINDS["svo"], "scorers", (Altruist(),))
    call_command("rescore_trials", "--project", "lab", "--run", trials[0].run.name)
    assert {row.state for row in Dispute.objects.all()} == {"withdrawn"}


# --- doors ----------------------------------------------------------------------------------------


def test_a_new_study_can_have_another_metric(cast, trials):
    for trial in trials:
        by(trial, "competitive", "rubric/model", "3")
    made = create_study(cast.project, "New", [trials[0].run], metric="rubric/model@3")
    assert (made.metric_name, made.metric_version) == ("rubric/model", "3")
    assert str(made.metric_in_force) == "rubric/model 3"
    with pytest.raises(StudyRefused, match="There is no metric 'nobody' here") as refused:
        create_study(cast.project, "Other", [trials[0].run], metric="nobody")
    assert set(refused.value.errors) == {"metric"}
    assert not Study.objects.filter(name="Other").exists()


def test_the_form_of_a_new_study_offers_the_metrics(cast, trials):
    by(trials[0], "competitive", "rubric/model", "3")
    client = cast.client("researcher")
    page = client.get(reverse("study_new", args=["lab"])).content.decode()
    assert 'value="rubric/model@3"' in page
    answer = client.post(
        reverse("study_new", args=["lab"]),
        {
            **{"name": "By form", "unit": "trial", "runs": trials[0].run_id, "overlap": 3},
            **{"kind": "orientation", "seed": 0, "language": "en", "option_order": "fixed"},
            **{"on_deletion": "anonymous", "metric": "rubric/model"},
            **{"further-TOTAL_FORMS": 0, "further-INITIAL_FORMS": 0},
            **{"raters_are": "skilled"},
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    assert Study.objects.get(name="By form").metric_name == "rubric/model"


def test_the_page_of_the_metric_says_what_counts_and_stores_another(cast, study, trials):
    by(trials[0], "competitive", "rubric/model", "3")
    client, address = cast.client("researcher"), reverse("study_metric", args=["lab", study.slug])
    page = client.get(address).content.decode()
    assert "svo-slider 1 (2 trials)" in page
    assert client.post(address, {"metric": "rubric/model@3"}).status_code == 302
    study.refresh_from_db()
    assert chosen(study) == "rubric/model@3"
    assert client.post(address, {"metric": "nobody"}).status_code == 422


def test_the_command_says_and_chooses(study, trials):
    by(trials[0], "competitive", "rubric/model", "3")
    said = StringIO()
    call_command("study_metric", study.slug, "rubric/model@3", "--project", "lab", stdout=said)
    assert "rubric/model@3 (version 3, pinned" in said.getvalue()
    with pytest.raises(CommandError, match="There is no metric 'nobody' here"):
        call_command("study_metric", study.slug, "nobody", "--project", "lab")
    with pytest.raises(CommandError, match="has no study 'nothing'"):
        call_command("study_metric", "nothing", "--project", "lab")
