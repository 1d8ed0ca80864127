"""The form of an item with a known answer."""

from typing import Any

from django import forms

from annotations.files.item_files import ControlRow
from annotations.models import Item, Study


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
