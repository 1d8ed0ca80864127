"""A run whose model, or what runs behind its name, changed under way says so on its page."""

import pytest

from evaluations.models import Trial, Turn
from evaluations.running.answered_by import changed_models

pytestmark = pytest.mark.django_db


def signed(run, *names):
    for trial, (model, fingerprint) in zip(run.trials.order_by("pk"), names, strict=True):
        found = Trial.objects.filter(pk=trial.pk)
        found.update(model_returned=model, system_fingerprint=fingerprint)


def test_one_signature_is_no_change(make_run):
    run = make_run(trials_per_cell=2)
    signed(run, ("m-1", "fp"), ("m-1", "fp"))
    assert changed_models(run) == []


def test_another_fingerprint_is_told_with_its_trials(make_run):
    run = make_run(trials_per_cell=3)
    signed(run, ("m-1", "a"), ("m-1", "b"), ("m-1", "b"))
    (changed,) = changed_models(run)
    assert [(s.fingerprint, s.trials) for s in changed.signatures] == [("a", 1), ("b", 2)]
    assert not changed.is_model and changed.midst == 0


def test_a_change_between_two_answers_of_a_trial_counts(make_run):
    run = make_run(trials_per_cell=1)
    signed(run, ("m-2", ""))
    Turn.objects.create(
        trial=run.trials.get(),
        position=1,
        role="assistant",
        step="goal",
        text="x",
        call={"model_returned": "m-2"},
    )
    assert changed_models(run)[0].midst == 1


def test_the_page_of_the_run_shows_it(cast):
    from tests.evaluations.views.test_pages import simulate

    run = simulate(cast.project, trials=2)
    signed(run, ("m-1", "a"), ("m-2", "a"))
    page = cast.client("researcher").get(f"/p/lab/runs/{run.pk}/").content.decode()
    assert "another model answered in mid-run" in page and "m-2" in page
