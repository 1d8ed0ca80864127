from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluations.costs.estimates import money
from evaluations.definitions.catalogue import instrument, prompt_pack
from evaluations.models import Endpoint, Run, Trial
from evaluations.pages.runs.run_page import short_reason
from evaluations.running import trial_leases
from evaluations.running.conversations import advance, resume
from evaluations.running.planning import Design, create_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def sim(cast):
    return Endpoint.objects.create(
        project=cast.project, name="sim", kind="simulated", model="sim", parameters={"angle": 30}
    )


def described(sim, **changes):
    """What a browser sends for the smallest experiment."""
    return {
        "name": "mine",
        "endpoints": [sim.pk],
        "target_values": ["prosocial"],
        "with_goal": ["no"],
        "inductions": ["name"],
        "value_places": ["dialogue"],
        "option_orders": ["printed"],
        "payoff_scales": ["1"],
        "answer_formats": ["free"],
        "item_sets": ["primary"],
        "trials_per_cell": 2,
        "seed": 0,
        "instrument": instrument().pk,
        "prompt_pack": prompt_pack().pk,
    } | changes


def planned(cast, sim, trials=2):
    design = Design(["prosocial"], [False], trials_per_cell=trials)
    return create_run(cast.project, "mine", design, [sim], instrument(), prompt_pack())


def act(cast, run, name="run_state", who="researcher", **data):
    return cast.client(who).post(reverse(name, args=["lab", run.pk]), data, follow=True)


def progress(cast, run, **query):
    return cast.client("reviewer").get(reverse("run_progress", args=["lab", run.pk]), query)


def test_an_experiment_becomes_a_draft_with_its_cells_and_trials(cast, sim):
    url = reverse("run_new", args=["lab"])
    data = described(sim, target_values=["prosocial", "none"], with_goal=["yes", "no"])
    assert cast.client("researcher").post(url, data).status_code == 302
    run = Run.objects.get()
    assert (run.state, run.cells.count(), run.trials.count()) == ("draft", 4, 8)
    assert run.created_by == cast.researcher


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"endpoints": []}, "endpoints"),
        ({"target_values": []}, "target_values"),
        ({"trials_per_cell": 0}, "trials_per_cell"),
        ({"name": ""}, "name"),
    ],
)
def test_an_incomplete_experiment_is_refused_at_its_field(cast, sim, change, field):
    url = reverse("run_new", args=["lab"])
    response = cast.client("researcher").post(url, described(sim, **change))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]


def test_an_experiment_too_large_for_a_browser_is_refused(cast, sim):
    data = described(
        sim,
        target_values=["prosocial", "competitive", "altruistic", "individualistic"],
        option_orders=["printed", "reversed", "shuffled"],
        payoff_scales=["1", "10"],
        trials_per_cell=1000,
    )
    response = cast.client("researcher").post(reverse("run_new", args=["lab"]), data)
    assert "24,000 trials" in response.content.decode()


def test_another_projects_endpoint_cannot_be_asked(cast, sim):
    Endpoint.objects.update(project=cast.other_project)
    response = cast.client("researcher").post(reverse("run_new", args=["lab"]), described(sim))
    assert list(response.context["form"].errors) == ["endpoints"]


HUGE = ["9223372036854775808", "-9223372036854775809", "9" * 40, "9" * 5000]


@pytest.mark.parametrize("forged", [*HUGE, "1.5", "x", "1\x00"])
@pytest.mark.parametrize("field", ["endpoints", "instrument", "prompt_pack"])
def test_a_forged_id_is_refused_at_its_field(cast, sim, field, forged):
    data = described(sim, **{field: [forged]})
    client = cast.client("researcher")
    response = client.post(reverse("run_new", args=["lab"]), data)
    assert list(response.context["form"].errors) == [field]
    assert client.get(reverse("run_plan", args=["lab"]), data).status_code == 200


def test_a_name_is_given_once(cast, sim):
    planned(cast, sim)
    response = cast.client("researcher").post(reverse("run_new", args=["lab"]), described(sim))
    assert list(response.context["form"].errors) == ["name"]


def test_the_plan_counts_before_there_is_a_name(cast, sim):
    response = cast.client("researcher").get(
        reverse("run_plan", args=["lab"]), described(sim, name="", trials_per_cell=5)
    )
    found = response.context["estimate"]
    # Induction, task and six items, five times.
    assert (found.cells, found.trials, found.calls) == (1, 5, 40)
    assert not Run.objects.exists()


@pytest.mark.parametrize(
    ("amount", "figures"),
    [("0", "0.00"), ("34.368", "34.37"), ("1234.5", "1,234.50"), ("0.00341", "0.0034")],
)
def test_a_small_amount_is_not_written_as_nothing(amount, figures):
    assert money(Decimal(amount)) == figures


def test_the_plan_counts_for_an_endpoint_whose_limit_is_no_number(cast, sim):
    Endpoint.objects.filter(pk=sim.pk).update(
        kind="openai", base_url="http://m.test/v1", parameters={"max_tokens": "60"}
    )
    url = reverse("run_plan", args=["lab"])
    assert cast.client("researcher").get(url, described(sim)).context["estimate"].calls == 16


def test_the_plan_says_what_is_missing(cast, sim):
    response = cast.client("researcher").get(reverse("run_plan", args=["lab"]), {"seed": "x"})
    assert "Endpoints: This field is required." in response.content.decode()


def test_the_preview_holds_the_whole_conversation_of_the_chosen_condition(cast, sim):
    data = described(sim, with_goal=["yes", "no"])
    url = reverse("run_preview", args=["lab"])
    turns = [
        cast.client("researcher").get(url, data | {"condition": number}).context["preview"].said
        for number in ("0", "1", "99", "x")
    ]
    assert [len(said) for said in turns] == [18, 16, 18, 18]
    assert turns[0][4].step == "goal"


def test_starting_runs_the_trials(cast, sim, settings, django_capture_on_commit_callbacks):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    run = planned(cast, sim)
    with django_capture_on_commit_callbacks(execute=True):
        act(cast, run, act="resume")
    run.refresh_from_db()
    assert run.state == "complete"


def test_cancelling_ends_a_run_for_good(cast, sim):
    run = planned(cast, sim)
    assert "is cancelled" in act(cast, run, act="cancel").content.decode()
    assert set(run.trials.values_list("state", flat=True)) == {"cancelled"}
    assert "2 of 2 trials have ended, 2 of them cancelled" in progress(cast, run).content.decode()
    trial = cast.client("reviewer").get(run.trials.first().get_absolute_url()).content.decode()
    assert "This trial is cancelled." in trial and "waits for a worker" not in trial
    assert "nothing to run" in act(cast, run, act="resume").content.decode()


def test_an_unknown_act_changes_nothing(cast, sim):
    run = planned(cast, sim)
    assert "There is no act" in act(cast, run, act="explode").content.decode()
    run.refresh_from_db()
    assert run.state == "draft"


def test_extending_adds_trials_to_every_cell(cast, sim):
    run = planned(cast, sim)
    body = act(cast, run, "run_extend", trials_per_cell=5).content.decode()
    assert "3 trials were added. Resume the run" in body and run.trials.count() == 5


def test_a_run_that_is_extended_on_its_way_needs_no_resuming(cast, sim):
    run = planned(cast, sim)
    resume(run)
    body = act(cast, run, "run_extend", trials_per_cell=5).content.decode()
    assert "3 trials were added. They are made as the run goes on." in body


def test_a_run_is_extended_to_no_more_than_a_browser_plans(cast, sim, monkeypatch):
    monkeypatch.setattr("evaluations.pages.forms.experiments.MOST_TRIALS", 4)
    run = planned(cast, sim)
    body = act(cast, run, "run_extend", trials_per_cell=5).content.decode()
    assert "These would be 5 trials" in body and run.trials.count() == 2


@pytest.mark.parametrize("number", ["2", "", "1001"])
def test_a_run_is_extended_to_more_trials_only(cast, sim, number):
    run = planned(cast, sim)
    act(cast, run, "run_extend", trials_per_cell=number)
    assert run.trials.count() == 2


def test_progress_asks_again_only_while_the_run_is_running(cast, sim):
    run = planned(cast, sim)
    assert b"hx-trigger" not in progress(cast, run).content
    resume(run)
    assert b'hx-trigger="every 2s"' in progress(cast, run).content
    advance(run)
    response = progress(cast, run, said="75")
    assert b"hx-trigger" not in response.content
    assert "The run is complete" in response.headers["HX-Trigger"]


def test_the_head_of_the_page_is_sent_anew_when_the_run_has_ended(cast, sim):
    run = planned(cast, sim)
    resume(run)
    assert 'id="run-head"' not in progress(cast, run).content.decode()
    advance(run)
    head = progress(cast, run).content.decode().partition('id="run-head"')[2]
    assert "hx-swap-oob" in head
    assert ">complete</span>" in head and "Pause" not in head
    assert "2 of 2 trials are scorable." in head


def test_progress_says_whether_a_worker_is_at_it(cast, sim):
    run = planned(cast, sim)
    resume(run)
    assert "2 trials wait for a worker" in progress(cast, run).content.decode()
    (trial,) = trial_leases.claim(run.pk, sim.pk, "worker", 1)
    assert "for a worker" not in progress(cast, run).content.decode()
    trial_leases.release(trial, "worker", "server: down", rest=60)
    run.trials.exclude(pk=trial).update(state="complete")
    assert "1 trial rests before another attempt" in progress(cast, run).content.decode()


def test_progress_is_said_aloud_once_a_quarter(cast, sim):
    run = planned(cast, sim, trials=4)
    resume(run)
    first = Trial.objects.order_by("pk").first()
    Trial.objects.filter(pk=first.pk).update(state="complete")
    response = progress(cast, run)
    assert "1 of 4 trials have ended." in response.headers["HX-Trigger"]
    assert b"said=25" in response.content
    assert "HX-Trigger" not in progress(cast, run, said="25").headers


def test_progress_shows_errors_by_kind(cast, sim):
    run = planned(cast, sim)
    run.trials.update(last_error="timeout: no answer within 5 s")
    said = " ".join(progress(cast, run).content.decode().split())
    assert f"2 trials, timeout: <ul> <li>2 at {sim.name}: timeout: no answer within 5 s" in said


def test_a_reviewer_sees_progress_and_no_button(cast, sim):
    run = planned(cast, sim)
    body = cast.client("reviewer").get(reverse("run", args=["lab", run.pk])).content.decode()
    assert "0 of 2 trials have ended" in body
    assert "Start</button>" not in body and "Cancel the run" not in body


def test_queries_of_progress_do_not_grow_with_rows(cast, sim):
    run, counts = planned(cast, sim), []
    client = cast.client("researcher")
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("run_progress", args=["lab", run.pk]))
        counts.append(len(queries))
        act(cast, run, "run_extend", trials_per_cell=9)
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("reason", "short"),
    [
        ("item 2 is ambiguous", "item 2 ambiguous"),
        ("items 2, 3, 4, 5 and 6 are ambiguous", "items 2 to 6 ambiguous"),
        (
            "items 1, 2, 3 and 6 are ambiguous; item 5 was refused",
            "items 1 to 3 and 6 ambiguous; item 5 refused",
        ),
        ("items 1 and 2 name no option", "items 1 and 2 name no option"),
        ("the trial is planned", "the trial is planned"),
    ],
)
def test_reasons_are_shortened_without_losing_an_item(reason, short):
    assert short_reason(reason) == short


def test_a_run_over_several_target_values_has_a_radar_with_its_numbers(cast, sim):
    design = Design(["prosocial", "competitive"], [True, False], trials_per_cell=2)
    run = create_run(cast.project, "mine", design, [sim], instrument(), prompt_pack())
    resume(run)
    advance(run)
    response = cast.client("reviewer").get(reverse("run", args=["lab", run.pk]))
    (figure,) = response.context["page"].own["radars"]
    by_target = dict(figure.table)
    assert figure.series == ["with goal", "without goal"]
    assert by_target["altruistic"] == [None, None]
    # A respondent at 30 degrees is prosocial whatever it is asked for.
    assert by_target["prosocial"][0] > by_target["competitive"][0]
    assert b"Value rationality by target value" in response.content


def test_a_run_with_one_target_value_has_no_radar(cast, sim):
    run = planned(cast, sim)
    resume(run)
    advance(run)
    response = cast.client("reviewer").get(reverse("run", args=["lab", run.pk]))
    assert list(response.context["page"].own["radars"]) == []
