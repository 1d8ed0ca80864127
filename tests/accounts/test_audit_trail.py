import pytest

from accounts.append_only import AppendOnlyError
from accounts.audit import record
from accounts.models import AuditEvent


@pytest.fixture
def event(cast):
    return record(cast.project, cast.researcher, "renamed", cast.project, before="Lab")


def test_an_event_says_who_did_what_to_what(cast, event):
    assert (event.actor, event.verb, event.subject_type) == (
        cast.researcher,
        "renamed",
        "accounts.project",
    )
    assert event.subject_id == str(cast.project.pk)
    assert event.detail == {"before": "Lab"}


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
