"""Files: streamed, with an ETag of what they are made from, so that nobody fetches one twice."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from evaluations.files.exporting import PARQUET

AS = "as"
TYPES = {
    "application/json": OpenApiTypes.OBJECT,
    "application/zip": OpenApiTypes.BINARY,
    PARQUET: OpenApiTypes.BINARY,
}
"""What a file is by its type, where it is no text."""


class FileBody(NamedTuple):
    """What a file is sent as: its type and the ending of its name."""

    content_type: str
    suffix: str


def tag_of(facts: Any) -> str:
    """An entity tag of all that decides what a file holds."""
    return f'"{hashlib.sha256(repr(facts).encode()).hexdigest()[:32]}"'


def unless_known(
    request: Request, facts: Any, make: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """What *make* answers; 304 where the asker has it already, without making it."""
    return unless_tagged(request, tag_of(facts), make)


def unless_tagged(
    request: Request, tag: str, make: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """As `unless_known`, by the entity tag itself."""
    same = get_conditional_response(request._request, etag=tag)
    if same is not None and same.status_code != HTTPStatus.NOT_MODIFIED:
        same = None  # If-Match is of changes; here nothing is changed
    response = make() if same is None else same
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def download(content: str | bytes, file: FileBody, name: str) -> HttpResponse:
    """A whole file."""
    response = HttpResponse(content, content_type=file.content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{file.suffix}"'
    return response


def exported(
    request: Request,
    files: Mapping[str, FileBody],
    name: str,
    facts: Any,
    writers: Mapping[str, Callable[[], Iterable[bytes]]],
) -> HttpResponseBase:
    """The file that ``?as=`` asks for (else the first of *files*), in pieces; *facts* change
    whenever it would."""
    asked = request.query_params.get(AS, next(iter(files)))
    if asked not in files:
        raise ValidationError({AS: f"Ask for one of {', '.join(files)}."})
    file = files[asked]

    def make() -> HttpResponseBase:
        response = StreamingHttpResponse(writers[asked](), content_type=file.content_type)
        response.headers["Content-Disposition"] = f'attachment; filename="{name}.{file.suffix}"'
        return response

    return unless_known(request, [asked, name, facts], make)


def file_schema(files: Mapping[str, FileBody], *filters: str) -> dict[str, Any]:
    """What the schema says of an address that sends files."""
    types = sorted({file.content_type.partition(";")[0] for file in files.values()})
    found: dict[Any, Any] = {(200, kind): TYPES.get(kind, OpenApiTypes.STR) for kind in types}
    parameters = [
        OpenApiParameter(AS, str, enum=list(files), default=next(iter(files))),
        *(OpenApiParameter(name, int) for name in filters),
        OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER),
    ]
    return {
        "parameters": parameters,
        "responses": found | {304: OpenApiResponse(description="As the ETag that was sent.")},
    }
