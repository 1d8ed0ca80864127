"""Forms of pages as the rule for what a request says: their words, by the API's names."""

from collections.abc import Mapping
from typing import Any

from django import forms
from rest_framework.exceptions import ErrorDetail, ValidationError


def checked(form: forms.BaseForm, names: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What a valid form holds; ValidationError by field else. *names*: the API's name of a field
    of the form, where it has another."""
    if form.is_valid():
        return form.cleaned_data
    found = {
        (names or {}).get(field, "non_field_errors" if field == "__all__" else field): [
            ErrorDetail(str(error.messages[0]), error.code or "invalid") for error in errors
        ]
        for field, errors in form.errors.as_data().items()
    }
    raise ValidationError(found)
