"""Figures of the quality board: computed by hand here, and the same however many judgments."""

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from analysis.pages.board import figures as rater_figures
from analysis.pages.board.board import rater_board
from analysis.pages.board.quality import Columns, longest_runs, paces, sensitivities, with_others
from annotations.exchange.assignment import current_or_next
from annotations.exchange.bulk import Said, store_judgments
from annotations.judging.judging import submit
from annotations.judging.sent import Form
from annotations.models import Assignment, Judgment
from annotations.taking_part.excluding import exclude, include, pause
from annotations.taking_part.privacy import erase
from tests.annotations.conftest import make_rater, make_text_study

NAN = float("nan")


def columns(rows, categories=2, counted=None) -> Columns:
    """Rows of (item, rater, code or number, seconds)."""
    item, rater, said, seconds = (np.array(part) for part in zip(*rows, strict=True))
    labels = categories > 0
    return Columns(
        item=item,
        rater=rater,
        code=said if labels else np.full(len(said), -1),
        number=np.full(len(said), NAN) if labels else said.astype(float),
        seconds=seconds.astype(float),
        counted=np.ones(len(said), bool) if counted is None else np.array(counted),
        items=int(item.max()) + 1,
        raters=int(rater.max()) + 1,
        categories=categories,
    )


def test_pace_is_of_the_time_spent_and_missing_times_are_left_out():
    found = columns([(0, 0, 0, 2.0), (1, 0, 0, 10.0), (2, 0, 0, 6.0), (0, 1, 0, NAN)])
    first, second = paces(found, threshold=3.0)
    assert (first.judgments, first.median_seconds, first.per_hour) == (3, 6.0, 600.0)
    assert first.too_fast == pytest.approx(1 / 3)
    assert (second.judgments, second.median_seconds, second.too_fast) == (1, None, None)


def test_the_longest_run_of_the_same_answer():
    found = columns([(at, 0, said, 1.0) for at, said in enumerate([0, 1, 1, 1, 0, 0])])
    assert longest_runs(found) == [3]


def test_agreement_with_others_leaves_ones_own_judgment_out():
    rows = [(0, 0, 0, 1.0), (0, 1, 0, 1.0), (0, 2, 1, 1.0), (1, 0, 1, 1.0), (1, 1, 1, 1.0)]
    first, second, third = with_others(columns([*rows, (2, 2, 0, 1.0)]))
    assert (first.share, first.pairs) == (pytest.approx(2 / 3), 3)
    assert second.share == pytest.approx(2 / 3)
    assert (third.share, third.pairs) == (0.0, 2)


def test_a_rater_nobody_shares_an_item_with_has_no_agreement():
    (alone,) = with_others(columns([(0, 0, 1, 1.0)]))
    assert (alone.share, alone.pairs) == (None, 0)


def test_numbers_are_compared_with_the_mean_of_the_others():
    rows = [(0, 0, 10, 1.0), (0, 1, 20, 1.0), (0, 2, 40, 1.0)]
    found = with_others(columns(rows, categories=0))
    assert [one.difference for one in found] == [20.0, 5.0, 25.0]


def test_judgments_that_do_not_count_are_compared_with_those_that_do():
    rows = [(0, 0, 0, 1.0), (0, 1, 0, 1.0), (0, 2, 1, 1.0)]
    found = with_others(columns(rows, counted=[True, True, False]))
    assert [one.share for one in found] == [1.0, 1.0, 0.0]
    assert [one.pairs for one in found] == [1, 1, 2]


def test_sensitivity_tells_a_good_rater_from_one_who_always_says_the_same():
    chance = np.random.default_rng(1)
    truth = chance.integers(0, 2, 200)
    rows = [
        (at, rater, said, 1.0)
        for at, true in enumerate(truth)
        for rater, said in enumerate([true, true, true if chance.random() < 0.9 else 1 - true, 0])
    ]
    found = sensitivities(columns(rows))
    assert found.rows[0] == pytest.approx([1, 1], abs=0.02)
    assert found.rows[2] == pytest.approx([0.9, 0.9], abs=0.07)
    assert found.rows[3] == pytest.approx([1, 0], abs=0.02)


def test_there_are_no_sensitivities_of_numbers_or_of_single_judgments():
    assert "no classes" in sensitivities(columns([(0, 0, 3, 1.0)], categories=0)).reason
    assert "judged twice" in sensitivities(columns([(0, 0, 1, 1.0)])).reason


def test_a_class_a_rater_never_met_has_no_sensitivity():
    rows = [(at, rater, 0, 1.0) for at in range(9) for rater in range(2)]
    assert sensitivities(columns(rows)).rows[0][1] is None


# --- on a study -----------------------------------------------------------------------------------


@pytest.fixture
def study(cast):
    return make_text_study(cast.project, 12, overlap=2)


def judge_all(study, label: str):
    rater = make_rater(study)
    held = current_or_next(rater)
    while held:
        held = submit(rater, Form(assignment_id=held.pk, revision=0, label=label)).next
    return rater


@pytest.mark.django_db
def test_the_board_counts_places_and_notes_what_to_look_at(cast, study):
    judge_all(study, "prosocial")
    second = make_rater(study)
    current_or_next(second)
    board = rater_board(study)
    (stratum,) = board.strata
    assert (stratum.items, stratum.judged, stratum.reserved, stratum.places) == (12, 12, 1, 24)
    assert board.last_hour == 12
    first, idle = board.rows
    assert first.notes == ["the same answer 12 times in a row"]
    assert (idle.figures.pace.judgments, idle.figures.others.pairs) == (0, 0)


def known(study, rater, item, label, **fields) -> None:
    now = "2026-01-01T00:00Z"
    assignment = Assignment.objects.create(
        item=item,
        rater=rater,
        is_regular=False,
        state="judged",
        reserved_at=now,
        expires_at=now,
        **fields,
    )
    Judgment.objects.create(
        assignment=assignment, item=item, rater=rater, label=label, is_regular=False
    )


@pytest.mark.django_db
def test_control_items_and_repeats_are_counted_by_rater(cast, study):
    rater = judge_all(study, "prosocial")
    for position, kind, label in ((13, "gold", "unclear"), (14, "attention", "refusal")):
        item = study.items.create(
            kind=kind, position=position, text="x", expected="unclear|altruistic", places=0
        )
        known(study, rater, item, label)
    first, second = study.items.filter(position__lte=2)
    known(study, rater, first, "prosocial", round=1)
    known(study, rater, second, "unclear", round=1)
    (row,) = rater_board(study).rows
    assert (row.figures.known.gold.right, row.figures.known.gold.of) == (1, 1)
    assert (row.figures.known.attention.right, row.figures.known.attention.of) == (0, 1)
    assert (row.figures.known.repeats.right, row.figures.known.repeats.of) == (1, 2)
    assert "1 attention check missed" in row.notes


@pytest.mark.django_db
def test_an_excluded_rater_is_shown_and_counts_for_nobody_else(cast, study):
    good, other, wild = (make_rater(study) for _ in range(3))
    items = list(study.items.all()[:4])
    store_judgments(Said(item.pk, rater.pk, "prosocial") for item in items for rater in (good,))
    store_judgments(Said(item.pk, other.pk, "prosocial") for item in items[:2])
    store_judgments(Said(item.pk, wild.pk, "competitive") for item in items[2:])
    exclude(wild, cast.researcher, "at random")
    rows = {row.rater.pk: row for row in rater_board(study).rows}
    assert (rows[good.pk].figures.others.share, rows[good.pk].figures.others.pairs) == (1.0, 2)
    assert (rows[wild.pk].figures.others.share, rows[wild.pk].figures.others.pairs) == (0.0, 2)


def queries_of(client, url) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.django_db
def test_the_page_costs_the_same_queries_however_much_was_judged(cast, study):
    client = cast.client("researcher")
    url = f"{study.get_absolute_url()}raters/"
    judge_all(study, "prosocial")
    client.get(url)
    costs = set()
    for label in ("competitive", "altruistic"):
        for _ in range(3):
            make_rater(study)
        judge_all(study, label)
        costs.add((queries_of(client, url), queries_of(client, url)))
    ((computed, kept),) = costs
    assert kept < computed


@pytest.fixture
def computed(monkeypatch) -> list[str]:
    """Grows with each time the figures are computed."""
    found, compute = [], rater_figures._computed

    def counting(study, threshold):
        found.append(study.name)
        return compute(study, threshold)

    monkeypatch.setattr(rater_figures, "_computed", counting)
    return found


@pytest.mark.django_db
def test_figures_are_computed_once_for_all_who_look(cast, study, computed):
    judge_all(study, "prosocial")
    boards = [rater_board(study) for _ in range(3)]
    assert len(computed) == 1
    assert boards[0].figures == boards[2].figures


@pytest.mark.django_db
def test_another_threshold_has_figures_of_its_own(study, computed):
    judge_all(study, "prosocial")
    rater_board(study, 3.0)
    rater_board(study, 5.0)
    assert len(computed) == 2


def correct_one(cast, study) -> None:
    said = Judgment.objects.first()
    submit(said.rater, Form(said.assignment_id, 1, "competitive"))


CHANGES = {
    "a correction": correct_one,
    "a judgment": lambda cast, study: judge_all(study, "competitive"),
    "a rater": lambda cast, study: make_rater(study),
    "an exclusion": lambda cast, study: exclude(study.raters.first(), cast.researcher, "why"),
    "places given on": lambda cast, study: exclude(
        study.raters.first(), cast.researcher, "why", reopen_places=True
    ),
    "an inclusion": lambda cast, study: include(study.raters.last(), cast.researcher, "why"),
    "a deletion": lambda cast, study: erase(study.raters.first()),
}


@pytest.mark.django_db
@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_the_figures_is_on_the_board_at_once(cast, study, computed, change):
    judge_all(study, "prosocial")
    exclude(judge_all(study, "unclear"), cast.researcher, "at random")
    rater_board(study)
    CHANGES[change](cast, study)
    board = rater_board(study)
    assert len(computed) == 2
    assert board.figures == rater_figures._computed(study, board.threshold)


@pytest.mark.django_db
def test_a_pause_shows_without_computing_anew(cast, study, computed):
    rater = judge_all(study, "prosocial")
    rater_board(study)
    pause(rater, cast.researcher, "a look")
    (row,) = rater_board(study).rows
    assert row.rater.paused_by_staff
    assert len(computed) == 1


@pytest.mark.django_db
def test_the_part_that_renews_itself_comes_alone_and_only_while_people_judge(cast, study):
    client = cast.client("reviewer")
    url = f"{study.get_absolute_url()}raters/"
    assert "data-renews" in client.get(url).content.decode()
    part = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and "Progress" in part
    study.state = "closed"
    study.save()
    assert "data-renews" not in client.get(url).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "used"), [("7.5", "7.5"), ("", "3"), ("nan", "3"), ("-1", "3"), ("1e9", "3")]
)
def test_the_threshold_is_adjustable_and_stated(cast, study, asked, used):
    judge_all(study, "prosocial")
    url = f"{study.get_absolute_url()}raters/?fast={asked}"
    assert f"under {used} seconds" in cast.client("researcher").get(url).content.decode()
