"""Forms of acts on one rater."""

from typing import Any

from django import forms

from annotations.models import Study
from annotations.taking_part.privacy import find


class ExclusionForm(forms.Form):
    """The reason for an act on a rater."""

    reason = forms.CharField(max_length=300)
    reopen_places = forms.BooleanField(required=False)


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
            ("code", "They want to go on in another browser: show their code"),
            ("erase", "They asked for it: delete their data"),
        ],
    )
    sure = forms.BooleanField(
        label="Yes, delete: it cannot be undone", required=False, help_text="For deleting only."
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
        if self.cleaned_data.get("act") == "erase" and not self.cleaned_data.get("sure"):
            self.add_error("sure", "Tick this to delete somebody's data.")
        return self.cleaned_data
