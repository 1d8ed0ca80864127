"""Tables that come with a form."""

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.core.files.uploadedfile import UploadedFile

from evaluations.text.table_reader import Notes, RejectedFile, Source

Row = TypeVar("Row")


ONLY_CHECK = "Only check the file: say what is read and converted, store nothing"


def read_upload(
    file: UploadedFile | None,
    read: Callable[[Source, Notes], list[Row]],
    notes: Notes | None = None,
) -> list[Row]:
    """Read an uploaded table with *read*; [] for none. Its problems are errors of the form; what
    was converted goes to *notes*."""
    if file is None:
        return []
    try:
        # The bytes are read from memory or from the upload's temporary file, piece by piece.
        return read(file, notes if notes is not None else Notes())
    except RejectedFile as error:
        more = error.total - len(error.problems)
        words = [f"{problem}." for problem in error.problems]
        words += [f"And {more} more."] if more else []
        raise forms.ValidationError(words) from error
