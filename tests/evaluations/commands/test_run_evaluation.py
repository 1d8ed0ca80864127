import json
from io import StringIO
from statistics import fmean, stdev

import httpx2
import pytest
from django.core.management import CommandError, call_command

from evaluations.definitions.catalogue import SHIPPED
from evaluations.instruments.svo import Chooser
from evaluations.instruments.svo.simulated.respondent import ideal_angles
from evaluations.models import Cell, Endpoint, Run, Score, Trial
from evaluations.respondents import llm
from evaluations.respondents.llm import ModelRespondent
from evaluations.running import trial_leases

pytestmark = pytest.mark.django_db


def command(*options):
    """What the command printed, and its problems."""
    out, problems = StringIO(), StringIO()
    try:
        call_command("run_evaluation", *options, stdout=out, stderr=problems)
    except CommandError as error:
        problems.write(f"\n{error}")
    return out.getvalue(), problems.getvalue()


BASELINE = ["--values", "none", "--no-goal"]
TOLD = ["--values", "prosocial", "--goal"]


@pytest.mark.parametrize(
    ("angle", "options"),
    [
        (37.0, BASELINE),
        (-8.0, [*BASELINE, "--option-order", "shuffled", "--answer-format", "constrained"]),
        (15.0, [*TOLD, "--induction", "definition", "--option-order", "reversed"]),
        (50.0, [*TOLD, "--value-place", "system", "--item-set", "all", "--payoff-scale", "2.5"]),
    ],
)
def test_scoring_gives_back_the_angle_that_was_put_in(project, angle, options):
    """Each level of each condition stands in one of the cells."""
    command("--simulated", str(angle), "--noise", "2", "--trials", "100", *options)
    angles = list(Score.objects.values_list("number", flat=True))
    spread = Chooser(angle, 2).angle_sd()
    assert len(angles) == 100
    assert abs(fmean(angles) - angle) < 1
    assert 0.7 * spread < stdev(angles) < 1.3 * spread


def test_an_instrument_is_asked_with_the_pack_its_kind_comes_with(project):
    out, problems = command("--simulated", "target", "--instrument", "everyday-en", "--plan")
    assert "calls" in out and not problems


def test_a_plan_counts_and_stores_nothing(project):
    out, _ = command("--simulated", "30", "--trials", "10", "--plan")
    assert "8 cells, 80 trials, 680 calls." in out
    assert not Run.objects.exists() and not Endpoint.objects.exists()


def test_a_run_prints_its_cells_and_how_many_are_scorable(project):
    out, problems = command(
        *["--simulated", "target", "--trials", "2", "--values", "altruistic", "competitive"],
        *["--goal", "--name", "mine"],
    )
    assert "altruistic, with goal: 2 of 2 scorable, mean angle" in out
    assert "hit rate" in out and "4 of 4 trials are scorable." in out
    assert problems == ""


def test_a_run_that_is_named_again_goes_on(project):
    design = ["--simulated", "30", "--values", "prosocial", "--goal", "--trials", "3"]
    command(*design, "--name", "mine")
    Trial.objects.filter(number__gt=1).update(state="failed")
    Score.objects.filter(trial__number__gt=1).delete()
    out, problems = command("--name", "mine")
    assert "mine: 1 of 3 trials are complete." in out and problems == ""
    assert Trial.objects.filter(state="complete").count() == 3


def test_a_run_that_is_named_again_with_another_plan_is_refused(project):
    command("--simulated", "30", "--values", "prosocial", "--goal", "--trials", "1", "--name", "m")
    assert "--trials differ" in command("--name", "m", "--trials", "2")[1]
    assert "the conditions differ" in command("--name", "m", "--values", "altruistic")[1]
    assert "who answers differ" in command("--name", "m", "--simulated", "31")[1]
    assert "goes on" not in command("--name", "m", "--simulated", "30")[1]


def test_a_run_that_is_named_again_with_another_pack_is_refused(project, tmp_path):
    pack = json.loads((SHIPPED / "prompt_packs" / "plain-en.json").read_text(encoding="utf-8"))
    other = tmp_path / "other.json"
    other.write_text(json.dumps(pack | {"version": "2"}), encoding="utf-8")
    command("--simulated", "30", "--values", "prosocial", "--goal", "--trials", "1", "--name", "m")
    assert "--pack differ" in command("--name", "m", "--pack", str(other))[1]


def test_every_combination_of_conditions_is_a_cell(project):
    command(
        *["--simulated", "30", "--trials", "1", "--values", "prosocial", "none", "--goal"],
        *["--induction", "name", "definition", "--value-place", "dialogue", "system"],
        *["--option-order", "printed", "reversed", "--item-set", "all"],
    )
    assert Cell.objects.count() == (2 * 2 + 1) * 2
    assert set(Score.objects.values_list("outcome", flat=True)) == {"scored"}


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ([], "say who answers"),
        (["--endpoint", "x"], "no endpoint 'x'; it has: none"),
        (["--base-url", "http://127.0.0.1/v1"], "--base-url needs --model"),
        (["--base-url", "nonsense", "--model", "m"], "is not a URL"),
        (["--simulated", "200"], "can have an angle of"),
        (["--simulated", "left"], "could not convert"),
        (["--simulated", "30", "--noise", "0"], "noise must be"),
        (["--simulated", "30", "--trials", "0"], "--trials must be at least 1"),
        (["--simulated", "target", "--values", "none"], "is told nothing in the baseline"),
        (["--simulated", "30", "--requests-per-minute", "0"], "0 is not a whole number from 1"),
        (["--simulated", "30", "--concurrency", "0"], "0 is not a whole number from 1"),
        (["--simulated", "30", "--max-retries", "-1"], "-1 is not a number from 0"),
        (["--simulated", "30", "--input-price", "much"], "'much' is no price"),
        (["--simulated", "30", "--input-price", "nan"], "'nan' is no price"),
        (["--simulated", "30", "--pack", "plain-fr"], "no prompt pack 'plain-fr'"),
        (["--simulated", "30", "--instrument", "x.json"], "x.json: cannot be read"),
        (
            ["--base-url", "https://h.org/v1", "--model", "m", "--key-variable", "HOME"],
            "the key variable HOME is not opened",
        ),
    ],
)
def test_a_mistake_is_explained_before_anything_is_stored(project, options, reason):
    _, problems = command(*options)
    assert reason in problems
    assert not Run.objects.exists() and not Endpoint.objects.exists()


def answering(text):
    """A model behind an endpoint that always answers *text*."""

    async def answer(request):
        message = {"role": "assistant", "content": text}
        choices = [{"index": 0, "finish_reason": "stop", "message": message}]
        return httpx2.Response(
            200,
            json={
                "id": "1",
                "object": "chat.completion",
                "created": 0,
                "model": "m-2026",
                "choices": choices,
            },
        )

    return lambda endpoint: ModelRespondent(endpoint, httpx2.MockTransport(answer))


def test_a_model_at_an_address_is_asked_through_the_openai_client(project, monkeypatch):
    monkeypatch.setattr(llm, "ModelRespondent", answering("I choose option B."))
    out, problems = command(
        *["--base-url", "http://127.0.0.1:1/v1", "--model", "m", "--temperature", "0.1"],
        *["--values", "prosocial", "--trials", "2", "--goal", "--model-note", "A test."],
    )
    assert problems == "" and "2 of 2 trials are scorable." in out
    endpoint = Endpoint.objects.get()
    assert (endpoint.name, endpoint.note) == ("m at 127.0.0.1:1", "A test.")
    trial = Trial.objects.first()
    assert trial.model_returned == "m-2026"
    assert trial.parameters["temperature"] == 0.1


def test_a_known_endpoint_is_used_by_its_name(project, monkeypatch):
    monkeypatch.setattr(llm, "ModelRespondent", answering("I choose option B."))
    Endpoint.objects.create(
        project=project, name="lab", kind="openai", model="m", base_url="http://127.0.0.1:1/v1"
    )
    out, _ = command("--endpoint", "lab", "--values", "none", "--trials", "1", "--no-goal")
    assert "1 of 1 trials are scorable." in out
    assert Run.objects.get().name == "lab 1"


def test_an_endpoint_is_not_changed_under_its_name(project, monkeypatch):
    monkeypatch.setattr(llm, "ModelRespondent", answering("A"))
    options = ["--base-url", "http://127.0.0.1:1/v1", "--model", "m", "--values", "none"]
    command(*options, "--trials", "1")
    _, problems = command(*options, "--trials", "1", "--temperature", "1")
    assert "exists with other settings" in problems


def test_options_that_differ_from_a_known_endpoint_are_named(project, monkeypatch):
    monkeypatch.setattr(llm, "ModelRespondent", answering("A"))
    options = ["--base-url", "http://127.0.0.1:1/v1", "--model", "m", "--values", "none"]
    command(*options, "--trials", "1", "--concurrency", "3", "--input-price", "0.5")
    _, problems = command(*options, "--trials", "1", "--concurrency", "4")
    assert "concurrency is 3, not 4" in problems
    command(*options, "--trials", "1", "--name", "again")
    assert Endpoint.objects.get().concurrency == 3
    assert Run.objects.get(name="again").state == Run.State.COMPLETE


def test_a_plan_says_tokens_cost_and_the_least_time(project):
    out, _ = command(
        *["--base-url", "http://127.0.0.1:1/v1", "--model", "m", "--values", "prosocial", "--goal"],
        *["--trials", "10", "--plan", "--requests-per-minute", "30", "--tokens-per-minute"],
        *["1000000", "--input-price", "1", "--output-price", "2", "--currency", "EUR"],
    )
    assert "1 cells, 10 trials, 90 calls." in out
    assert "output tokens" in out and "EUR, at least 3.0 minutes within the limits." in out


def test_the_first_trouble_is_told_before_the_client_gives_up(project, monkeypatch):
    heard = []

    async def away(request):
        raise httpx2.ConnectError("refused")

    async def sleep(*_):
        heard.append(problems.getvalue())

    problems = StringIO()
    monkeypatch.setattr("openai._base_client.anyio.sleep", sleep)
    monkeypatch.setattr(
        llm,
        "ModelRespondent",
        lambda endpoint: ModelRespondent(endpoint, httpx2.MockTransport(away)),
    )
    monkeypatch.setattr(trial_leases, "MAX_ATTEMPTS", 1)
    with pytest.raises(CommandError, match="1 trials are not complete"):
        call_command(
            *["run_evaluation", "--base-url", "http://127.0.0.1:1/v1", "--model", "m", "--goal"],
            *["--values", "prosocial", "--trials", "1", "--max-retries", "2"],
            stdout=StringIO(),
            stderr=problems,
        )
    assert "is tried again; is the server running?" in heard[1]
    assert problems.getvalue().count("is tried again") == 1


@pytest.mark.parametrize(
    ("act", "state"),
    [(["pause"], "paused"), (["cancel"], "cancelled"), (["resume"], "running")],
)
def test_a_run_is_paused_resumed_and_cancelled_by_command(make_run, capsys, act, state):
    run = make_run()
    call_command("change_run", run.name, *act)
    assert f"run is {state}." in capsys.readouterr().out
    run.refresh_from_db()
    assert run.state == state


def test_a_run_is_extended_by_command(make_run, capsys):
    run = make_run(trials_per_cell=2)
    call_command("change_run", run.name, "extend", "5")
    assert "3 trials were added" in capsys.readouterr().out
    assert run.trials.count() == 5
    with pytest.raises(CommandError, match="give a larger number, not 4"):
        call_command("change_run", run.name, "extend", "4")


def test_a_run_that_is_not_finished_says_so_and_how_to_go_on(project, monkeypatch):
    async def refuse(request):
        return httpx2.Response(401, json={"error": {"message": "who are you?"}})

    monkeypatch.setattr(
        llm,
        "ModelRespondent",
        lambda endpoint: ModelRespondent(endpoint, httpx2.MockTransport(refuse)),
    )
    _, problems = command(
        *["--base-url", "http://127.0.0.1:1/v1", "--model", "m", "--values", "prosocial"],
        *["--trials", "1", "--goal", "--name", "mine"],
    )
    assert "refused the key (no key variable): who are you?" in problems
    assert "mine is paused: 1 trials are not complete" in problems


def test_a_run_can_be_left_to_the_workers(project, django_capture_on_commit_callbacks, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    with django_capture_on_commit_callbacks(execute=True):
        out, _ = command("--simulated", "30", "--trials", "1", "--background", "--name", "mine")
        assert "mine is left to the workers." in out
    assert Run.objects.get().state == Run.State.COMPLETE


def test_the_ideal_angles_are_inside_their_targets_or_as_near_as_noise_allows():
    angles = ideal_angles(4)
    assert 37.1 < angles["prosocial"] < 52.9 and abs(angles["individualistic"]) < 1e-6
    assert 57.15 < angles["altruistic"] <= 61.4 and -16.3 <= angles["competitive"] < -12.04
