"""A change is done to what the asker has seen, if they say so (If-Match; RFC 9110, 13.1.1).

Everything that has an id has an ETag: a digest of all that it shows, whatever fields are asked for.
Acts that say what shall be take it back as If-Match. It is compared inside the act, on the locked
row, so that of two who saw the same, one is told that it has changed since.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import Model
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags
from rest_framework import mixins
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api.manners.files import tag_of, unless_tagged
from api.manners.problem import Problem
from api.manners.serializers import check_fields

IF_MATCH, IF_NONE_MATCH, ETAG = "If-Match", "If-None-Match", "ETag"
SAYS_WHAT_SHALL_BE = ("PUT", "PATCH", "DELETE")
ANY = "*"


def wanted(request: Request) -> list[str]:
    """The tags one of which the asker has seen; none where they do not ask."""
    said = request.headers.get(IF_MATCH, "")
    return parse_etags(said) or [said] if said else []


def refuse_untagged(request: Request) -> None:
    """Raise Problem for a condition on an address where there is no tag to compare."""
    if request.method in SAYS_WHAT_SHALL_BE and wanted(request) not in ([], [ANY]):
        raise Problem("has_no_etag", f"This address has no ETag for {IF_MATCH}.", http=412)


class Tagged(mixins.RetrieveModelMixin):
    """One thing by its id, with its tag. ``conditional``: the acts on it that take If-Match."""

    conditional: ClassVar[frozenset[str]] = frozenset()
    get_object: Callable[[], Any]
    get_serializer: Callable[..., Any]
    get_serializer_class: Callable[[], Any]
    request: Request

    def tag(self, row: Model) -> str:
        """The entity tag of *row*: it changes with whatever of it is shown."""
        return tag_of(JSONRenderer().render(self._whole(row)))

    def _whole(self, row: Model) -> Any:
        return self.get_serializer_class()(row, context={"view": self}).data

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        row = self.get_object()
        part = check_fields(self.get_serializer(row))
        return unless_tagged(request, self.tag(row), lambda: Response(part.data))

    def changed(self, status: int = 200) -> Response:
        """The row that an act has changed, as it is now, with its new tag."""
        row = self.get_object()
        return Response(self._whole(row), status=status, headers={ETAG: self.tag(row)})

    def check_seen(self, row: Model) -> None:
        """Raise Problem (412) unless *row*, which is locked, is what the asker says they saw."""
        seen = wanted(self.request)
        if seen and seen != [ANY] and self.tag(row) not in seen:
            words = f"It has changed since you saw it: its ETag is none of those in {IF_MATCH}."
            raise Problem("precondition_failed", words, http=412)


def takes_condition(view: Any, action: str | None) -> bool:
    """Whether an act of *view* is done to something that has an ETag."""
    return action in getattr(view, "conditional", ())
