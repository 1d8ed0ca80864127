"""Forms of the reviewer's pages, and the small ones of the researcher's (see study_forms)."""

from typing import Any

from django import forms

from annotations.item_files import ControlRow
from annotations.models import Item, Study
from annotations.questions import choices_of


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


class GuidelineForm(forms.Form):
    """All texts of a guideline, in Markdown."""

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


class ExclusionForm(forms.Form):
    """The reason for an act on a rater."""

    reason = forms.CharField(max_length=300)
    reopen_places = forms.BooleanField(required=False)
