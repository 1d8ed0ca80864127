"""Endpoints as pages show them, and the look at a description before it is stored."""

from collections.abc import Mapping
from copy import copy
from typing import Any

from asgiref.sync import async_to_sync
from django import forms
from django.db import transaction
from django.db.models import Count, QuerySet

from accounts import audit
from accounts.models import Project, User
from evaluations.models import Endpoint
from evaluations.respondents.endpoints import respondent_of

LONGEST_WAIT_SECONDS = 30

FIELD_OF = {
    "key": "key_variable",
    "address": "base_url",
    "connection": "base_url",
    "parameters": "parameters",
}
"""Kind of a RespondentError -> the field of the form where it can be mended."""

FROZEN = ("name", "kind", "model", "base_url", "parameters")
"""What a run is made with: fixed from the moment one is planned."""


def is_frozen(endpoint: Endpoint) -> bool:
    """Whether a run was planned with the endpoint, so that it must stay what it is."""
    return endpoint.pk is not None and endpoint.cells.exists()


def copy_of(endpoint: Endpoint) -> Endpoint:
    """The same description under a free name, not stored yet."""
    names = set(Endpoint.objects.filter(project=endpoint.project_id).values_list("name", flat=True))
    tries = (f"{endpoint.name[:100]}, copy {number}" for number in range(1, len(names) + 2))
    copied = copy(endpoint)
    copied.pk = None
    copied._state = copy(endpoint._state)
    copied._state.adding = True
    copied.name = next(name for name in tries if name not in names)
    return copied


def check(endpoint: Endpoint) -> None:
    """Raise RespondentError unless key, address and parameters are in order; asks nobody.

    Looks up the address of the host, so that it may take as long as a name server does.
    """
    respondent = respondent_of(endpoint)
    async_to_sync(respondent.close)()


def patient_enough(endpoint: Endpoint) -> Endpoint:
    """The endpoint with limits somebody at a page can wait for; the stored one stays as it is."""
    waited_for = copy(endpoint)
    waited_for.timeout_seconds = min(endpoint.timeout_seconds, LONGEST_WAIT_SECONDS)
    waited_for.max_retries = 0
    return waited_for


def endpoints_of(project: Project) -> QuerySet[Endpoint]:
    """The endpoints of a project by name, each with its number of runs."""
    return (
        Endpoint.objects.filter(project=project)
        .annotate(run_count=Count("cells__run", distinct=True))
        .order_by("name")
    )


@transaction.atomic
def store_endpoint(form: forms.ModelForm, actor: User) -> Endpoint:
    """Store a new endpoint, or what was changed of one, from its valid form."""
    verb = "change endpoint" if form.instance.pk else "add endpoint"
    change = audit.change_by(form)
    endpoint: Endpoint = form.save()
    audit.record(endpoint.project, actor, verb, endpoint, change)
    return endpoint


@transaction.atomic
def fill_in(endpoint: Endpoint, settings: Mapping[str, Any], actor: User) -> bool:
    """Store the parameters that were found to work; returns False where runs were planned with the
    endpoint, which therefore stays what it is."""
    if is_frozen(endpoint):
        return False
    before = audit.snapshot(endpoint, ("parameters",))
    endpoint.parameters = dict(settings)
    endpoint.save(update_fields=["parameters"])
    audit.record(
        endpoint.project, actor, "change endpoint", endpoint, audit.since(before, endpoint)
    )
    return True
