"""What `make demo` loads, and that it loads it once."""

from dataclasses import replace

import pytest
from django.contrib.auth import authenticate

from accounts.models import User
from annotations.models import Judgment, Rater, Study
from evaluations.instruments.kinds import KINDS
from evaluations.instruments.svo.scoring.scorer import SvoSliderScorer
from evaluations.models import Score, Trial
from evaluations.scoring.scorers import scorers
from hvae_site import demo


@pytest.fixture
def loaded(db):
    demo.load(lambda line: None)


def test_the_real_trials_are_all_there(loaded):
    assert Trial.objects.filter(is_simulated=False).count() == 88


def test_every_simulated_trial_is_labelled(loaded):
    simulated = Trial.objects.filter(cell__endpoint__kind="simulated")
    assert simulated.count() == 80
    assert set(simulated.values_list("is_simulated", flat=True)) == {True}


def test_the_respondent_that_does_as_asked_hits_its_target(loaded):
    own = Score.objects.filter(
        trial__cell__endpoint__name="Simulated, holds the value asked for", outcome="scored"
    )
    assert own.filter(hit=True).count() / own.count() > 0.8


def test_the_study_is_open_with_places_left_for_visitors(loaded):
    study = Study.objects.get()
    assert study.state == Study.State.OPEN
    assert all(item.taken == 3 and item.places == 5 for item in study.items.all())


def test_every_judgment_is_labelled_as_simulated(loaded):
    kinds = Judgment.objects.values_list("rater__kind", flat=True)
    assert set(kinds) == {Rater.Kind.SIMULATED}


def test_loading_again_changes_nothing(loaded):
    before = (Trial.objects.count(), Judgment.objects.count(), Study.objects.count())
    demo.load(lambda line: None)
    assert (Trial.objects.count(), Judgment.objects.count(), Study.objects.count()) == before


def test_trials_scored_by_an_older_version_are_scored_by_the_present_one(loaded, monkeypatch):
    before = Score.objects.count()
    newer = replace(scorers()[SvoSliderScorer.name], version="99")
    monkeypatch.setattr(KINDS["svo"], "scorers", (newer,))
    demo.load(lambda line: None)
    assert Score.objects.filter(metric__version="99").count() == before
    assert Score.objects.count() == 2 * before


def test_it_leaves_an_account_of_the_same_name_alone(db):
    User.objects.create_user("rater", "ann@example.org", "her own password")
    with pytest.raises(demo.DemoRefused, match="account 'rater'"):
        demo.load(lambda line: None)
    demo.set_passwords()
    assert authenticate(username="rater", password="her own password") is not None


def test_passwords_are_new_at_each_start(loaded):
    first, second = demo.set_passwords(), demo.set_passwords()
    assert set(first) == {"researcher", "rater", "reviewer", "administrator"}
    assert all(first[name] != second[name] for name in first)
    assert authenticate(username="rater", password=second["rater"]) is not None
    assert authenticate(username="rater", password=first["rater"]) is None


def test_anybody_can_take_part_by_the_link(loaded, client):
    path = demo.invitation_path()
    assert "Start" in client.get(path).content.decode()
    assert client.post(path, follow=True).status_code == 200
    assert Rater.objects.filter(identity__isnull=False).count() == 1
