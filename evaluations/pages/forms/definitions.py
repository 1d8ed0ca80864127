"""The form that a definition is uploaded with."""

from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile

from accounts.models import Project, User
from evaluations.formats.definitions import DefinitionError
from evaluations.pages.definition_pages import Uploaded, store_upload

LARGEST_DEFINITION = 1024 * 1024
"""Bytes; the shipped files have a few thousand."""


class DefinitionForm(forms.Form):
    """A file with an instrument, a prompt pack or a frame."""

    file = forms.FileField(
        label="JSON file",
        help_text="Its entry “format” says what it is. To change a definition, raise its version.",
        widget=forms.ClearableFileInput(attrs={"accept": ".json,application/json"}),
    )
    row: Uploaded
    is_new: bool

    def __init__(
        self, *args: Any, project: Project, actor: User | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.project, self.actor = project, actor

    def clean_file(self) -> UploadedFile:
        file = cast(UploadedFile, self.cleaned_data["file"])
        if (file.size or 0) > LARGEST_DEFINITION:
            raise forms.ValidationError("The file is larger than 1 MB: is it the right one?")
        try:
            name = file.name or "the file"
            self.row, self.is_new = store_upload(file.read(), name, self.project, self.actor)
        except DefinitionError as error:
            raise forms.ValidationError(str(error)) from None
        return file
