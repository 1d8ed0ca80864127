"""The form of an invitation: who comes in, until when, and what they leave with."""

import re
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone

from accounts import clock
from annotations.models import Invitation

CODE = re.compile(r"[A-Za-z0-9_-]{1,100}")
"""A completion code as crowd platforms make them."""

MOST_RATERS = 1_000_000
"""More than anybody invites, and few enough for the column of either database."""


class WayBackField(forms.CharField):
    """What people leave with: a code, or an address to return to; '' for neither."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=300, required=False, **kwargs)

    def validate(self, value: str) -> None:
        super().validate(value)
        if not value or CODE.fullmatch(value):
            return
        try:
            URLValidator(schemes=["https"])(value)
        except ValidationError as error:
            raise ValidationError(
                "This is neither a code (letters, digits, - and _) nor an https:// address."
            ) from error


class InvitationForm(forms.Form):
    """A way into a study for people without an account."""

    name = forms.CharField(max_length=80, help_text="For you: participants do not see it.")
    platform = forms.ChoiceField(
        label="People come from", choices=Invitation.Platform.choices, initial="link"
    )
    most_raters = forms.IntegerField(
        label="Most people",
        min_value=1,
        max_value=MOST_RATERS,
        required=False,
        help_text="Whoever leaves before the end makes room for another.",
    )
    expires_at = forms.DateTimeField(
        label="Ends",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text=f"Nobody new comes in after it. The time is that of {settings.TIME_ZONE}.",
    )
    completion = WayBackField(
        label="When they are done",
        help_text="A completion code, or an address that starts with https://.",
    )
    below = WayBackField(
        label="When they judged too few, or skipped too many",
        help_text="The same for those who stayed below what the study's settings ask for.",
    )
    declined = WayBackField(
        label="When they do not consent",
        help_text="The same for those who say no. Left empty: they are asked to return the task.",
    )
    screen_out = WayBackField(
        label="When they do not qualify",
        help_text="The same for those who did not pass the qualification.",
    )
    failed_attention = WayBackField(
        label="When they missed attention checks",
        help_text="The same for those whose part ended by it.",
    )

    def clean_expires_at(self) -> datetime | None:
        ends = self.cleaned_data["expires_at"]
        if ends is not None and ends <= clock.now():
            now = f"{timezone.localtime():%Y-%m-%d %H:%M} in {settings.TIME_ZONE}"
            raise ValidationError(f"This has passed: it is {now}. Choose a later time.")
        return ends
