"""The figures for Prometheus: who may read them, and that they are those of the database."""

import os
import subprocess
import sys
from datetime import timedelta
from subprocess import PIPE

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from analysis.models import Computation
from evaluations.models import Run, Trial
from hvae_site.monitoring.figures import figures, kinds_of_work
from tests.conftest import PROJECT

pytestmark = pytest.mark.django_db


def samples(text: bytes) -> dict[tuple[str, ...], float]:
    """Each value by its name and the values of its labels, in the order of their names."""
    found = text_string_to_metric_families(text.decode())
    return {
        (one.name, *(one.labels[name] for name in sorted(one.labels))): one.value
        for family in found
        for one in family.samples
    }


def test_every_kind_of_work_is_counted():
    counted = {key[1] for key in samples(figures()) if key[0] == "valuecheck_work"}
    assert counted == {kind._meta.label_lower for kind in kinds_of_work()}
    assert {"evaluations.scoring", "webhooks.delivery"} <= counted


def ask(study, **fields):
    """A report that somebody asked for two minutes ago."""
    made = Computation.objects.create(
        study=study,
        fingerprint="f",
        choices=str(Computation.objects.count()),
        parameters={},
        versions={},
        **fields,
    )
    asked = timezone.now() - timedelta(minutes=2)
    Computation.objects.filter(pk=made.pk).update(asked_at=asked)


def test_work_is_counted_by_state_and_the_oldest_that_waits_is_told(world):
    later = timezone.now() + timedelta(minutes=2)
    ask(world.study)
    ask(world.study, state="failed")
    ask(world.study, state="running", lease_owner="a", lease_expires_at=later)
    found = samples(figures())
    kind = "analysis.computation"
    states = {state: found["valuecheck_work", kind, state] for state in ("queued", "running")}
    assert states == {"queued": 1, "running": 1}
    assert found["valuecheck_work", kind, "failed"] == 1
    assert found["valuecheck_work_waiting_seconds", kind] == pytest.approx(120, abs=30)


def test_work_that_a_worker_holds_does_not_wait(world):
    later = timezone.now() + timedelta(minutes=2)
    ask(world.study, state="running", lease_owner="a", lease_expires_at=later)
    assert samples(figures())["valuecheck_work_waiting_seconds", "analysis.computation"] == 0


def test_trials_of_running_runs_are_free_or_held(world):
    Run.objects.filter(pk=world.run.pk).update(state=Run.State.RUNNING)
    first, second, third = world.run.trials.order_by("pk")[:3]
    Trial.objects.filter(pk__in=(first.pk, second.pk)).update(state=Trial.State.PLANNED)
    later = timezone.now() + timedelta(minutes=1)
    Trial.objects.filter(pk=third.pk).update(state=Trial.State.RUNNING, lease_expires_at=later)
    found = samples(figures())
    assert (found["valuecheck_trials", "free"], found["valuecheck_trials", "held"]) == (2, 1)


def test_without_a_token_of_the_site_there_is_no_such_address(client):
    assert client.get("/metrics").status_code == 404


@pytest.mark.parametrize("sent", [None, "Bearer wrong", "Bearer ", "Bearer é", "s3cret"])
def test_who_has_not_the_token_reads_nothing(settings, sent):
    settings.METRICS_TOKEN = "s3cret"
    headers = {} if sent is None else {"Authorization": sent}
    found = Client(headers=headers).get("/metrics")
    assert found.status_code == 401
    assert b"valuecheck_" not in found.content


def test_who_has_the_token_reads_the_figures(settings):
    settings.METRICS_TOKEN = "s3cret"
    found = Client(headers={"Authorization": "Bearer s3cret"}).get("/metrics")
    assert found.status_code == 200
    assert found.headers["Content-Type"].startswith("text/plain")
    assert ("valuecheck_trials", "free") in samples(found.content)


def test_requests_are_counted_by_view_where_the_token_is_set(tmp_path):
    """In a process of its own: what is counted is decided when it starts."""
    script = (
        "import django; django.setup()\n"
        "from django.test import Client\n"
        "from prometheus_client import generate_latest\n"
        "Client().get('/health/live')\n"
        "print(generate_latest().decode())"
    )
    environment = os.environ | {
        "METRICS_TOKEN": "s3cret",
        "DJANGO_SETTINGS_MODULE": "hvae_site.settings",
        "VAR_DIR": str(tmp_path),
        "ALLOWED_HOSTS": "testserver",
    }
    told = subprocess.run(
        [sys.executable, "-c", script], check=True, env=environment, cwd=PROJECT, stdout=PIPE
    ).stdout
    counted = "django_http_responses_total_by_status_view_method_total"
    assert samples(told)[counted, "GET", "200", "live"] == 1
