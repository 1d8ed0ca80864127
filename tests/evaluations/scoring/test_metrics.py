"""Which version of a metric counts: the newest that scored all that any older one did."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.instruments.svo import READER
from evaluations.instruments.svo.scoring.scorer import SvoSliderScorer
from evaluations.models import Reading, Run, Trial
from evaluations.pages import queries
from evaluations.running.conversations import advance
from evaluations.scoring import metrics
from evaluations.scoring.metrics import Reader, Stored, newest_complete
from tests.support.scores import add_score

VERSIONS = st.lists(
    st.frozensets(st.integers(0, 5), min_size=1), min_size=0, max_size=6
)  # what each version scored, in the order in which they were first stored


@given(VERSIONS, st.randoms())
def test_the_newest_that_scored_all_that_any_older_one_did(scored, chance):
    names = [f"1+{chance.random():.6f}" for _ in scored]
    held = dict(zip(names, scored, strict=True))
    stored = [Stored(name, at, len(held[name])) for at, name in enumerate(names)]
    chance.shuffle(stored)
    meant = [
        name
        for at, name in enumerate(names)
        if all(held[older] <= held[name] for older in names[:at])
    ]
    found = newest_complete(stored, lambda some: len(frozenset().union(*(held[v] for v in some))))
    assert found == (meant[-1] if meant else None)


def test_no_version_of_nothing():
    assert newest_complete([], lambda versions: 0) is None


@pytest.fixture
def trials(make_run):
    run = make_run()
    advance(run)
    return list(run.trials.order_by("pk"))


def score(trial, version, orientation="prosocial", name="metric", **fields):
    return add_score(trial, name, version, label=orientation, **fields)


def all_of(trials):
    return Trial.objects.filter(run=trials[0].run)


@pytest.mark.django_db
def test_a_version_that_has_scored_a_part_waits(trials):
    first, second = trials
    score(first, "1+fff")
    score(second, "1+fff")
    score(first, "1+000")
    assert metrics.in_force("metric", all_of(trials)).version == "1+fff"
    score(second, "1+000")
    assert metrics.in_force("metric", all_of(trials)).version == "1+000"
    assert metrics.in_force("metric", Trial.objects.filter(pk=first.pk)).version == "1+000"
    (counts,) = metrics.in_force_by_run("metric", type(first.run).objects.all()).items()
    assert (counts[0], counts[1].version) == (first.run_id, "1+000")


@pytest.mark.django_db
def test_as_many_are_not_the_same(trials):
    score(trials[0], "1")
    score(trials[1], "2")
    assert metrics.in_force("metric", all_of(trials)).version == "1"


@pytest.mark.django_db
def test_a_version_stored_later_is_newer_whatever_it_is_called(trials):
    for trial in trials:
        score(trial, "10")
    for trial in trials:
        score(trial, "9")
    assert metrics.all_in_force(all_of(trials))["metric"].version == "9"


@pytest.mark.django_db
def test_nothing_is_in_force_where_nothing_is_scored(trials):
    assert metrics.in_force("unknown", all_of(trials)) is None


@pytest.mark.django_db
def test_the_page_of_a_run_keeps_the_version_that_scored_all(trials):
    run = trials[0].run
    before = queries.metric_in_force(run)
    score(trials[0], "next", name=SvoSliderScorer.name)
    assert queries.metric_in_force(run) == before
    score(trials[1], "next", name=SvoSliderScorer.name)
    assert queries.metric_in_force(run).version == "next"
    assert [row.label for row in queries.score_rows(run)] == ["prosocial", "prosocial"]
    assert queries.counted(Run.objects.all()).get(pk=run.pk).scorable_count == 2
    assert queries.scorable_sentence(run) == "2 of 2 trials are scorable."


# --- readings -------------------------------------------------------------------------------------


def read(answer, outcome, extractor, version):
    choice = {"value": 1, "label": "A"} if outcome == "choice" else {}
    Reading.objects.create(
        answer=answer,
        reader=extractor,
        version=version,
        outcome=outcome,
        method="test",
        **choice,
    )


@pytest.mark.django_db
def test_a_metric_rests_on_the_reader_it_names(trials):
    second = Reader(f"{READER}+a model", "9+r")
    scope = all_of(trials)
    assert metrics.reader_of(metrics.kept("metric", "1+r", reader=str(second)), scope) == second
    assert metrics.reader_of(metrics.kept("rubric", "1"), scope).name == READER
    assert metrics.reader_of(None, scope).name == READER


@pytest.mark.django_db
def test_a_second_reader_speaks_before_the_rules_where_it_read_and_for_nobody_else(trials):
    answers = list(trials[0].answers.order_by("item_number"))
    for answer in answers[:2]:
        read(answer, "ambiguous", READER, "9")
    read(answers[0], "choice", f"{READER}+model", "9+r")
    of = [trials[0].pk]
    second, rules = Reader(f"{READER}+model", "9+r"), Reader(READER, "9")
    words = {number: row.outcome for (_, number), row in metrics.readings_of(of, second).items()}
    assert words == {answers[0].item_number: "choice", answers[1].item_number: "ambiguous"}
    assert {row.outcome for row in metrics.readings_of(of, rules).values()} == {"ambiguous"}
    scope = all_of(trials)
    pair = [(trials[0].pk, answer.item_number) for answer in answers[:2]]
    assert metrics.answers_read_as("ambiguous", scope, rules) == pair
    assert metrics.answers_read_as("ambiguous", scope, second) == pair[1:]
    assert metrics.answers_read_as("choice", scope, rules) == []


@pytest.mark.django_db
def test_many_runs_are_told_in_as_many_queries_as_one(make_run, django_assert_max_num_queries):
    for number in range(4):
        run = make_run(f"run {number}")
        advance(run)
        for trial in run.trials.all():
            score(trial, "1")
            score(trial, "2")
    with django_assert_max_num_queries(3):
        counts = metrics.in_force_by_run("metric", Run.objects.all())
    assert [metric.version for metric in counts.values()] == ["2"] * 4
