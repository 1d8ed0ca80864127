"""The form of an endpoint. What it accepts, the engine accepts as it is."""

from typing import Any, cast

from django import forms

from accounts.kept_words import lost_changes
from accounts.models import Project
from evaluations.instruments.kinds import subjects_in_words
from evaluations.models import Endpoint
from evaluations.pages.endpoint_pages import FIELD_OF, FROZEN, check, is_frozen
from evaluations.pages.forms.parameter_fields import (
    PARAMETER_FIELDS,
    parameter_fields,
    parted,
    put_together,
)
from evaluations.respondents import key_policy
from evaluations.respondents.respondent import RespondentError
from evaluations.text.storable import StrictDecoder

FIXED_BY_RUN = "A run was planned with this: copy it as a new endpoint to change it."


PARAMETERS_GROUP = "How it is asked"

ENDPOINT_GROUPS = {
    "Where it answers": ("name", "kind", "model", "base_url", "key_variable"),
    PARAMETERS_GROUP: ("parameters",),
    "Limits": (
        "timeout_seconds",
        "max_retries",
        "concurrency",
        "requests_per_minute",
        "tokens_per_minute",
    ),
    "Prices": ("input_price", "cached_input_price", "output_price", "currency"),
    "What kind of model it is": (
        "family",
        "parameter_count",
        "tuning_method",
        "reasoning_mode",
        "release",
        "note",
    ),
}
"""The fields of an endpoint, in the groups the page shows; that of the parameters begins with the
fields of `PARAMETER_FIELDS`."""


class EndpointForm(forms.ModelForm):
    """Where a model answers. The key is chosen by name among those an administrator has opened."""

    kind = forms.ChoiceField(
        choices=[
            (kind.value, kind.label) for kind in Endpoint.Kind if kind != Endpoint.Kind.IMPORTED
        ]
    )
    base_url = forms.URLField(
        label="Base URL",
        required=False,
        assume_scheme="https",
        help_text="Where the API begins, such as https://host/v1. Nothing for the other kinds.",
    )
    key_variable = forms.ChoiceField(label="Key", required=False)
    parameters = forms.JSONField(
        required=False,
        decoder=StrictDecoder,
        label="Further parameters",
        help_text="JSON. Of a model: what has no field here, such as stream. "
        f"Of a simulated respondent: {subjects_in_words()}. "
        "Of recorded conversations: run, the number in the address of a run of this project.",
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        error_messages={
            "invalid": "Write JSON, with finite numbers below 2^63 and without NUL or half "
            "surrogate pairs."
        },
    )

    class Meta:
        model = Endpoint
        fields = [name for names in ENDPOINT_GROUPS.values() for name in names]
        labels = {
            "timeout_seconds": "Time limit of a call, in seconds",
            "max_retries": "Retries of a call",
            "concurrency": "Conversations at once",
            "input_price": "Price of a million input tokens",
            "cached_input_price": "Price of a million input tokens from its cache",
            "output_price": "Price of a million output tokens",
            "parameter_count": "Number of parameters",
        }
        help_texts = {
            "name": "What this project calls it.",
            "model": "As the endpoint names it.",
            "max_retries": "With growing pauses; a pause the endpoint asks for is kept.",
            "note": "Shown on the pages of its runs.",
        }
        widgets = {
            "note": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.project = project
        self.fields |= parameter_fields()
        own, self.initial["parameters"] = parted(self.instance.parameters)
        self.initial.update(own)
        opened = key_policy.opened_variables()
        choices = [("", "no key")] + [
            (name, f"{name}, for {', '.join(sorted(hosts))}")
            for name, hosts in sorted(opened.items())
        ]
        field = cast(forms.ChoiceField, self.fields["key_variable"])
        field.choices = choices
        field.help_text = (
            "Read from the server's environment at each call, and never stored."
            if opened
            else "No key is opened: an administrator names keys, and the hosts each may go to, "
            "in the setting LLM_KEY_VARIABLES."
        )
        self.fields["concurrency"].widget.attrs["min"] = 1
        if is_frozen(self.instance):
            self._freeze()

    def _freeze(self) -> None:
        for name in (*FROZEN, *PARAMETER_FIELDS):
            field = self.fields[name]
            field.disabled = True
            field.help_text = FIXED_BY_RUN

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        first = {PARAMETERS_GROUP: PARAMETER_FIELDS}
        return [
            (title, [self[name] for name in (*first.get(title, ()), *names)])
            for title, names in ENDPOINT_GROUPS.items()
        ]

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        others = Endpoint.objects.filter(project=self.instance.project).exclude(pk=self.instance.pk)
        if others.filter(name=name).exists():
            raise forms.ValidationError("An endpoint of this project has this name.")
        return name

    def clean_concurrency(self) -> int:
        if (number := self.cleaned_data["concurrency"]) < 1:
            raise forms.ValidationError("At least one conversation must be allowed.")
        return number

    def clean_timeout_seconds(self) -> int:
        if (seconds := self.cleaned_data["timeout_seconds"]) < 1:
            raise forms.ValidationError("A call needs at least a second.")
        return seconds

    def clean_parameters(self) -> dict[str, Any]:
        parameters = self.cleaned_data["parameters"] or {}
        if not isinstance(parameters, dict):
            raise forms.ValidationError('Write an object, such as {"temperature": 0.7}.')
        return parameters

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.lost = lost_changes(self)
        for bound in self.lost:
            self.add_error(None, f"{bound.label}: not stored. {FIXED_BY_RUN}")
        if cleaned.get("kind") == Endpoint.Kind.OPENAI and not cleaned.get("base_url"):
            if "base_url" not in self.errors:
                self.add_error("base_url", "A model needs the address where its API begins.")
        elif cleaned.get("kind") in (Endpoint.Kind.SIMULATED, Endpoint.Kind.REPLAY):
            cleaned |= {"base_url": "", "key_variable": ""}
        return cleaned

    def _post_clean(self) -> None:
        """Have the engine look at the whole description, once every single entry is in order."""
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        try:
            self.instance.parameters = put_together(self.cleaned_data)
        except forms.ValidationError as error:
            self.add_error("parameters", error)
            return
        try:
            check(self.instance)
        except RespondentError as error:
            self.add_error(FIELD_OF.get(error.kind), str(error))
