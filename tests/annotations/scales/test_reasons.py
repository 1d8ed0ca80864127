"""One rule for the reasons of acts on record."""

import pytest

from annotations.scales.reasons import checked_reason


def test_a_reason_loses_its_blanks():
    assert checked_reason(" guessing\x00 ", 300, ValueError, "") == "guessing"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (" \x00 ", "Give the reason: it stands in the report."),
        ("x" * 301, "The reason has 301 characters: shorten it to 300."),
    ],
)
def test_none_and_too_long_a_reason_is_refused_in_words(raw, words):
    with pytest.raises(ValueError, match=words):
        checked_reason(raw, 300, ValueError, "it stands in the report")
