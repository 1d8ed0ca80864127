"""Errors as problem+json (RFC 9457): what went wrong, a code, where, how to mend it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404
from rest_framework import exceptions, serializers, status
from rest_framework.response import Response

MEDIA_TYPE = "application/problem+json"

MEND = {
    "not_authenticated": "Send the header 'Authorization: Bearer TOKEN'; tokens are made on the "
    "page API tokens of a project.",
    "authentication_failed": "Make a new token on the page API tokens of the project.",
    "permission_denied": "Ask an administrator of the project for the role.",
    "missing_scope": "Make a token that has the scope.",
    "not_found": "Look at the list of such things for the ones that there are.",
    "method_not_allowed": "The schema at /api/v1/schema/ says what each address takes.",
    "parse_error": "Send JSON in UTF-8, with finite numbers and every name once.",
    "unsupported_media_type": "Send the body as the schema at /api/v1/schema/ says.",
    "throttled": "Wait as many seconds as the header Retry-After says.",
    "invalid": "Change the fields that `errors` names.",
    "too_large": "Send less at once.",
    "precondition_failed": "Fetch it again, look at what has changed, and send your change "
    "with its new ETag.",
    "has_no_etag": "Send the request without If-Match.",
    "other_request": "Use another Idempotency-Key for another request.",
}
"""How to mend what a code stands for, where the error itself does not say."""


class Problem(exceptions.APIException):
    """An error with a code of its own; *errors* are its words by field."""

    def __init__(
        self, code: str, words: str, errors: Mapping[str, str] | None = None, http: int = 409
    ) -> None:
        super().__init__(words, code)
        self.code = code
        self.status_code = http
        self.errors = [
            {"field": field, "code": code, "message": message}
            for field, message in (errors or {}).items()
            if field
        ]


@contextmanager
def refused(code: str, *kinds: type[Exception], http: int = 409) -> Iterator[None]:
    """Answer an act that says no, by an exception of *kinds*, with its own words. Where the
    exception tells fields (``errors``), the request is wrong (422)."""
    try:
        yield
    except kinds as error:
        errors = getattr(error, "errors", None) or {}
        raise Problem(code, str(error), errors, 422 if errors else http) from error


class FieldErrorSerializer(serializers.Serializer):
    """One field that is wrong."""

    field = serializers.CharField(help_text="Its name; inner fields after a dot.")
    code = serializers.CharField()
    message = serializers.CharField(help_text="What is wrong, and what would be right.")


class ProblemSerializer(serializers.Serializer):
    """An error, as RFC 9457 has it."""

    type = serializers.CharField(help_text="Always about:blank: `code` says what it is.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="For programs; never changes its meaning.")
    detail = serializers.CharField(help_text="What went wrong, in a sentence.")
    mend = serializers.CharField(help_text="What to do about it.")
    errors = FieldErrorSerializer(many=True)


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to an error; None for one that is a fault of this program."""
    known = _known(error)
    if known is None:
        return None
    code, errors, status_code = _code_of(known), list(_errors_of(known)), known.status_code
    detail = str(known.detail)
    if isinstance(known, exceptions.ValidationError):
        status_code = 422
        detail = ": ".join(filter(None, [errors[0]["field"], errors[0]["message"]]))
    body = {
        "type": "about:blank",
        "title": _title(status_code),
        "status": status_code,
        "code": code,
        "detail": detail,
        "mend": MEND.get(code) or (MEND["invalid"] if errors else "As `detail` says."),
        "errors": errors,
    }
    response = Response(body, status=status_code, content_type=MEDIA_TYPE)
    if header := getattr(known, "auth_header", None):
        response["WWW-Authenticate"] = header
    if wait := getattr(known, "wait", None):
        response["Retry-After"] = str(wait)
    if isinstance(known, exceptions.MethodNotAllowed):
        response["Allow"] = ", ".join(context["view"].allowed_methods)
    return response


def _known(error: Exception) -> exceptions.APIException | None:
    if isinstance(error, exceptions.APIException):
        return error
    if isinstance(error, Http404):
        return exceptions.NotFound(str(error) or None)
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied(str(error) or None)
    if isinstance(error, RequestDataTooBig):
        return Problem("too_large", "The body of the request is too large.", http=413)
    return None


def _code_of(error: exceptions.APIException) -> str:
    if isinstance(error, Problem):
        return error.code
    return str(error.default_code)


def _errors_of(error: exceptions.APIException) -> Iterator[dict[str, str]]:
    """The fields that are wrong, inner ones with the names around them."""
    if isinstance(error, Problem):
        yield from error.errors
    elif isinstance(error, exceptions.ValidationError):
        yield from _flat(error.detail, "")


def _flat(found: Any, field: str) -> Iterator[dict[str, str]]:
    if isinstance(found, dict):
        for name, inner in found.items():
            own = "" if name == "non_field_errors" else str(name)
            yield from _flat(inner, ".".join(filter(None, [field, own])))
    elif isinstance(found, list):
        for at, inner in enumerate(found):
            place = f"{field}.{at}" if isinstance(inner, dict) else field
            yield from _flat(inner, place.lstrip("."))
    else:
        code = getattr(found, "code", "invalid")
        yield {"field": field, "code": code, "message": str(found)}


def _title(code: int) -> str:
    """The name of a status: 'Not found'."""
    names = {value: name for name, value in vars(status).items() if name.startswith("HTTP_")}
    return names[code].split("_", 2)[2].replace("_", " ").capitalize()
