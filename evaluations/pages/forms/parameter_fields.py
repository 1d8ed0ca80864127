"""The parameters of a model that most people set, as fields of their own; the rest is JSON.

An endpoint has one object of parameters. The form shows those of `PARAMETER_FIELDS` as fields and
what is left of the object beside them, and puts both together again.
"""

import json
from collections.abc import Mapping
from typing import Any

from django import forms

from evaluations.respondents.chat.parameters import is_value
from evaluations.text.storable import StrictDecoder


class ObjectField(forms.JSONField):
    """A JSON object, or nothing."""

    def __init__(self, **kwargs: Any) -> None:
        area = forms.Textarea(attrs={"rows": 2, "spellcheck": "false"})
        super().__init__(required=False, decoder=StrictDecoder, widget=area, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "" if value is None else super().prepare_value(value)

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        if found not in (None, "") and not isinstance(found, dict):
            raise forms.ValidationError('Write an object, such as {"seed_mode": "fixed"}.')
        return found or None


def parameter_fields() -> dict[str, forms.Field]:
    """The fields by the names of their parameters. What is left empty is not sent."""
    return {
        "temperature": forms.FloatField(
            required=False, help_text="Empty: not sent, so that the server's own counts."
        ),
        "top_p": forms.FloatField(
            required=False, min_value=0, max_value=1, label="Top p", help_text="From 0 to 1."
        ),
        "max_tokens": forms.IntegerField(
            required=False,
            min_value=1,
            label="Longest answer, in tokens",
            help_text="Sent as max_tokens; a server that wants max_completion_tokens says so when "
            "it is tried. A model that thinks needs room for that as well.",
        ),
        "reasoning_effort": forms.CharField(
            required=False,
            max_length=40,
            help_text="As the server names it, such as low, medium or high.",
        ),
        "extra_body": ObjectField(
            label="Extra body",
            help_text="JSON that is sent with each call as it is, for what only this server knows.",
            error_messages={"invalid": "Write a JSON object, or nothing."},
        ),
    }


PARAMETER_FIELDS = tuple(parameter_fields())


def parted(parameters: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Parameters with fields of their own, and the others. What is no value of its parameter stays
    with the others, where it is told of."""
    own = {
        name: parameters[name]
        for name in PARAMETER_FIELDS
        if name in parameters and is_value(name, parameters[name])
    }
    return own, {name: value for name, value in parameters.items() if name not in own}


def as_sent(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters as a browser would send the fields that show them."""
    own, others = parted(parameters)
    if "extra_body" in own:
        own["extra_body"] = json.dumps(own["extra_body"])
    return {**own, "parameters": json.dumps(others)}


def put_together(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """The one object of parameters from what the fields say. Raises ValidationError where two of
    them name the same parameter."""
    others = cleaned.get("parameters") or {}
    own = {name: cleaned.get(name) for name in PARAMETER_FIELDS}
    own = {name: value for name, value in own.items() if value not in (None, "")}
    if twice := sorted(own.keys() & others.keys()):
        raise forms.ValidationError(
            f"{twice[0]} has a field of its own and stands here as well: leave it out of one."
        )
    return {**others, **own}
