"""The form by which answers of a batch file come back."""

from collections.abc import Iterator
from typing import Any

from django import forms

LARGEST = 200 * 1024 * 1024
"""Bytes of a file of answers, as providers write them."""


class AnswersForm(forms.Form):
    file = forms.FileField(
        label="The file of answers",
        help_text="JSON Lines, as the provider wrote it: the output file, or the error file.",
        allow_empty_file=False,
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(
                f"The file has {file.size:,} bytes, {LARGEST:,} are the most: cut it between lines."
            )
        try:
            for line in file:
                line.decode()
        except UnicodeError as error:
            raise forms.ValidationError(f"The file is not UTF-8 ({error}).") from error
        return file

    def lines(self) -> Iterator[str]:
        file = self.cleaned_data["file"]
        file.seek(0)
        return (line.decode("utf-8-sig") for line in file)
