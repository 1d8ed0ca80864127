"""What is drawn of a run: groups of answers, strata that fit their column, and reasons in full."""

from collections import Counter

import pytest

from annotations.models import Study
from annotations.studies.drawing import NothingToDraw, draw, stratum_of
from evaluations.instruments.svo import READER
from evaluations.models import Reading
from evaluations.scoring.metrics import Reader
from tests.annotations.conftest import SCORER, make_score, make_trial

pytestmark = pytest.mark.django_db


def test_an_ambiguous_answer_is_drawn_for_itself_and_not_with_its_trial(cell):
    rules = Reader(READER, "9")
    for trial in (make_trial(cell), make_trial(cell)):
        make_score(trial, "prosocial", reader=str(rules))
        Reading.objects.create(
            answer=trial.answers.get(item_number=2),
            reader=rules.name,
            version=rules.version,
            outcome="ambiguous",
            method="test",
        )
    sample = draw([cell.run], Study.Unit.ANSWER, 0, n=4, shares={"ambiguous": 0.5})
    numbers = Counter(sample.units[drawn.index].answer_number for drawn in sample.drawn)
    assert (numbers[2], numbers.total()) == (2, 4)
    weights = sorted(drawn.weight for drawn in sample.drawn)
    assert weights == [1.0, 1.0, 5.0, 5.0]  # both of the 2 ambiguous ones, and 2 of the other 10


def test_a_stratum_is_cut_to_what_its_column_holds(cell):
    trial = make_trial(cell, texts=("A",))
    trial.run.name = "r" * 250
    assert stratum_of(trial) == "r" * 200


def test_a_draw_of_too_many_goals_says_what_was_counted(cell):
    trial = make_trial(cell, texts=("A",))
    trial.turns.create(position=0, role="assistant", step="goal", text="I will share.")
    with pytest.raises(NothingToDraw) as refused:
        draw([cell.run], Study.Unit.GOAL, 0, n=2)
    assert str(refused.value) == (
        "Cannot draw 2 of 1: give 1 to 1 (complete trials with a goal in these runs: 1)."
    )


def test_a_group_is_that_of_the_version_asked_for(cell):
    """By the first version all are prosocial; by the second one is not, and would get no place."""
    for orientation in ("competitive", "prosocial"):
        make_score(make_trial(cell, score="prosocial"), orientation, version="2")
    asked = {"n": 1, "shares": {"prosocial": 1.0}}
    drawn = draw([cell.run], Study.Unit.TRIAL, 0, **asked, metric=(SCORER, "1")).drawn
    assert [unit.weight for unit in drawn] == [2.0]
    with pytest.raises(NothingToDraw, match="no place for the other units"):
        draw([cell.run], Study.Unit.TRIAL, 0, **asked, metric=(SCORER, "2"))
