"""The form that asks a model to score a run."""

from typing import Any, cast

from django import forms

from accounts.models import Project
from evaluations.definitions.catalogue import DEFAULT_RUBRIC, rubric
from evaluations.models import Endpoint, Rubric

BY_RUBRIC, SECOND_READER = "rubric", "reader"


class _Endpoints(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}: {obj.model}"


class ScoringForm(forms.Form):
    """Which model is to score a run, and how."""

    way = forms.ChoiceField(
        label="What the model does",
        choices=[
            (BY_RUBRIC, "classifies each trial by a rubric"),
            (SECOND_READER, "reads the answers that the rules left open"),
        ],
        initial=BY_RUBRIC,
        widget=forms.RadioSelect,
        help_text="Its scores stand beside all others, under a name of their own.",
    )
    endpoint = _Endpoints(
        queryset=Endpoint.objects.none(),
        empty_label="Choose a model",
        error_messages={"required": "Choose the endpoint that is to be asked."},
    )
    rubric = forms.ModelChoiceField(
        queryset=Rubric.objects.none(),
        empty_label=None,
        required=False,
        help_text="Of a classification; a reader of open answers needs none.",
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        default = rubric(DEFAULT_RUBRIC)
        models = Endpoint.objects.filter(project=project, kind=Endpoint.Kind.OPENAI)
        cast(forms.ModelChoiceField, self.fields["endpoint"]).queryset = models.order_by("name")
        choice = cast(forms.ModelChoiceField, self.fields["rubric"])
        in_reach = Rubric.objects.in_reach_of(project)
        choice.queryset = in_reach.defer("definition").order_by("key", "-id")
        choice.initial = default

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("way") == SECOND_READER:
            cleaned["rubric"] = None
        elif "rubric" not in self.errors and not cleaned.get("rubric"):
            self.add_error("rubric", "Choose the rubric to classify by.")
        return cleaned
