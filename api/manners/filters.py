"""What lists can be filtered by."""

from typing import Any

from django import forms
from django_filters import rest_framework as filters

LARGEST = 2**63 - 1


class WholeFilter(filters.Filter):
    """An id or a number that a database can hold."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, min_value=0, max_value=LARGEST, **kwargs)


class SinceFilter(filters.IsoDateTimeFilter):
    """Rows from a moment on, in ISO 8601."""

    def __init__(self, field_name: str = "created_at") -> None:
        super().__init__(field_name=field_name, lookup_expr="gte")
