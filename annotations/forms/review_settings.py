"""What can be set of how disputes of a study are settled."""

from django import forms

from annotations.disputes.quick_reasons import LONGEST, MOST, USUAL


class ReviewFields(forms.Form):
    """Part of the form of a study's settings."""

    quick_reasons = forms.CharField(
        label="Quick reasons",
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        help_text=f"One a line, {MOST} at most of {LONGEST} characters: what a reviewer can give "
        f"as the reason by one key. Left empty: {' '.join(USUAL)}",
    )
    reason_required = forms.BooleanField(
        label="A decision needs a reason",
        required=False,
        initial=True,
        help_text="A quick one is enough. Otherwise it is optional.",
    )

    REVIEWING = (
        "Reviewers",
        "How disputes are settled. It can change at any time.",
        ("quick_reasons", "reason_required"),
        True,
    )
