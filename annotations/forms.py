"""Forms of the researcher's and the reviewer's pages."""

from typing import Any

from django import forms

from accounts.models import Project
from annotations.models import Study
from annotations.questions import choices_of
from annotations.studies import MAX_OVERLAP, MAX_SEED
from evaluations.models import Run


class StudyForm(forms.Form):
    """What is needed to draw a study from runs."""

    name = forms.CharField(
        max_length=120,
        help_text="Raters see this name: keep the model and the target value out of it.",
    )
    runs = forms.ModelMultipleChoiceField(
        queryset=Run.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text="Complete trials of these runs are drawn, stratified over their cells.",
    )
    n = forms.IntegerField(
        label="Items", min_value=1, required=False, help_text="Left empty: every complete trial."
    )
    overlap = forms.IntegerField(
        label="Judgments per item", min_value=1, max_value=MAX_OVERLAP, initial=3
    )
    seed = forms.IntegerField(
        min_value=0,
        max_value=MAX_SEED,
        initial=0,
        help_text="The same seed draws the same trials in the same order.",
    )
    instructions = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
        help_text="What raters read before they judge.",
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["runs"].queryset = Run.objects.filter(project=project)  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    """A reviewer's decision."""

    label = forms.CharField()
    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What settled it. It stands beside the decision for good.",
    )

    def __init__(self, *args: Any, study: Study, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(choice.value, choice.value) for choice in choices_of(study)]
        if choices:
            self.fields["label"] = forms.ChoiceField(choices=choices, widget=forms.RadioSelect)


class ReopenForm(forms.Form):
    reason = forms.CharField(
        label="Why it is opened again", widget=forms.Textarea(attrs={"rows": 3})
    )
