"""The form of a receiver."""

from django import forms

from evaluations.background.happened import Event


class KindsForm(forms.Form):
    """What is sent."""

    kinds = forms.MultipleChoiceField(
        label="What is sent",
        choices=[(kind.value, f"{kind.label} ({kind.value})") for kind in Event],
        widget=forms.CheckboxSelectMultiple,
    )


class ReceiverForm(KindsForm):
    """Where it is sent, and what."""

    url = forms.URLField(
        label="Address",
        max_length=500,
        assume_scheme="https",
        help_text="Takes a POST and answers within 15 seconds with a status from 200 to 299.",
    )
    field_order = ["url", "kinds"]
