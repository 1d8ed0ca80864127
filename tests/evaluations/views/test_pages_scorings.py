"""A model is asked to score a run from the run's page."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from evaluations.definitions.catalogue import rubric
from evaluations.instruments.kinds import KINDS
from evaluations.models import Endpoint, Run, Score, Scoring
from evaluations.pages.forms.scorings import ScoringForm
from evaluations.respondents import llm
from evaluations.running.scorings import ask
from evaluations.scoring.as_published import PublishedReader
from evaluations.scoring.second_reader import score_with_reader
from tests.evaluations.respondents.test_llm import Server, completion
from tests.evaluations.scoring.test_rubric_scorer import Judge
from tests.evaluations.views.test_pages import load, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def judge(cast):
    return Endpoint.objects.create(
        project=cast.project,
        name="judge",
        kind="openai",
        model="judge-model",
        base_url="http://127.0.0.1:9/v1",
    )


@pytest.fixture
def run(cast):
    return load(cast.project, "reversed", lines=2)


def url(name, run):
    return reverse(name, args=["lab", run.pk])


def chosen(judge, **changes):
    return {"way": "rubric", "endpoint": judge.pk, "rubric": rubric().pk} | changes


def post(cast, name, run, data, who="researcher"):
    return cast.client(who).post(url(name, run), data, follow=True)


def section(cast, run, who="researcher"):
    """What the page says of models as scorers, and when it looks again."""
    response = cast.client(who).get(url("scorings", run))
    return response.content.decode(), response.headers.get("HX-Trigger", "")


def test_a_run_is_scored_from_its_page(
    cast, run, judge, settings, monkeypatch, django_capture_on_commit_callbacks
):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    server = Server(completion('{"choice": "prosocial"}'))
    monkeypatch.setattr(llm, "_transport", lambda *_: llm.httpx2.MockTransport(server))
    with django_capture_on_commit_callbacks(execute=True):
        body = words(post(cast, "scoring_new", run, chosen(judge)))
    assert "svo-orientation-en/judge-model" in body and "begins as soon as" in body
    assert Score.objects.filter(metric__name="svo-orientation-en/judge-model").count() == 2
    page = words(cast.client("reviewer").get(run.get_absolute_url()))
    assert "2 of 2 complete trials scored" in page and "Prosocial 2" in page


def test_nothing_is_asked_before_calls_and_cost_are_shown(cast, run, judge):
    Endpoint.objects.filter(pk=judge.pk).update(input_price=1000, output_price=0)
    client = cast.client("researcher")
    body = client.get(url("scoring_plan", run), chosen(judge)).content.decode()
    plan = " ".join(body.split())
    assert '<dt>Calls</dt><dd class="num">2</dd>' in plan
    assert "USD" in plan and "about 0.00" not in plan
    assert not Scoring.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"endpoint": ""}, "endpoint"),
        ({"endpoint": "9" * 30}, "endpoint"),
        ({"rubric": ""}, "rubric"),
        ({"rubric": "9" * 30}, "rubric"),
        ({"way": "guess"}, "way"),
    ],
)
def test_a_choice_that_is_none_is_refused_at_its_field(cast, run, judge, change, field):
    response = post(cast, "scoring_new", run, chosen(judge, **change))
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    plan = cast.client("researcher").get(url("scoring_plan", run), chosen(judge, **change))
    assert "Not complete yet" in plan.content.decode()


def test_only_models_of_this_project_can_be_asked(cast, run, judge):
    Endpoint.objects.create(project=cast.project, name="sim", kind="simulated", model="sim")
    Endpoint.objects.create(project=cast.other_project, name="far", kind="openai", model="m")
    form = ScoringForm(run=run)
    assert list(form.fields["endpoint"].queryset) == [judge]


def test_a_reader_of_open_answers_needs_no_rubric(cast, run, judge):
    post(cast, "scoring_new", run, chosen(judge, way="reader", rubric=""))
    scoring = Scoring.objects.get()
    assert (scoring.rubric, scoring.metric.name) == (None, "svo-slider+judge-model")


def test_a_run_is_read_as_published_under_a_name_that_says_so(cast, run, judge):
    post(cast, "scoring_new", run, chosen(judge, way="published", rubric=""))
    scoring = Scoring.objects.get()
    assert (scoring.metric.name, scoring.metric.kind) == ("as-published+judge-model", "published")
    plan = cast.client("researcher").get(
        url("scoring_plan", run), chosen(judge, way="published", rubric="")
    )
    assert plan.context["plan"].calls == run.trials.count() * 6


def test_the_page_of_a_run_sets_the_published_reading_beside_ours(cast, run, judge):
    address = run.get_absolute_url()
    client = cast.client("researcher")
    assert "As published, and by ours" not in client.get(address).content.decode()
    reader = PublishedReader(judge, KINDS["svo"])
    score_with_reader(Run.objects.filter(pk=run.pk), reader, respondent=Judge("A"))
    page = client.get(address).content.decode()
    assert "As published, and by ours" in page and "as-published+judge-model" in page


def test_what_leaves_nothing_to_score_is_said(cast, run, judge):
    run.trials.update(state="planned")
    response = post(cast, "scoring_new", run, chosen(judge))
    assert response.status_code == 422
    assert "no complete trial without a score" in response.content.decode()


def test_a_scoring_whose_worker_went_silent_waits(cast, run, judge):
    scoring = ask(run, judge, rubric())
    for seconds, waits in ((60, False), (-1, True)):
        lease = timezone.now() + timedelta(seconds=seconds)
        Scoring.objects.filter(pk=scoring.pk).update(state="running", lease_expires_at=lease)
        body, _ = section(cast, run)
        assert ("waiting for a worker" in body) is waits
        assert 'hx-trigger="every 2s"' in body


def test_a_scoring_is_stopped_and_goes_on(cast, run, judge):
    scoring = ask(run, judge, rubric())
    body, _ = section(cast, run)
    assert "waiting for a worker" in body and 'hx-trigger="every 2s"' in body
    post(cast, "scoring_act", run, {"scoring": scoring.pk, "act": "stop"})
    body, news = section(cast, run)
    assert "hx-trigger" not in body and "Score the rest" in body
    assert "svo-orientation-en/judge-model: stopped" in news
    post(cast, "scoring_act", run, {"scoring": scoring.pk, "act": "go on"})
    assert Scoring.objects.get().state == "queued"


@pytest.mark.parametrize("data", [{}, {"scoring": "9" * 30, "act": "stop"}, {"act": "explode"}])
def test_an_act_that_is_none_changes_nothing(cast, run, judge, data):
    scoring = ask(run, judge, rubric())
    data = {"scoring": scoring.pk} | data if data.get("act") == "explode" else data
    body = post(cast, "scoring_act", run, data).content.decode()
    assert "There is no" in body
    assert Scoring.objects.get().state == "queued"


def test_another_runs_scoring_is_not_stopped_here(cast, run, judge):
    other = load(cast.project, "free", lines=1)
    scoring = ask(other, judge, rubric())
    body = post(cast, "scoring_act", run, {"scoring": scoring.pk, "act": "stop"}).content.decode()
    assert "no such scoring" in body
    assert Scoring.objects.get().state == "queued"


def test_a_reviewer_sees_how_far_it_is_and_no_button(cast, run, judge):
    ask(run, judge, rubric())
    body, _ = section(cast, run, "reviewer")
    assert "0 of 2 complete trials scored" in body
    assert "<button" not in body and "Score with a model" not in body


def test_queries_do_not_grow_with_scorings(cast, run, judge):
    client, counts = cast.client("researcher"), []
    for model in ("a", "b", "c"):
        judge.model = model
        judge.save()
        ask(Run.objects.get(), judge, rubric())
        with CaptureQueriesContext(connection) as queries:
            client.get(url("scorings", run))
        counts.append(len(queries))
    assert counts[0] == counts[-1]
