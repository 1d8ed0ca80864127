"""Fields of forms that name stored rows."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet


class RowsField(forms.ModelMultipleChoiceField):
    """Rows by their ids. An id beyond what the column holds is no choice, as any other unknown one.

    Django hands it to the database as it is: SQLite's driver and PostgreSQL refuse it with an error
    of their own. (`ModelChoiceField`, which looks for one row, finds none.)
    """

    def clean(self, value: Any) -> Any:
        for key in value if isinstance(value, list | tuple) else ():
            self._check_range(key)
        return super().clean(value)

    def _check_range(self, key: Any) -> None:
        column = cast(QuerySet, self.queryset).model._meta.pk
        try:
            column.run_validators(column.to_python(key))
        except ValidationError:
            raise ValidationError(
                self.error_messages["invalid_choice"],
                code="invalid_choice",
                params={"value": str(key)[:40]},
            ) from None
