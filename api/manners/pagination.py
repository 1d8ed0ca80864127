"""Lists in pages: each says where the next begins, however many rows there are or come.

A cursor names the last row of a page by the column the list is ordered by and its id, so that no
row is counted or skipped over, and rows that are added meanwhile move none.
"""

from collections.abc import Sequence
from typing import Any

from django.core import signing
from django.db.models import Q, QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

USUAL, MOST = 100, 1000
SALT = "api.cursor"


class CursorPages(BasePagination):
    """``?cursor=`` from the answer before, ``?limit=`` rows, ``?order=`` one of the view's
    ``orders``, with '-' for the other way round."""

    def paginate_queryset(self, queryset: QuerySet, request: Request, view: Any = None) -> list:
        self.request = request
        limit = self._limit(request)
        order = self._order(request, view.orders)
        column = order.removeprefix("-")
        rows = queryset.order_by(*_ordered(order))
        if cursor := request.query_params.get("cursor"):
            rows = rows.filter(_after(order, *_opened(cursor, order)))
        page = list(rows[: limit + 1])
        more, page = len(page) > limit, page[:limit]
        self.cursor = ""
        if more:
            last = page[-1]
            self.cursor = signing.dumps([order, _plain(getattr(last, column)), last.pk], salt=SALT)
        return page

    @staticmethod
    def _limit(request: Request) -> int:
        said = request.query_params.get("limit", str(USUAL))
        if not (said.isascii() and said.isdigit() and len(said) < 6 and 1 <= int(said) <= MOST):
            raise ValidationError({"limit": f"Give a whole number from 1 to {MOST}."})
        return int(said)

    @staticmethod
    def _order(request: Request, orders: Sequence[str]) -> str:
        order = request.query_params.get("order", orders[0])
        if order not in choices(orders):
            raise ValidationError({"order": f"Order by one of {', '.join(choices(orders))}."})
        return order

    def get_paginated_response(self, data: Any) -> Response:
        address, following = self.request.build_absolute_uri(), None
        if self.cursor:
            following = replace_query_param(address, "cursor", self.cursor)
        return Response({"next": following, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        following = {"type": "string", "nullable": True, "format": "uri"}
        properties = {"next": following, "results": schema}
        return {"type": "object", "required": ["next", "results"], "properties": properties}

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        whole = {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}
        orders = {"type": "string", "enum": choices(view.orders), "default": view.orders[0]}
        return [
            _parameter("cursor", "From `next` of the page before.", {"type": "string"}),
            _parameter("limit", "Rows a page.", whole),
            _parameter("order", "The order; '-' is the other way round.", orders),
        ]


def choices(orders: Sequence[str]) -> list[str]:
    """Each order both ways round."""
    names = [order.removeprefix("-") for order in orders]
    return [f"{sign}{name}" for name in names for sign in ("", "-")]


def _parameter(name: str, words: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": words, "required": False, "schema": schema}


def _ordered(order: str) -> list[Any]:
    sign, column = ("-", order[1:]) if order.startswith("-") else ("", order)
    return [order] if column == "id" else [order, f"{sign}id"]


def _after(order: str, value: Any, last: int) -> Q:
    column, step = order.removeprefix("-"), "lt" if order.startswith("-") else "gt"
    beyond = Q(**{f"id__{step}": last})
    if column == "id":
        return beyond
    return Q(**{f"{column}__{step}": value}) | Q(**{column: value}) & beyond


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _opened(cursor: str, order: str) -> tuple[Any, int]:
    try:
        made_for, value, last = signing.loads(cursor, salt=SALT)
    except signing.BadSignature:
        words = "Give a cursor as `next` of the page before has it."
        raise ValidationError({"cursor": words}) from None
    if made_for != order:
        raise ValidationError({"cursor": f"It goes on in the order {made_for!r}: keep that."})
    return value, last
