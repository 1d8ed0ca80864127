"""Forms of the researcher's and the reviewer's pages."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from accounts.models import Project
from annotations.models import Invitation, Study
from annotations.privacy import find
from annotations.questions import choices_of
from annotations.studies import MAX_OVERLAP, MAX_SEED
from evaluations.models import Run

CODE = re.compile(r"[A-Za-z0-9_-]{1,100}")
"""A completion code as crowd platforms make them."""


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


class InvitationForm(forms.Form):
    """A way into a study for people without an account."""

    name = forms.CharField(max_length=80, help_text="For you: participants do not see it.")
    platform = forms.ChoiceField(
        label="People come from", choices=Invitation.Platform.choices, initial="link"
    )
    most_raters = forms.IntegerField(
        label="Most people",
        min_value=1,
        required=False,
        help_text="Whoever leaves before the end makes room for another.",
    )
    expires_at = forms.DateTimeField(
        label="Ends",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text="Nobody new comes in after it.",
    )
    completion = forms.CharField(
        label="When they are done",
        max_length=300,
        required=False,
        help_text="A completion code, or an address that starts with https://.",
    )
    screen_out = forms.CharField(
        label="When they do not qualify",
        max_length=300,
        required=False,
        help_text="The same for those who did not pass the qualification.",
    )
    failed_attention = forms.CharField(
        label="When they missed attention checks",
        max_length=300,
        required=False,
        help_text="The same for those whose part ended by it.",
    )

    def clean(self) -> dict[str, Any]:
        for name in ("completion", "screen_out", "failed_attention"):
            self._check_way_back(name, self.cleaned_data.get(name, ""))
        return self.cleaned_data

    def _check_way_back(self, name: str, given: str) -> None:
        if not given or CODE.fullmatch(given):
            return
        try:
            URLValidator(schemes=["https"])(given)
        except ValidationError:
            self.add_error(
                name, "This is neither a code (letters, digits, - and _) nor an https:// address."
            )


class ParticipantForm(forms.Form):
    """Somebody to act for, named by their pseudonym or by their id on the platform."""

    name = forms.CharField(
        label="Who",
        max_length=200,
        help_text="The pseudonym, or the id the person has on the platform.",
    )
    act = forms.ChoiceField(
        label="What to do",
        choices=[
            ("returned", "They returned their place: end their part"),
            ("erase", "They asked for it: delete their data"),
        ],
    )

    def __init__(self, *args: Any, study: Study, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.study = study

    def clean(self) -> dict[str, Any]:
        if "name" in self.cleaned_data:
            person = find(self.study, self.cleaned_data["name"].strip())
            if person is None:
                self.add_error("name", "Nobody of that name or id takes part in this study.")
            self.cleaned_data["person"] = person
        return self.cleaned_data
