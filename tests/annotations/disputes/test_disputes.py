"""Disputes open, change and go as judgments come; what a reviewer decided stands."""

import pytest
from django.db import transaction

from accounts.models import AuditEvent
from annotations.disputes.adjudication import DecisionRefused, decide, reopen
from annotations.disputes.automated import automated_labels
from annotations.disputes.disputes import problem_reported, refresh_study
from annotations.exchange.assignment import current_or_next
from annotations.judging.judging import submit
from annotations.judging.sent import Form
from annotations.models import Decision, Dispute, Judgment, ProblemReport
from annotations.questions.question import InvalidJudgment
from annotations.svo.questions import OPTION_CHOICES
from evaluations.instruments.svo import READER
from evaluations.models import Reading
from tests.annotations.conftest import make_rater, make_score, make_study, make_trial

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(cast, cell):
    return make_study(cast.project, [make_trial(cell, score="prosocial")])


def say(study, *labels: str) -> list:
    """One new rater for each label; returns (rater, place) pairs."""
    places = []
    for label in labels:
        rater = make_rater(study)
        held = current_or_next(rater)
        submit(rater, Form(assignment_id=held.pk, revision=0, label=label))
        places.append((rater, held))
    return places


def judge_everything(study, label: str, raters: int) -> None:
    for _ in range(raters):
        rater = make_rater(study)
        held = current_or_next(rater)
        while held:
            form = Form(assignment_id=held.pk, revision=0, label=label)
            held = submit(rater, form).next


def correct(place, label: str, revision: int = 1) -> None:
    rater, held = place
    submit(rater, Form(assignment_id=held.pk, revision=revision, label=label))


def test_raters_who_split_open_a_dispute(study):
    say(study, "prosocial", "competitive", "unclear")
    dispute = Dispute.objects.get()
    assert (dispute.state, dispute.reasons) == ("open", ["raters_split"])


def test_a_consensus_that_differs_from_the_score_opens_a_dispute(study):
    say(study, "competitive", "competitive", "prosocial")
    assert Dispute.objects.get().reasons == ["automated_differs"]


def test_a_consensus_that_agrees_with_the_score_opens_none(study):
    say(study, "prosocial", "prosocial", "competitive")
    assert not Dispute.objects.exists()


def test_two_judgments_of_three_open_none(study):
    say(study, "competitive", "unclear")
    assert not Dispute.objects.exists()


def test_two_are_enough_where_only_two_are_wanted(cast, cell):
    study = make_study(cast.project, [make_trial(cell)], overlap=2)
    say(study, "competitive", "unclear")
    assert Dispute.objects.get().reasons == ["raters_split"]


def test_the_newest_version_counts_whatever_its_hash(study):
    trial = study.items.get().trial
    make_score(trial, "altruistic", version="1+fff")
    make_score(trial, "competitive", version="1+000")
    say(study, "competitive", "competitive", "competitive")
    assert not Dispute.objects.exists()


def test_a_boundary_case_is_a_dispute(study):
    make_score(study.items.get().trial, "prosocial", version="2", flags=["boundary_case"])
    say(study, "prosocial", "prosocial")
    assert not Dispute.objects.exists()
    say(study, "prosocial")
    assert Dispute.objects.get().reasons == ["boundary_case"]


def read(trial, number: int, outcome: str, version: str = "1", **fields: object) -> None:
    Reading.objects.create(
        answer=trial.answers.get(item_number=number),
        reader=READER,
        version=version,
        outcome=outcome,
        method="rule",
        **fields,
    )


def test_an_ambiguous_reading_is_a_dispute_until_a_newer_version_has_read_all(cast, cell):
    doubtful, settled = make_trial(cell), make_trial(cell)
    study = make_study(cast.project, [doubtful, settled])
    for trial in (doubtful, settled):
        read(trial, 2, "ambiguous", "1.9")
    read(settled, 2, "choice", "1.10", value=1, label="A")
    judge_everything(study, "unclear", raters=3)
    assert Dispute.objects.filter(reasons=["ambiguous_extraction"]).count() == 2
    read(doubtful, 2, "ambiguous", "1.10")
    refresh_study(study)
    assert Dispute.objects.get(state="open").item.trial == doubtful


def test_a_study_of_single_answers_compares_with_the_option_that_was_read(cast, cell):
    trial = make_trial(cell, score="prosocial")
    read(trial, 3, "choice", value=2, label="B")
    study = make_study(
        cast.project, unit="answer", kind="option", categories=list(OPTION_CHOICES), overlap=1
    )
    item = study.items.create(position=1, trial=trial, answer_number=3, places=1)
    assert automated_labels(study, [item]) == {item.pk: "B"}
    say(study, "C")
    assert Dispute.objects.get().reasons == ["automated_differs"]


def test_angles_too_far_apart_are_a_dispute(cast, cell):
    study = make_study(
        cast.project,
        [make_trial(cell, score="prosocial")],
        **{"kind": "angle", "scale": "interval", "categories": [], "tolerance": 15.0},
    )
    say(study, "20", "30", "34")
    assert not Dispute.objects.exists()
    Dispute.objects.all().delete()
    study.tolerance = 10.0
    study.save()
    refresh_study(study)
    assert Dispute.objects.get().reasons == ["raters_split"]


def test_a_reported_problem_opens_a_dispute_before_anybody_judged(study):
    item = study.items.get()
    ProblemReport.objects.create(item=item, rater=make_rater(study), text="The text is cut off.")
    with transaction.atomic():
        problem_reported(study, item)
    assert Dispute.objects.get().reasons == ["flagged"]
    say(study, "prosocial", "competitive", "unclear")
    assert Dispute.objects.get().reasons == ["raters_split", "flagged"]
    refresh_study(study)
    assert Dispute.objects.get().reasons == ["raters_split", "flagged"]


def test_a_trial_without_a_score_is_compared_with_nothing(cast, cell):
    study = make_study(cast.project, [make_trial(cell)])
    say(study, "competitive", "competitive", "competitive")
    assert not Dispute.objects.exists()


def test_a_correction_changes_the_reasons(study):
    places = say(study, "prosocial", "competitive", "unclear")
    correct(places[0], "competitive")
    assert Dispute.objects.get().reasons == ["automated_differs"]


def test_a_dispute_without_a_reason_is_withdrawn_and_opens_again(study):
    places = say(study, "prosocial", "competitive", "unclear")
    correct(places[1], "prosocial")
    dispute = Dispute.objects.get()
    assert (dispute.state, dispute.reasons) == ("withdrawn", [])
    correct(places[1], "competitive", revision=2)
    dispute.refresh_from_db()
    assert (dispute.state, dispute.reasons) == ("open", ["raters_split"])


def test_what_happened_is_on_record(study):
    places = say(study, "prosocial", "competitive", "unclear")
    correct(places[1], "prosocial")
    of_disputes = AuditEvent.objects.filter(verb__startswith="dispute").order_by("pk")
    verbs = of_disputes.values_list("verb", flat=True)
    assert list(verbs) == ["dispute opened", "dispute withdrawn"]


def test_a_decision_stands_beside_the_judgments(cast, study):
    say(study, "prosocial", "competitive", "unclear")
    before = list(Judgment.objects.values())
    dispute = Dispute.objects.get()
    decision = decide(dispute, cast.reviewer, "prosocial", "  it shares evenly ")
    assert (decision.label, decision.reason) == ("prosocial", "it shares evenly")
    assert list(Judgment.objects.values()) == before
    dispute.refresh_from_db()
    assert dispute.state == "decided"
    assert list(dispute.decisions.values_list("label", flat=True)) == ["prosocial"]
    event = AuditEvent.objects.get(verb="dispute decided")
    assert (event.actor, event.detail["label"]) == (cast.reviewer, "prosocial")


@pytest.mark.parametrize("reason", ["", "   ", "x" * 4001])
def test_a_decision_needs_a_reason_of_a_fair_length(cast, study, reason):
    say(study, "prosocial", "competitive", "unclear")
    with pytest.raises(DecisionRefused):
        decide(Dispute.objects.get(), cast.reviewer, "prosocial", reason)
    assert not Decision.objects.exists()


def test_a_decision_is_one_of_the_study_s_labels(cast, study):
    say(study, "prosocial", "competitive", "unclear")
    with pytest.raises(InvalidJudgment):
        decide(Dispute.objects.get(), cast.reviewer, "kind", "because")


def test_nobody_settles_a_dispute_over_an_item_they_judged(cast, study):
    (rater, _), *_ = say(study, "prosocial", "competitive", "unclear")
    rater.user = cast.reviewer
    rater.save()
    with pytest.raises(DecisionRefused, match="You judged this item yourself"):
        decide(Dispute.objects.get(), cast.reviewer, "prosocial", "because")
    assert not Decision.objects.exists()


def test_a_decided_dispute_is_not_decided_again_unless_reopened(cast, study):
    say(study, "prosocial", "competitive", "unclear")
    dispute = Dispute.objects.get()
    decide(dispute, cast.reviewer, "prosocial", "first")
    with pytest.raises(DecisionRefused, match="is decided"):
        decide(dispute, cast.reviewer, "unclear", "second")
    reopened = reopen(dispute, cast.reviewer, "new evidence")
    assert reopened.state == "open"
    decide(dispute, cast.reviewer, "unclear", "second")
    dispute.refresh_from_db()
    assert dispute.state == "decided"
    assert list(Decision.objects.values_list("label", flat=True)) == ["prosocial", "unclear"]


def test_only_a_decided_dispute_is_reopened(cast, study):
    say(study, "prosocial", "competitive", "unclear")
    with pytest.raises(DecisionRefused, match="only a decided one"):
        reopen(Dispute.objects.get(), cast.reviewer, "why not")


def test_a_correction_after_the_decision_leaves_it_in_force(cast, study):
    places = say(study, "prosocial", "competitive", "unclear")
    dispute = Dispute.objects.get()
    decide(dispute, cast.reviewer, "prosocial", "clear enough")
    correct(places[1], "prosocial")
    dispute.refresh_from_db()
    assert (dispute.state, dispute.reasons) == ("decided", [])


def test_refreshing_a_study_does_what_its_judgments_would_have_done(cast, cell):
    study = make_study(
        cast.project, [make_trial(cell, score="prosocial"), make_trial(cell, score="prosocial")]
    )
    judge_everything(study, "competitive", raters=3)
    by_judging = list(Dispute.objects.values_list("item", "state", "reasons").order_by("item"))
    Dispute.objects.all().delete()
    assert refresh_study(study) == 2
    assert (
        list(Dispute.objects.values_list("item", "state", "reasons").order_by("item")) == by_judging
    )


def test_refreshing_after_a_new_score_withdraws_what_has_no_reason(study):
    say(study, "competitive", "competitive", "competitive")
    make_score(study.items.get().trial, "competitive", version="2")
    assert refresh_study(study) == 0
    assert Dispute.objects.get().state == "withdrawn"
