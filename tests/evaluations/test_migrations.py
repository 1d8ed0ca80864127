"""Stored databases come through what a migration asks of their rows."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def newest():
    """Whatever happens, the next test finds the database as it was."""
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def at(name):
    """The models as they are after the migration *name* of evaluations."""
    executor = MigrationExecutor(connection)
    executor.migrate([("evaluations", name)])
    return executor.loader.project_state([("evaluations", name)]).apps.get_model


def test_definitions_get_the_project_that_alone_uploaded_or_used_them(newest):
    model = at("0003_lost_calls")
    here, there = (
        model("accounts", "Project").objects.create(slug=slug, name=slug)
        for slug in ("here", "there")
    )

    def stored(name, key):
        fields = {"version": "1", "sha256": f"{name}{key}", "definition": {}}
        return model("evaluations", name).objects.create(key=key, **fields)

    def run(project, name, **uses):
        model("evaluations", "Run").objects.create(project=project, name=name, **uses)

    slider = stored("Instrument", "svo-slider")
    packs = {key: stored("PromptPack", key) for key in ("used", "shared", "plain-en", "unknown")}
    for key in ("used", "shared", "plain-en"):
        run(here, key, instrument=slider, prompt_pack=packs[key])
    run(there, "theirs", instrument=slider, prompt_pack=packs["shared"])
    uploaded = stored("Instrument", "uploaded")
    # The trail of the state before is written by the models of then.
    model("accounts", "AuditEvent").objects.create(
        project=there,
        verb="add definition",
        subject_type="evaluations.instrument",
        subject_id=str(uploaded.pk),
    )

    after = at("0005_definitions_get_their_project")
    owner = dict(after("evaluations", "PromptPack").objects.values_list("key", "project__slug"))
    assert owner == {"used": "here", "shared": None, "plain-en": None, "unknown": None}
    owner = dict(after("evaluations", "Instrument").objects.values_list("key", "project__slug"))
    assert owner == {"svo-slider": None, "uploaded": "there"}
