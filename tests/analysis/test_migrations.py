"""Stored rows come through what a migration asks of them."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

pytestmark = pytest.mark.django_db(transaction=True)


def at(name):
    """The models after the migration *name* of this app, and the newest of all others."""
    executor = MigrationExecutor(connection)
    executor.migrate([("analysis", name)])
    others = [key for key in executor.loader.graph.leaf_nodes() if key[0] != "analysis"]
    return executor.loader.project_state([*others, ("analysis", name)]).apps.get_model


@pytest.fixture
def newest():
    """Whatever happens, the next test finds the database as it was."""
    yield
    executor = MigrationExecutor(connection)
    executor.migrate([key for key in executor.loader.graph.leaf_nodes() if key[0] == "analysis"])


def test_a_comparison_from_before_is_of_no_code_that_is_known(newest):
    model = at("0002_comparison")
    project = model("accounts", "Project").objects.create(slug="old", name="Old")
    study = model("annotations", "Study").objects.create(project=project, name="s", slug="s")
    made = [
        model("analysis", "Computation").objects.create(
            study=study, fingerprint=letter, choices="c", parameters={}, versions={}
        )
        for letter in "ab"
    ]
    old = model("analysis", "Comparison").objects.create(first=made[0], second=made[1])

    comparisons = at("0003_comparison_code")("analysis", "Comparison").objects

    assert list(comparisons.values_list("pk", "code")) == [(old.pk, "")]
    comparisons.create(first_id=made[0].pk, second_id=made[1].pk, code="of now")


def test_a_report_under_way_stays_in_its_workers_hands(newest):
    model = at("0003_comparison_code")
    project = model("accounts", "Project").objects.create(slug="old", name="Old")
    study = model("annotations", "Study").objects.create(project=project, name="s", slug="s")
    held = {"state": "running", "lease_owner": "x" * 40, "attempts": 1}
    made = {"fingerprint": "f", "choices": "c", "parameters": {}, "versions": {}}
    model("analysis", "Computation").objects.create(study=study, **made, **held)

    computations = at("0004_lease_owner_of_80")("analysis", "Computation").objects
    assert computations.values(*held).get() == held
