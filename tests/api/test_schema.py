"""What the schema allows is answered as the schema says; what it does not allow is refused."""

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as drawing
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from api.manners.schema import NO_KEY, Once
from tests.support.examples import examples

EVERY = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
WRONG = [*EVERY, checks.negative_data_rejection]


@pytest.fixture
def in_one_connection():
    """A request of another client leaves the test's transaction open, as Django's client does."""
    around = (request_started, request_finished)
    for signal in around:
        signal.disconnect(close_old_connections)
    yield
    for signal in around:
        signal.connect(close_old_connections)


@pytest.fixture
def operations(world, program, settings, in_one_connection):
    """Every operation of the schema, and the header of an administrator's token."""
    settings.API_REQUESTS_PER_MINUTE = 10**9
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", WSGIHandler())
    token = program("administrator").client.defaults["HTTP_AUTHORIZATION"]
    return [found.ok() for found in schema.get_all_operations()], {"Authorization": token}


@schemathesis.serializer("text/csv")
def as_it_is(context, value):
    """A table is sent as the text it is."""
    return str(value).encode("utf-8", "surrogatepass")


def draw(operation, mode, times, check):
    """*check* some cases of an operation, the same ones in every run."""

    @drawing(
        max_examples=times,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def checked(case):
        check(case)

    checked()


def test_every_act_says_how_twice_becomes_once():
    paths = Once().get_schema(public=True)["paths"]
    for path, operations in paths.items():
        for method, operation in operations.items():
            has_key = any(
                found["name"] == "Idempotency-Key" for found in operation.get("parameters", ())
            )
            said = operation.get("description", "")
            assert has_key == (method == "post"), (method, path)
            assert (NO_KEY in said) == (method in ("put", "patch")), (method, path)


def test_what_the_schema_does_not_allow_is_refused(operations):
    found, headers = operations
    for operation in found:

        def check(case):
            case.call_and_validate(headers=headers, checks=WRONG)

        draw(operation, GenerationMode.NEGATIVE, examples(1), check)


def test_what_the_schema_allows_is_answered_as_it_says(operations, there):
    found, headers = operations
    for operation in found:
        names = there(operation.path)

        def check(case, names=names):
            case.path_parameters.update(names)
            case.call_and_validate(headers=headers, checks=EVERY)

        draw(operation, GenerationMode.POSITIVE, examples(1), check)
