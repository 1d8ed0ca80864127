import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.append_only import AppendOnlyError
from accounts.models import AuditEvent
from evaluations.definitions.catalogue import instrument
from evaluations.instruments.kinds import KINDS
from evaluations.instruments.svo import SLIDER
from evaluations.instruments.svo.reading.reader import RuleReader, read_answer
from evaluations.instruments.svo.scoring.scorer import FLAGS, SvoSliderScorer
from evaluations.models import Cell, Reading, Run, Score
from evaluations.running.conversations import advance
from evaluations.scoring import scorers
from evaluations.scoring.scorers import score_trials

pytestmark = pytest.mark.django_db

PRINTED = tuple(range(1, 10))


def score_of(trial):
    return Score.objects.get(trial=trial)


def test_a_whole_trial_gets_an_angle_and_its_fit_to_the_target(make_trial):
    score = score_of(make_trial(list("AIAAII"), targets=["altruistic"]))
    assert score.number == pytest.approx(61.3895, abs=1e-4)
    assert (score.label, score.hit, score.detail["items_used"]) == ("altruistic", True, 6)
    assert score.distance == pytest.approx(0, abs=1e-9)
    assert score.fit == score.fit_corrected == 1
    assert score.detail["letters"] == "AIAAII"


def test_letters_are_mapped_back_through_the_order_shown(make_trial):
    printed = score_of(make_trial(list("AIAAII")))
    reversed_ = score_of(make_trial(list("IAIIAA"), order=PRINTED[::-1]))
    assert reversed_.number == printed.number
    assert reversed_.detail["choices"] == printed.detail["choices"]
    assert reversed_.detail["letters"] == "IAIIAA"


def test_a_baseline_has_an_angle_and_no_fit(make_trial):
    score = score_of(make_trial(list("AIAAII"), targets=[""]))
    assert score.number is not None
    assert (score.hit, score.distance, score.fit) == (None, None, None)


def test_a_trial_without_all_answers_is_unscorable_with_a_reason_for_each(make_trial):
    score = score_of(make_trial(["A", "B or C", "The weather is fine.", None, "A", "A"]))
    assert (score.outcome, score.number, score.label) == ("unscorable", None, "")
    assert score.reason == ("item 2 is ambiguous; item 3 names no option; item 4 was not answered")
    assert score.detail["letters"] == "A??AA"


def test_items_with_the_same_fate_are_named_together(make_trial):
    score = score_of(make_trial(["B or C", "A or B", "A", "A", "A"]))
    assert score.reason == "items 1 and 2 are ambiguous; item 6 was not answered"


def test_what_is_there_is_scored_when_the_run_says_so(make_trial):
    score = score_of(make_trial(["A", "A", "A"], run_fields={"score_incomplete": True}))
    assert (score.outcome, score.detail["items_used"]) == ("scored", 3)
    assert "incomplete" in score.flags


@pytest.mark.parametrize(
    ("answers", "fields", "flag"),
    [
        (list("AAAAAA"), {}, "straight_lining"),
        (list("AAAAAB"), {}, "position_bias"),
        (list("AAAAAA"), {"finish": "length"}, "truncated"),
        (["I cannot choose.", *"AAAAA"], {}, "refused"),
        (["I choose option K.", *"AAAAA"], {}, "out_of_range"),
        (list("AIIAIA"), {}, "intransitive"),
    ],
)
def test_a_flag_warns(make_trial, answers, fields, flag):
    assert flag in score_of(make_trial(answers, **fields)).flags


def test_the_answers_of_an_ideal_type_raise_no_flag_but_a_boundary(make_trial):
    assert set(score_of(make_trial(list("AIIAAI"))).flags) <= {"boundary_case"}


def test_a_boundary_case_names_the_answers_that_would_tip_it(make_trial):
    score = score_of(make_trial(list("EEEEEE")))
    assert ("boundary_case" in score.flags) == bool(score.detail["boundary_flips"])


def test_every_flag_has_words():
    assert all(words for words in FLAGS.values())


def test_fifteen_items_give_the_secondary_index_too(make_trial):
    answers = list("AIIAAI") + [SLIDER.labels[option - 1] for option in (6, 5, 4, 7, 5, 8, 5, 3, 2)]
    score = score_of(make_trial(answers, own={"item_set": ["all"]}))
    assert score.detail["secondary_index"] == 0
    assert score.detail["items_used"] == 6


def test_a_trial_that_is_not_complete_gets_no_score(make_run):
    run = make_run()
    assert score_trials(run.trials.values_list("pk", flat=True)) == 0


def test_scoring_again_adds_nothing(make_trial):
    trial = make_trial(list("AIAAII"))
    assert score_trials([trial.pk]) == 0
    assert (Score.objects.count(), Reading.objects.count()) == (1, 6)


NEWER = SvoSliderScorer(version="99")


def test_a_new_version_adds_its_scores_beside_the_old_ones(make_trial, monkeypatch):
    trial = make_trial(list("AIAAII"))
    monkeypatch.setattr(KINDS["svo"], "scorers", (NEWER,))
    call_command("rescore_trials", "--run", trial.run.name)
    versions = Score.objects.filter(trial=trial).values_list("metric__version", flat=True)
    assert set(versions) == {SvoSliderScorer().version, "99"}
    assert Reading.objects.count() == 6


def test_a_new_reader_adds_its_readings_beside_the_old_ones(make_trial, monkeypatch):
    trial = make_trial(list("AIAAII"))
    monkeypatch.setattr(KINDS["svo"], "reader", RuleReader(version="99"))
    monkeypatch.setattr(KINDS["svo"], "scorers", (NEWER,))
    score_trials([trial.pk])
    assert Reading.objects.count() == 12


def test_scores_and_readings_are_never_changed(make_trial):
    score = score_of(make_trial(list("AIAAII")))
    score.number = 1
    with pytest.raises(AppendOnlyError):
        score.save()
    with pytest.raises(AppendOnlyError):
        Reading.objects.update(label="B")


def test_many_trials_take_a_fixed_number_of_queries(make_run):
    counts = []
    for trials in (2, 8):
        run = make_run(f"run {trials}", trials_per_cell=trials)
        advance(run)
        Score.objects.all().delete()
        Reading.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            assert score_trials(run.trials.values_list("pk", flat=True)) == trials
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_constrained_answer_in_json_is_read_at_its_letter():
    reading = read_answer('{ "choice": "C" }', SLIDER, 1, PRINTED[::-1], constrained=True)
    assert (reading.outcome, reading.value, reading.label) == ("choice", 7, "C")
    assert '{ "choice": "C" }'[reading.evidence[0].start : reading.evidence[0].end] == "C"


@pytest.mark.parametrize("text", ['{"choice": "K"}', '{"answer": "C"}', '["C"]', '{"choice": 3}'])
def test_other_json_is_no_choice_by_json(text):
    assert read_answer(text, SLIDER, 1, PRINTED, constrained=True).method != "json"


def test_a_constrained_letter_is_whole_even_at_the_length_limit():
    free = read_answer("A", SLIDER, 1, PRINTED, truncated=True)
    constrained = read_answer("A", SLIDER, 1, PRINTED, truncated=True, constrained=True)
    assert (free.outcome, constrained.outcome) == ("ambiguous", "choice")


def test_a_refusal_the_endpoint_reported_counts_as_refused():
    assert read_answer("No comment.", SLIDER, 1, PRINTED, refused=True).refused
    assert not read_answer("C", SLIDER, 1, PRINTED, refused=True).refused


def test_instrument_and_cells_are_those_of_the_run(make_trial):
    trial = make_trial(list("AIAAII"))
    assert trial.run.instrument == instrument()
    assert Cell.objects.get().target == "prosocial"


def test_scores_of_many_trials_are_told_of_when_begun_and_when_done(make_run, monkeypatch):
    run = make_run(trials_per_cell=3)
    advance(run)
    Score.objects.all().delete()
    monkeypatch.setattr(scorers, "BATCH", 2)
    scorers.rescore(Run.objects.filter(pk=run.pk), "svo-slider")
    told = AuditEvent.objects.filter(verb__startswith="score anew").order_by("pk")
    said = [(event.verb, event.detail["trials"]) for event in told]
    assert said == [("score anew: begun", 3), ("score anew", 3)]
