"""An entry of the trail needs a transaction of the act's own, in tests as in earnest.

A test wrapped in a transaction is one to whoever asks, so that an act without one would pass.
"""

from typing import Any

import pytest
from django.db import transaction

from accounts import audit
from accounts.models import AuditEvent


def write_entry(*what: Any, **facts: Any) -> AuditEvent:
    """What `record` writes, as an act would have it written."""
    with transaction.atomic():
        return audit.record(*what, **facts)


@pytest.fixture(autouse=True)
def an_act_has_its_own_transaction(request: pytest.FixtureRequest, monkeypatch) -> None:
    """Let `record` refuse what only the test's own transaction holds together."""
    if not request.node.get_closest_marker("django_db") and "db" not in request.fixturenames:
        return
    request.getfixturevalue("_django_db_helper")
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        return
    own_depth = len(connection.savepoint_ids)

    def check(verb: str) -> None:
        if len(connection.savepoint_ids) <= own_depth:
            raise audit.OutsideTransaction(f"{verb!r}: the test's transaction is not the act's.")

    monkeypatch.setattr(audit, "_check_transaction", check)
