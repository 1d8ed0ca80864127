import ast

import pytest
from django.db import transaction

from accounts.append_only import AppendOnlyError
from accounts.audit import Change, record_each
from accounts.models import AuditEvent
from tests.conftest import PROJECT
from tests.support.entries import write_entry


@pytest.fixture
def event(cast):
    change = Change({"name": "Lab"}, {"name": "Laboratory"})
    return write_entry(cast.project, cast.researcher, "renamed", cast.project, change, by="mail")


def test_an_event_says_who_did_what_to_what(cast, event):
    assert (event.actor, event.verb, event.subject_type) == (
        cast.researcher,
        "renamed",
        "accounts.project",
    )
    assert event.subject_id == str(cast.project.pk)
    changed = {"before": {"name": "Lab"}, "after": {"name": "Laboratory"}}
    assert event.detail == {**changed, "by": "mail"}


def test_an_event_cannot_be_saved_again(event):
    event.verb = "deleted"
    with pytest.raises(AppendOnlyError, match="never changed"):
        event.save()


def test_events_cannot_be_updated_together(event):
    with pytest.raises(AppendOnlyError):
        AuditEvent.objects.update(verb="deleted")


def test_an_event_outlives_its_actor(cast, event):
    cast.researcher.delete()
    assert AuditEvent.objects.get().actor is None


def test_events_of_many_subjects_are_one_statement(cast, django_assert_num_queries):
    people = [(cast.rater, Change(None, {"seat": 1})), (cast.reviewer, Change(None, {"seat": 2}))]
    with transaction.atomic(), django_assert_num_queries(1):
        record_each(cast.project, None, "seated", people)
    events = AuditEvent.objects.filter(verb="seated", actor=None).order_by("id")
    assert [(event.subject_id, event.detail) for event in events] == [
        (str(cast.rater.pk), {"after": {"seat": 1}}),
        (str(cast.reviewer.pk), {"after": {"seat": 2}}),
    ]


# --- nobody else writes it ------------------------------------------------------------------------

WRITES = {"create", "acreate", "save", "get_or_create", "update_or_create", "add", "set"}
WRITES |= {"bulk_create", "abulk_create", "bulk_update", "update", "delete", "_raw_delete"}


def chain(node):
    """The names of `a.b(...).c`, from the left; with the strings called for ('AuditEvent')."""
    if isinstance(node, ast.Call):
        return [*chain(node.func), *(a.value for a in node.args if isinstance(a, ast.Constant))]
    if isinstance(node, ast.Attribute):
        return [*chain(node.value), node.attr]
    return [node.id] if isinstance(node, ast.Name) else []


def writes_entries(text):
    """Lines in which an entry of the trail is made, or rows of it are written."""
    tree = ast.parse(text)
    names = {"AuditEvent", "audit_events", "accounts.AuditEvent"} | {
        alias.asname
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name == "AuditEvent" and alias.asname
    }
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            said = chain(node.func)
            if names & set(said) and (said[-1] in names | WRITES):
                found.add(node.lineno)
        elif isinstance(node, ast.Assign) and names & set(chain(node.value)):
            # under another name nobody sees what is done with it
            if not isinstance(node.value, ast.Call) or chain(node.value)[-1] == "AuditEvent":
                found.add(node.lineno)
        elif isinstance(node, ast.Constant) and "accounts_auditevent" in str(node.value):
            found.add(node.lineno)
    return sorted(found)


@pytest.mark.parametrize(
    "text",
    [
        "AuditEvent(verb='x')",
        "AuditEvent.objects.create(verb='x')",
        "AuditEvent.objects.filter(pk=1).update(verb='x')",
        "from accounts.models import AuditEvent as Entry\nEntry.objects.bulk_create([])",
        "project.audit_events.create(verb='x')",
        "Entry = AuditEvent",
        "rows = AuditEvent.objects",
        "Entry = get_model('accounts', 'AuditEvent')",
        "cursor.execute('insert into accounts_auditevent values (1)')",
    ],
)
def test_a_second_writer_would_be_found(text):
    assert writes_entries(text)


@pytest.mark.parametrize(
    "text",
    [
        "events = AuditEvent.objects.filter(verb='x').order_by('id')",
        "def history() -> QuerySet[AuditEvent]: ...",
        "project.audit_events.count()",
        "admin.site.register(AuditEvent)",
    ],
)
def test_reading_the_trail_is_no_writing(text):
    assert not writes_entries(text)


def test_only_the_writer_writes_the_trail():
    apps = ("accounts", "evaluations", "annotations", "analysis", "hvae_site")
    found = {
        f"{path.relative_to(PROJECT)}:{line}"
        for app in apps
        for path in (PROJECT / app).rglob("*.py")
        if "migrations" not in path.parts and path != PROJECT / "accounts" / "audit.py"
        for line in writes_entries(path.read_text(encoding="utf-8"))
    }
    assert found == set(), "lead these through accounts.audit"
