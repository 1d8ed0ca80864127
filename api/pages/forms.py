"""The form of the page on which tokens are made."""

from datetime import datetime, timedelta

from django import forms

from accounts import clock
from api.tokens.scopes import Scope

DAYS = ((30, "in 30 days"), (90, "in 90 days"), (365, "in a year"), (0, "never"))


class TokenForm(forms.Form):
    """What a token is for, and how long."""

    name = forms.CharField(
        max_length=80, help_text="What uses it, so that you know which one to revoke."
    )
    scopes = forms.MultipleChoiceField(
        label="It may",
        choices=Scope.choices,
        initial=[Scope.READ],
        widget=forms.CheckboxSelectMultiple,
        help_text="Never more than your roles in this project allow.",
    )
    days = forms.TypedChoiceField(label="It ends", choices=DAYS, coerce=int, initial=90)

    def expires_at(self) -> datetime | None:
        days = self.cleaned_data["days"]
        return clock.now() + timedelta(days=days) if days else None
