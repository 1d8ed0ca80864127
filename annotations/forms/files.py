"""What is asked of a file that comes in by the browser."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from accounts.models import Project
from annotations.files.properties import checked_names
from annotations.kinds import kinds_in_words
from annotations.models import Study
from annotations.studies.imports.doors import DOORS
from annotations.studies.imports.waiting import MEGABYTE
from annotations.studies.settings import MAX_OVERLAP
from annotations.studies.studies import StudyRefused, free_name
from evaluations.definitions.catalogue import instrument
from evaluations.models import Instrument


class FileForm(forms.Form):
    """A file, and how it is to be read; `options` of a valid one says the latter."""

    what = ""
    FILES: Sequence[str] = ("file",)
    SECTIONS: Sequence[tuple[str, Sequence[str]]] = ()
    """Titles, and the fields below; those of the first stand open. () for all fields open."""

    file = forms.FileField(label="File", allow_empty_file=True)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.project = project
        self.fields["file"].help_text = DOORS[self.what].takes

    def sections(self) -> Iterator[tuple[str, list[forms.BoundField], bool]]:
        """Title, fields, and whether one of them is to be looked at."""
        for title, names in self.SECTIONS or (("", list(self.fields)),):
            fields = [self[name] for name in names]
            yield title, fields, any(field.errors or field.data for field in fields)

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        self.check_size(file)
        return file

    def check_size(self, file: UploadedFile) -> None:
        size, most = file.size or 0, settings.UPLOAD_LARGEST
        if size > most:
            words = (
                f"The file has {size / MEGABYTE:,.0f} MB; a browser brings at most "
                f"{most // MEGABYTE:,} MB."
            )
            if command := DOORS[self.what].command:
                words += f" On the server, manage.py {command} takes a file of any size."
            raise ValidationError(words)
        if not size:
            raise ValidationError("The file is empty: it has 0 bytes.")

    def check_name(self, name: str) -> str:
        """The name of a new study; ValidationError where it is taken."""
        try:
            return free_name(self.project, name)
        except StudyRefused as error:
            raise ValidationError(str(error)) from error

    @property
    def options(self) -> dict[str, Any]:
        """How the file of a valid form is to be read; what a row of the database can hold."""
        return {name: value for name, value in self.cleaned_data.items() if name not in self.FILES}


def partial_field(what: str) -> forms.BooleanField:
    return forms.BooleanField(
        label=f"Import the good {what} although others are rejected",
        required=False,
        help_text="Otherwise it is all of them or none. What is rejected can be downloaded, as it "
        "came and with the reasons.",
    )


class TrialFileForm(FileForm):
    what = "trials"
    FILES: Sequence[str] = ("file", "beside")
    beside = forms.FileField(
        label="Results of lm-evaluation-harness",
        required=False,
        help_text="For samples of that program alone: its results_....json of the same moment, "
        "which names the model.",
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
    partial = partial_field("trials")

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

    def clean_beside(self) -> UploadedFile | None:
        file: UploadedFile | None = self.cleaned_data["beside"]
        if file:
            self.check_size(file)
        return file

    @property
    def options(self) -> dict[str, Any]:
        return super().options | {"instrument": self.cleaned_data["instrument"].pk}


class DialogueFileForm(TrialFileForm):
    what = "dialogues"
    FILES = ("file",)
    beside = None  # type: ignore[assignment]
    ASKED_WITH = "dialogues"
    """The key of the instrument that dialogues are of, unless another is chosen."""

    labels_as = forms.CharField(
        label="Keep the labels as the judgments of",
        max_length=80,
        required=False,
        help_text="The name of a rater. Left empty, labels that came with the dialogues are not "
        "kept.",
    )
    partial = partial_field("lines")
    field_order = ["file", "run", "labels_as", "instrument", "note", "partial"]

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, project=project, **kwargs)
        usual = instrument(self.ASKED_WITH, project)
        field = self.fields["instrument"]
        field.queryset = Instrument.objects.in_reach_of(project).filter(kind=usual.kind)  # type: ignore[attr-defined]
        field.initial = usual

    def clean_labels_as(self) -> str:
        return str(self.cleaned_data["labels_as"]).strip()


class TextFileForm(FileForm):
    what = "texts"
    study = forms.CharField(
        label="Name of the new study", max_length=120, help_text="Raters see it."
    )
    kind = forms.ChoiceField(
        label="What is asked",
        choices=lambda: list(kinds_in_words().items()),
        help_text="It, its answers and all else can be changed on the study's pages until it is "
        "opened.",
    )
    question = forms.CharField(
        max_length=300, required=False, help_text="In your words; left empty, the usual ones."
    )
    scale = forms.ChoiceField(choices=[("", "–"), *Study.Scale.choices], required=False)
    categories = forms.CharField(
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="One a line: the answers in order, or the dimensions of a vector.",
    )
    ways_out = forms.CharField(
        label="Ways out",
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text="Those of the categories by which a rater says that a text cannot be judged.",
    )
    overlap = forms.IntegerField(
        label="Judgments per text", min_value=1, max_value=MAX_OVERLAP, initial=3
    )
    properties = forms.CharField(
        label="Further columns to keep",
        max_length=800,
        required=False,
        help_text="With commas between them: to group and filter by. model, target_value, "
        "condition, cluster (or document) and weight are kept anyway. Raters see none of it.",
    )
    partial = partial_field("texts")

    ASKED = ("kind", "question", "scale", "categories", "ways_out")
    SECTIONS = (
        ("", ("file", "study", "kind", "question", "overlap", "partial")),
        ("A scale of your own", ("scale", "categories", "ways_out")),
        ("More about the texts", ("properties",)),
    )

    def clean_categories(self) -> list[str]:
        return lines_of(self.cleaned_data["categories"])

    def clean_ways_out(self) -> list[str]:
        return lines_of(self.cleaned_data["ways_out"])

    @property
    def options(self) -> dict[str, Any]:
        """What is asked stands apart, as settings of the study; what is empty is left out."""
        given = super().options
        asked = {name: value for name in self.ASKED if (value := given.pop(name))}
        return given | {"settings": asked}

    def clean_study(self) -> str:
        return self.check_name(self.cleaned_data["study"])

    def clean_properties(self) -> list[str]:
        return columns_named(self.cleaned_data["properties"])


class ControlFileForm(FileForm):
    what = "controls"
    study = forms.ModelChoiceField(Study.objects.none(), label="Study they are for")
    partial = partial_field("items")

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, project=project, **kwargs)
        field = self.fields["study"]
        takes = Study.objects.filter(project=project, archived_at=None)
        takes = takes.exclude(source=Study.Source.IMPORT).exclude(state=Study.State.CLOSED)
        field.queryset = takes  # type: ignore[attr-defined]
        field.to_field_name = "slug"  # type: ignore[attr-defined]

    @property
    def options(self) -> dict[str, Any]:
        return super().options | {"study": self.cleaned_data["study"].pk}


def lines_of(text: str) -> list[str]:
    """The lines of a field that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def columns_named(text: str) -> list[str]:
    """The columns that a field names with commas between; ValidationError for what are none."""
    try:
        return list(checked_names(text.split(",")))
    except ValueError as error:
        raise ValidationError(f"{error}.") from error
