"""The form of a study's further questions: a row for each, checked as questions are."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.text import slugify

from annotations.kinds import question_kinds
from annotations.models import Study
from annotations.questions.of_study import further_question
from annotations.questions.question import MAX_FURTHER


class FurtherForm(forms.Form):
    """One further question; an empty prompt stands for none."""

    prompt = forms.CharField(label="Question", max_length=300, required=False)
    kind = forms.ChoiceField(
        label="Asks for",
        choices=lambda: [(key, kind.asks_for) for key, kind in question_kinds().items()],
        initial="nominal",
    )
    categories = forms.CharField(
        label="Answers or dimensions",
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text="One a line, where the question has answers of its own.",
    )
    ways_out = forms.CharField(
        label="Ways out",
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        help_text="Those of the answers by which a rater says that it cannot be answered.",
    )
    required = forms.BooleanField(label="Must be answered", required=False)
    key = forms.CharField(widget=forms.HiddenInput, required=False)


class BaseFurther(forms.BaseFormSet):
    """The further questions of a study; checked as questions by annotations.questions."""

    questions: list[dict[str, Any]]

    @property
    def errors_found(self) -> bool:
        return self.is_bound and (any(self.errors) or bool(self.non_form_errors()))

    @property
    def is_sent(self) -> bool:
        """Whether the page that was sent had the form on it."""
        return self.is_bound and f"{self.prefix}-TOTAL_FORMS" in self.data

    @property
    def prompts_sent(self) -> list[str]:
        return [prompt for form in self.forms if (prompt := form["prompt"].data)]

    @property
    def is_open(self) -> bool:
        """Whether there is something in it to look at."""
        return self.errors_found or bool(self.initial)

    def clean(self) -> None:
        self.questions = []
        taken: set[str] = set()
        for form in self.forms:
            data = getattr(form, "cleaned_data", {})
            if not data.get("prompt"):
                continue
            entry = {
                "key": data["key"] or free_key(data["prompt"], taken),
                "kind": data["kind"],
                "prompt": data["prompt"],
                "categories": words_of(data["categories"]),
                "ways_out": words_of(data["ways_out"]),
                "required": data["required"],
            }
            try:
                question = further_question(entry)
                if question.key in taken:
                    raise ValueError("this is asked already")
            except ValueError as error:
                form.add_error("prompt", f"{str(error).removeprefix(entry['key'] + ': ')}.")
                continue
            taken.add(question.key)
            self.questions.append(question.as_dict())


FurtherQuestions = forms.formset_factory(
    FurtherForm,
    formset=BaseFurther,
    extra=2,
    max_num=MAX_FURTHER,
    # Nobody's browser sends more; without it Django makes a thousand forms for whoever asks.
    absolute_max=MAX_FURTHER + 1,
    validate_max=True,
)


def further_questions(data: Any, study: Study | None = None) -> BaseFurther:
    """The formset for *data* (None: as the study has them)."""
    entries: Iterable[Mapping[str, Any]] = study.further_questions if study else []
    initial = [
        entry | {name: "\n".join(entry.get(name, [])) for name in ("categories", "ways_out")}
        for entry in (further_question(raw).as_dict() for raw in entries)
    ]
    return FurtherQuestions(data, initial=initial, prefix="further")  # type: ignore[return-value]


def free_key(prompt: str, taken: set[str]) -> str:
    """A short name for the answers to *prompt* that no other question has."""
    base = re.sub(r"[^a-z0-9]+", "_", slugify(prompt))[:30].strip("_")
    base = base if base[:1].isalpha() else f"q_{base}".strip("_")
    if base in ("label", "confidence", "comment"):
        base = f"{base}_asked"
    key, number = base, 2
    while key in taken:
        key, number = f"{base}_{number}", number + 1
    return key


def words_of(text: str) -> list[str]:
    """The lines of a text that hold something."""
    return [line.strip() for line in text.splitlines() if line.strip()]
