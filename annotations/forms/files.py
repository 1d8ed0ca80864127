"""What is asked of a file that comes in by the browser."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from accounts.models import Project
from annotations.files.judged_values import Values, scales
from annotations.models import Study
from annotations.questions.question import check_ways_out
from annotations.studies.imports.waiting import LARGEST
from evaluations.definitions.catalogue import instrument
from evaluations.models import Instrument

MEGABYTE = 1024 * 1024


class FileForm(forms.Form):
    """A file, and how it is to be read; `options` of a valid one says the latter."""

    file = forms.FileField(label="File", allow_empty_file=True)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.project = project

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        size = file.size or 0
        if size > LARGEST:
            raise ValidationError(
                f"The file has {size / MEGABYTE:,.0f} MB; a browser brings at most "
                f"{LARGEST // MEGABYTE} MB. On the server, {self.command} takes a file of any size."
            )
        if not size:
            raise ValidationError("The file is empty: it has 0 bytes.")
        return file

    command = ""

    @property
    def options(self) -> dict[str, Any]:
        """How the file of a valid form is to be read; what a row of the database can hold."""
        return {name: value for name, value in self.cleaned_data.items() if name != "file"}


class TrialFileForm(FileForm):
    command = "manage.py import_trials"
    file = forms.FileField(
        label="File",
        allow_empty_file=True,
        help_text="JSON Lines or CSV of ours, a log of inspect_ai (.eval, .json), samples of "
        "lm-evaluation-harness, or Parquet. What it is is told by its content.",
    )
    run = forms.CharField(
        label="Name of the run",
        max_length=120,
        required=False,
        help_text="Left empty: the name of the file. An imported run of that name gets what is "
        "new; what it holds already is not added again.",
    )
    instrument = forms.ModelChoiceField(Instrument.objects.none())
    note = forms.CharField(
        max_length=200, required=False, help_text="Shown with the model of new trials."
    )
    partial = forms.BooleanField(
        label="Import the good trials although others are rejected",
        required=False,
        help_text="Otherwise it is all of them or none. Rejected ones can be downloaded as they "
        "came.",
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, project=project, **kwargs)
        self.fields["instrument"] = forms.ModelChoiceField(
            Instrument.objects.in_reach_of(project), initial=instrument(project=project)
        )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        file = found.get("file")
        name = found.get("run") or (file.name.rpartition(".")[0] or file.name if file else "")
        found["run"] = name[:120]
        return found

    @property
    def options(self) -> dict[str, Any]:
        return super().options | {"instrument": self.cleaned_data["instrument"].pk}


class JudgmentFileForm(FileForm):
    command = "manage.py import_judgments"
    file = forms.FileField(
        label="File",
        allow_empty_file=True,
        help_text="A table with the columns item, rater and value, or a file of Label Studio, "
        "Argilla, doccano, Potato or Qualtrics, or Parquet. What it is is told by its "
        "content.",
    )
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

    def clean_categories(self) -> list[str]:
        return _lines(self.cleaned_data["categories"])

    def clean_ways_out(self) -> list[str]:
        return _lines(self.cleaned_data["ways_out"])

    def clean_value_from(self) -> list[str]:
        return [word.strip() for word in self.cleaned_data["value_from"].split(",") if word.strip()]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if {"scale", "categories", "ways_out"} <= found.keys():
            try:
                values = Values(found["scale"], tuple(found["categories"]))
                check_ways_out(found["ways_out"], values.categories)
            except ValueError as error:
                self.add_error("categories", str(error))
        return found


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
