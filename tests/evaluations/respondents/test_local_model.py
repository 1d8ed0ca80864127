"""A real model on this machine: the structure of a trial is asserted, not its wording."""

import hashlib

import pytest

from evaluations.models import Endpoint, Run
from evaluations.respondents import local_model
from evaluations.respondents.local_model import NAME, LocalModel, LocalModelError
from evaluations.running.conversations import advance


@pytest.mark.local_model
@pytest.mark.django_db
def test_a_full_trial_with_a_real_model(make_run):
    if reason := local_model.missing():
        pytest.skip(reason)
    with LocalModel() as model:
        endpoint = Endpoint(
            name="local",
            kind=Endpoint.Kind.OPENAI,
            model=NAME,
            base_url=model.base_url,
            parameters={"temperature": 1, "max_tokens": 24},
            concurrency=1,
        )
        run = make_run("local", endpoint, trials_per_cell=1, own={"answer_format": ["constrained"]})
        assert advance(run) == {"complete": 1}
    run.refresh_from_db()
    assert run.state == Run.State.COMPLETE
    trial = run.trials.get()
    assert (trial.model_returned, trial.turns.count(), trial.answers.count()) == (NAME, 18, 6)
    calls = [turn.call for turn in trial.turns.filter(role="assistant")]
    assert all(call["usage"]["prompt_tokens"] > 0 and call["retries"] == 0 for call in calls)
    assert trial.scores.get().outcome == "scored"
    assert all(
        reading.outcome == "choice" and reading.method == "json"
        for answer in trial.answers.all()
        for reading in answer.readings.all()
    )


def test_a_missing_server_says_how_to_install_it(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(LocalModelError, match="make local-model"), LocalModel():
        pass


def test_missing_weights_say_how_to_install_them(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: object())
    monkeypatch.setattr(local_model, "_PACKAGE", "no-such-package-of-weights")
    assert "no-such-package-of-weights are not installed" in local_model.missing()


def test_weights_that_are_not_the_expected_file_are_refused(monkeypatch, tmp_path):
    file = tmp_path / f"{NAME}.gguf"
    file.write_bytes(b"something else")
    monkeypatch.setattr(local_model, "_weights_path", lambda: file)
    with pytest.raises(LocalModelError, match=hashlib.sha256(b"something else").hexdigest()):
        local_model.weights()
