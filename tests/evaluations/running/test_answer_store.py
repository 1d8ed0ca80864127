"""What was asked before in the same project is not asked again, unless it is wanted."""

import pytest

from accounts.models import AuditEvent, Membership, Project, Role
from evaluations.definitions.catalogue import instrument, prompt_pack
from evaluations.models import Endpoint, Run, Turn
from evaluations.running.conversations import advance, resume
from evaluations.running.planning import Design, ask_anew, create_run, extend_run
from evaluations.running.spending import spend
from tests.evaluations.respondents.loopback import loopback

pytestmark = pytest.mark.django_db(transaction=True)
CALLS = 9
"""Of one trial of the slider measure with a goal."""


@pytest.fixture
def servers():
    with loopback() as found:
        yield found


@pytest.fixture
def endpoint(project, servers):
    return Endpoint.objects.create(
        project=project,
        name="lab",
        kind="openai",
        model="m",
        base_url=servers.address("thinking"),
        input_price=1000,
        output_price=1000,
    )


def asked(run, servers) -> int:
    """How many calls the server got while *run* was worked on."""
    before = servers.asked["thinking"]
    resume(run)
    advance(run)
    run.refresh_from_db()
    assert run.state == Run.State.COMPLETE
    return servers.asked["thinking"] - before


@pytest.fixture
def plan(endpoint):
    def plan(name, trials=2, seed=1, **changed) -> Run:
        design = Design(["prosocial"], [True], trials_per_cell=trials, seed=seed)
        at = [endpoint], instrument(), prompt_pack()
        run = create_run(endpoint.project, name, design, *at)
        for field, value in changed.items():
            setattr(run, field, value)
        run.save()
        return run

    return plan


def said(run) -> list:
    turns = Turn.objects.filter(trial__run=run).order_by("trial__number", "position")
    return list(turns.values_list("role", "text", "reasoning"))


def test_a_repeated_run_asks_nothing_again_and_costs_nothing(plan, servers):
    first, again = plan("first"), plan("again")
    assert asked(first, servers) == 2 * CALLS
    assert asked(again, servers) == 0
    assert said(again) == said(first)
    assert (spend(again).calls, spend(again).cost) == (0, 0)
    known = Turn.objects.filter(trial__run=again, role="assistant")
    assert set(known.values_list("from_store", flat=True)) == {True}
    source = known.first().call["from_store"]
    assert source["trial"] == first.trials.first().pk and "T" in source["asked"]
    assert again.trials.first().model_returned == first.trials.first().model_returned


def test_repetitions_stay_draws_of_their_own(plan, servers):
    assert asked(plan("first", trials=1), servers) == CALLS
    assert asked(plan("longer", trials=3), servers) == 2 * CALLS


def test_an_extended_run_asks_for_what_is_new_alone(plan, servers):
    first, again = plan("first"), plan("again")
    asked(first, servers), asked(again, servers)
    extend_run(again, 3)
    assert asked(again, servers) == CALLS
    assert spend(again).calls == CALLS


def test_a_run_asks_anew_where_it_is_told_to(plan, servers):
    asked(plan("first"), servers)
    assert asked(plan("anew", asks_anew=True), servers) == 2 * CALLS


@pytest.mark.parametrize(
    "changed",
    [{"parameters": {"temperature": 0.3}}, {"model": "n"}, {"base_url": "hiccuping"}],
    ids=["parameters", "model", "address"],
)
def test_another_request_is_asked(plan, servers, endpoint, changed):
    first, again = plan("first"), plan("again")
    asked(first, servers)
    if "base_url" in changed:
        changed = {"base_url": endpoint.base_url.replace("127.0.0.1", "localhost")}
    Endpoint.objects.update(**changed)
    assert asked(again, servers) == 2 * CALLS


def test_no_project_sees_what_another_asked(plan, servers, endpoint):
    asked(plan("first"), servers)
    other = Project.objects.create(slug="other", name="Other")
    theirs = plan("theirs")
    endpoint.pk, endpoint.project = None, other
    endpoint.save()
    theirs.project = other
    theirs.save()
    theirs.cells.update(endpoint=endpoint)
    assert asked(theirs, servers) == 2 * CALLS


def test_a_deleted_run_takes_its_answers_with_it(plan, servers):
    first, again = plan("first"), plan("again")
    asked(first, servers)
    first.delete()
    assert asked(again, servers) == 2 * CALLS


def test_whether_a_run_asks_anew_is_on_record(plan):
    run = plan("first")
    ask_anew(run, True)
    event = AuditEvent.objects.latest("pk")
    assert event.verb == "ask anew"
    assert event.detail["after"] == {"asks_anew": True}


def test_pages_say_of_an_answer_that_it_was_known(plan, servers, cast_of):
    first, again = plan("first"), plan("again")
    asked(first, servers), asked(again, servers)
    client = cast_of(again.project)
    run_page = client.get(again.get_absolute_url()).content.decode()
    assert "Known answers, not asked for" in run_page
    trial_page = client.get(again.trials.first().get_absolute_url()).content.decode()
    assert trial_page.count("known answer</span>") == CALLS
    assert f"in trial {first.trials.first().pk}; not asked again" in trial_page


@pytest.fixture
def cast_of(client, django_user_model):
    def cast_of(project):
        person = django_user_model.objects.create_user("ann")
        Membership.objects.create(project=project, user=person, role=Role.RESEARCHER)
        client.force_login(person)
        return client

    return cast_of
