"""What is asked of a file of judgments: every option that an import has."""

from dataclasses import fields
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from annotations.files.judged_values import scales
from annotations.forms.files import FileForm, columns_named, lines_of, partial_field
from annotations.models import Study
from annotations.studies.imports.asked import Asked, further_in

MOST_FURTHER = 2**20
"""Bytes of a file of further questions."""


class JudgmentFileForm(FileForm):
    what = "judgments"
    study = forms.CharField(label="Name of the new study", max_length=120)
    question = forms.CharField(label="What raters were asked", required=False, max_length=300)
    scale = forms.ChoiceField(choices=[(one, one) for one in scales()])
    categories = forms.CharField(
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="One a line: the values of a nominal or ordinal scale, in order, or the "
        "dimensions of a vector. Numbers have none.",
    )
    ways_out = forms.CharField(
        label="Ways out",
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text="Those of the categories by which a rater said that an item cannot be judged.",
    )
    raters_are = forms.ChoiceField(
        label="Raters are",
        required=False,
        choices=[("", "not said"), *Study.Raters.choices],
        help_text="Fixes the epsilon of the alternative annotator test; say what was fixed before "
        "the data.",
    )
    value_from = forms.CharField(
        label="Question whose answer is the value",
        required=False,
        help_text="Of a file of another program that has several; of a survey, its items, with "
        "commas between.",
    )
    properties = forms.CharField(
        label="Further columns to keep",
        max_length=800,
        required=False,
        help_text="With commas between them: what they say of an item is used to group and filter "
        "by. model, target_value, condition, cluster (or document) and weight are kept anyway.",
    )
    further = forms.FileField(
        label="File of further questions",
        required=False,
        help_text="JSON: a list of questions, whose answers stand in columns answer.KEY.",
    )
    beside = forms.FileField(
        label="File of automated labels",
        required=False,
        help_text="A table with the columns item, scorer and value, or a file of another program; "
        "the first scorer is the metric that the study validates.",
    )
    unscorable = forms.CharField(
        label="Values that are no valid label",
        required=False,
        help_text="Of the automated labels, with commas between. An empty one is none anyway.",
    )
    rater_range = forms.CharField(
        label="Ends of the raters' scale",
        required=False,
        max_length=80,
        help_text="Of numbers: the lower and the upper end, such as 0 10.",
    )
    metric_ranges = forms.CharField(
        label="Ends of metrics' scales",
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text="One a line: scorer, lower and upper end. A metric on another scale than the "
        "raters is compared by correlations.",
    )
    partial = partial_field("rows")

    SECTIONS = (
        ("", ("file", "study", "question", "scale", "categories", "ways_out", "partial")),
        ("Raters and other programs' files", ("raters_are", "value_from", "properties", "further")),
        ("Automated labels", ("beside", "unscorable")),
        ("Ends of scales of numbers", ("rater_range", "metric_ranges")),
    )
    FILES = ("file", "beside", "further")

    def clean_study(self) -> str:
        return self.check_name(self.cleaned_data["study"])

    def clean_categories(self) -> list[str]:
        return lines_of(self.cleaned_data["categories"])

    def clean_ways_out(self) -> list[str]:
        return lines_of(self.cleaned_data["ways_out"])

    def clean_value_from(self) -> list[str]:
        return _words(self.cleaned_data["value_from"])

    def clean_properties(self) -> list[str]:
        return columns_named(self.cleaned_data["properties"])

    def clean_unscorable(self) -> list[str]:
        return _words(self.cleaned_data["unscorable"])

    def clean_rater_range(self) -> list[str]:
        return str(self.cleaned_data["rater_range"]).split()

    def clean_metric_ranges(self) -> list[list[str]]:
        """Scorer, lower and upper end of each; a scorer's name may have blanks."""
        return [line.rsplit(maxsplit=2) for line in lines_of(self.cleaned_data["metric_ranges"])]

    def clean_beside(self) -> UploadedFile | None:
        file: UploadedFile | None = self.cleaned_data["beside"]
        if file:
            self.check_size(file)
        return file

    def clean_further(self) -> list[dict[str, Any]]:
        file: UploadedFile | None = self.cleaned_data["further"]
        if not file:
            return []
        if (file.size or 0) > MOST_FURTHER:
            raise ValidationError("The file has more than 1 MB: it holds no further questions.")
        try:
            return further_in(file.read().decode("utf-8-sig"))
        except ValueError as error:
            raise ValidationError(f"The file holds no further questions: {error}.") from error

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.errors:
            try:
                self.asked.check()
            except ValueError as error:
                self.add_error(_field_of(str(error)), str(error))
        return found

    @property
    def asked(self) -> Asked:
        data = self.cleaned_data
        names = [field.name for field in fields(Asked)]
        return Asked(**{name: data[name] for name in names if name in data})

    @property
    def options(self) -> dict[str, Any]:
        return self.asked.plain() | {"partial": self.cleaned_data["partial"]}


def _field_of(words: str) -> str:
    """The field beside which these words stand."""
    if "range" in words:
        return "metric_ranges" if "metric" in words else "rater_range"
    return "ways_out" if "way out" in words else "categories"


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]
