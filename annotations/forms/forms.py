"""Forms of the reviewer's pages, and the small ones of the researcher's (see study_forms)."""

import re
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone

from annotations.files.item_files import ControlRow
from annotations.forms.asking import Asked
from annotations.models import Invitation, Item, Study
from annotations.questions.questions import (
    InvalidJudgment,
    label_and_number,
    primary_question,
    words_for,
)
from annotations.taking_part.privacy import find

CODE = re.compile(r"[A-Za-z0-9_-]{1,100}")
"""A completion code as crowd platforms make them."""

MOST_RATERS = 1_000_000
"""More than anybody invites, and few enough for the column of either database."""


class DecisionForm(forms.Form):
    """A reviewer's decision: the study's first question as raters are asked it, and a reason."""

    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What settled it. It stands beside the decision for good.",
    )

    def __init__(self, *args: Any, study: Study, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.question = primary_question(study)
        self.said = self.question.raw(self.data)
        self.refused = ""

    @property
    def said_in_words(self) -> str:
        return words_for(self.question, self.said)

    @property
    def asked(self) -> Asked:
        """The question with what was answered and what is wrong with it."""
        return Asked(self.question, self.question.choices(), self.said, self.refused)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        try:
            data["label"], _number = label_and_number(self.question, self.said)
        except InvalidJudgment as invalid:
            self.refused = str(invalid)
            self.add_error(None, self.refused)
        return data


class ReopenForm(forms.Form):
    reason = forms.CharField(
        label="Why it is opened again", widget=forms.Textarea(attrs={"rows": 3})
    )


class GuidelineForm(forms.Form):
    """All texts of a guideline, in Markdown; *based_on* is the version they were written from."""

    based_on = forms.IntegerField(required=False, widget=forms.HiddenInput)

    about = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="What the study is about, who does it, how long it takes.",
    )
    consent = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="What raters agree to. Left empty: they are not asked. A change is put to those "
        "who agreed to an earlier version before they go on.",
    )
    instructions = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": 10}), help_text="How to judge."
    )
    codebook = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="The rules to look up while judging.",
    )
    thanks = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What raters read when they are done.",
    )


class ControlForm(forms.Form):
    """One item with a known answer: a trial or a text."""

    kind = forms.ChoiceField(choices=[c for c in Item.Kind.choices if c[0] != Item.Kind.REGULAR])
    trial = forms.IntegerField(
        required=False,
        min_value=1,
        help_text="The number in the address of its page. Or give a text below.",
    )
    answer_number = forms.IntegerField(label="Answer of the trial", required=False, min_value=1)
    text = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 4}))
    expected = forms.CharField(
        label="Expected answer",
        max_length=200,
        help_text="Several right answers with | between them; a number may say how far off is "
        "still right: 45±5.",
    )
    feedback = forms.CharField(
        label="Why that is right",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, study: Study, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if study.unit != Study.Unit.ANSWER:
            del self.fields["answer_number"]
        if study.unit == Study.Unit.TEXT:
            del self.fields["trial"]
            self.fields["text"].required = True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "trial" in self.fields and bool(data.get("trial")) == bool(data.get("text")):
            self.add_error(None, "Give a trial or a text, one of the two.")
        return data

    def row(self) -> ControlRow:
        return ControlRow(**self.cleaned_data)


class ControlFileForm(forms.Form):
    """Items with a known answer from a file."""

    file = forms.FileField(
        label="File of control items",
        help_text="CSV with the columns kind, expected, and trial (with answer) or text; feedback "
        "if wanted.",
    )
    only_check = forms.BooleanField(
        label="Only check the file: say what is read and converted, store nothing", required=False
    )


class ExclusionForm(forms.Form):
    """The reason for an act on a rater."""

    reason = forms.CharField(max_length=300)
    reopen_places = forms.BooleanField(required=False)


WAYS_BACK = ("completion", "below", "declined", "screen_out", "failed_attention")
"""Fields of an invitation that hold a code, or the address to return to."""


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
    completion = forms.CharField(
        label="When they are done",
        max_length=300,
        required=False,
        help_text="A completion code, or an address that starts with https://.",
    )
    below = forms.CharField(
        label="When they judged too few, or skipped too many",
        max_length=300,
        required=False,
        help_text="The same for those who stayed below what the study's settings ask for.",
    )
    declined = forms.CharField(
        label="When they do not consent",
        max_length=300,
        required=False,
        help_text="The same for those who say no. Left empty: they are asked to return the task.",
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

    def clean_expires_at(self) -> datetime | None:
        ends = self.cleaned_data["expires_at"]
        if ends is not None and ends <= timezone.now():
            now = f"{timezone.localtime():%Y-%m-%d %H:%M} in {settings.TIME_ZONE}"
            raise ValidationError(f"This has passed: it is {now}. Choose a later time.")
        return ends

    def clean(self) -> dict[str, Any]:
        for name in WAYS_BACK:
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
