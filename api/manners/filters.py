"""What lists can be filtered by."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django_filters import rest_framework as filters
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

LARGEST = 2**63 - 1

OF_EVERY_LIST = ("cursor", "limit", "order", "fields")
"""What lists take beside their filters."""


class KnownFilters(filters.DjangoFilterBackend):
    """Filters that a list does not know are an error: rows that were not asked for are worse than
    none."""

    def filter_queryset(self, request: Request, queryset: QuerySet, view: Any) -> QuerySet:
        if getattr(view, "action", "") == "list":
            known = [*self._names(view, queryset), *OF_EVERY_LIST]
            for name in request.query_params:
                if name not in known:
                    words = f"There is no filter of this name: there are {', '.join(known)}."
                    raise ValidationError({name: words}, code="unknown")
        return super().filter_queryset(request, queryset, view)

    def _names(self, view: Any, queryset: QuerySet) -> list[str]:
        found = self.get_filterset_class(view, queryset)
        return list(found.base_filters) if found else []


class WholeFilter(filters.Filter):
    """An id or a number that a database can hold."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, min_value=0, max_value=LARGEST, **kwargs)


class SinceFilter(filters.IsoDateTimeFilter):
    """Rows from a moment on, in ISO 8601."""

    def __init__(self, field_name: str = "created_at") -> None:
        super().__init__(field_name=field_name, lookup_expr="gte")
