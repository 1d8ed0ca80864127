"""Forms of a reviewer: the decision on a dispute, and opening it again."""

from typing import Any

from django import forms

from annotations.disputes.quick_reasons import offered, together
from annotations.forms.asking import Asked
from annotations.models import Study
from annotations.questions.answers import label_and_number, words_for
from annotations.questions.of_study import primary_question
from annotations.questions.question import InvalidJudgment


class DecisionForm(forms.Form):
    """A reviewer's decision: the study's first question as raters are asked it, and a reason: one
    of those offered, words of one's own, or both."""

    quick = forms.ChoiceField(label="Reason", widget=forms.RadioSelect, required=False)
    reason = forms.CharField(
        label="In your own words",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What settled it. It stands beside the decision for good.",
    )

    def __init__(self, *args: Any, study: Study, begun: str = "", **kwargs: Any) -> None:
        """*begun*: what the answer begins with, of what the raters settled on."""
        super().__init__(*args, **kwargs)
        self.fields["quick"].choices = [(one, one) for one in offered(study.quick_reasons)]  # type: ignore[attr-defined]
        self.is_reason_required = study.reason_required
        self.question = primary_question(study)
        self.said = self.question.raw(self.data) if self.is_bound else begun
        self.refused = ""

    @property
    def said_in_words(self) -> str:
        return words_for(self.question, self.said)

    @property
    def asked(self) -> Asked:
        """The question with what was answered and what is wrong with it."""
        fields = {name: str(value) for name, value in self.data.items()}
        return Asked(self.question, self.question.choices(), self.said, self.refused, fields)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["reason"] = together(data.get("quick", ""), data.get("reason", ""))
        if self.is_reason_required and not data["reason"]:
            self.add_error("reason", "Give a reason: it is what makes the decision traceable.")
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
