"""The form of what raters are told and agree to."""

from django import forms


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
