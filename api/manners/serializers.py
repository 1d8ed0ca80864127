"""What answers and bodies have in common: answers show, bodies are strict, neither stores."""

import json
from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

FIELDS = "fields"


def asked_fields(serializer: serializers.Serializer) -> set[str] | None:
    """The fields that the address of a list or one thing asks for; None: all."""
    view, request = serializer.context.get("view"), serializer.context.get("request")
    action = getattr(view, "action", "")
    if request is None or action not in ("list", "retrieve") or FIELDS not in request.query_params:
        return None
    return set(request.query_params[FIELDS].split(","))


def check_fields(serializer: Any) -> Any:
    """The serializer; ValidationError where the address asks it for fields that it has not."""
    one = getattr(serializer, "child", serializer)
    asked = asked_fields(one) if isinstance(one, Sparse) else None
    if unknown := sorted((asked or set()) - set(one.fields)):
        words = f"There is no field {unknown[0]!r}: choose among {', '.join(one.fields)}."
        raise serializers.ValidationError({FIELDS: words}, code="unknown")
    return serializer


class Sparse(serializers.Serializer):
    """Shows the fields that ``?fields=`` names alone."""

    @property
    def _readable_fields(self) -> Any:
        fields = super()._readable_fields
        outer = self.parent
        is_root = outer is None or (outer.parent is None and hasattr(outer, "many"))
        asked = asked_fields(self) if is_root else None
        return fields if asked is None else [f for f in fields if f.field_name in asked]


class Shown(Sparse, serializers.ModelSerializer):
    """Rows as answers show them; nothing is read from it."""

    def get_extra_kwargs(self) -> dict[str, Any]:
        own = super().get_extra_kwargs()
        return own | {
            name: {**own.get(name, {}), "read_only": True}
            for name in self.Meta.fields
            if name not in self._declared_fields
        }

    def include_extra_kwargs(self, kwargs: Any, extra_kwargs: Any) -> dict[str, Any]:
        """A choice that may be left open is shown as '' where it was."""
        may_be_open = "choices" in kwargs and kwargs.get("allow_blank", False)
        found: dict[str, Any] = super().include_extra_kwargs(kwargs, extra_kwargs)
        return found | ({"allow_blank": True} if may_be_open else {})


class Body(serializers.Serializer):
    """What a request says. A name that the schema does not know is an error: nobody would see
    that it is not heard."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (unknown := sorted(set(data) - set(self.fields))):
            known = ", ".join(self.fields)
            raise serializers.ValidationError(
                {str(name): f"is no field here. There are: {known}." for name in unknown},
                code="unknown",
            )
        if isinstance(data, Mapping):
            wrong = {
                name: why
                for name, field in self.fields.items()
                if name in data and (why := why_other_type(field, data[name]))
            }
            if wrong:
                raise serializers.ValidationError(wrong, code="type")
        return super().to_internal_value(data)


_TYPES: tuple[tuple[tuple[type[serializers.Field], ...], tuple[type, ...], str], ...] = (
    ((serializers.BooleanField,), (bool,), "true or false"),
    ((serializers.IntegerField, serializers.FloatField), (int, float), "a number"),
    ((serializers.CharField,), (str,), "a text"),
)
"""Of a field, the types that JSON has for it, in words."""


def why_other_type(field: serializers.Field, value: Any) -> str:
    """Why *value* is of another type than *field*; '' where it is of its type, or null. A number in
    quotes is a text, and true is no 1: what is stored of them could not be told from what was
    meant."""
    if value is None:
        return ""
    if isinstance(field, serializers.ListField | serializers.DictField):
        inside = value.values() if isinstance(value, Mapping) else value
        if not isinstance(value, list | Mapping):
            return ""  # the field says what it is
        return next(filter(None, (why_other_type(field.child, one) for one in inside)), "")
    for fields, types, words in _TYPES:
        if isinstance(field, fields):
            is_it = isinstance(value, types) and (bool in types or not isinstance(value, bool))
            return "" if is_it else f"Give {words}, not {json.dumps(value)[:40]}."
    return ""
