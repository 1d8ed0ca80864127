"""A passage is kept where it stands in the text and shows what was said, and refused by name."""

import json
from dataclasses import asdict

import pytest

from evaluations.text.passages.spans import (
    MOST,
    Span,
    SpanRefused,
    check,
    digest,
    of_sentences,
    read,
    written,
)

TEXT = "Be kind. 😀 Win!\r\nThen rest."
SHOWN = "Be kind. 😀 Win!\nThen rest."
SIGNS = {"benevolence": "1", "power": "both"}


def span(**changed) -> Span:
    facts = {"start": 0, "end": 8, "dimension": "benevolence", "sign": "1", "quotation": "Be kind."}
    return Span(**(facts | {"text_sha256": digest(TEXT)} | changed))


def test_what_is_written_is_read_again():
    spans = [span(), span(start=9, end=15, dimension="power", sign="-1", quotation="😀 Win!")]
    assert read(written(spans)) == sorted(spans)
    assert (read(""), written([])) == ([], "")


def test_line_ends_are_one_character_and_emoji_too():
    check([span(start=16, end=26, quotation="Then rest.")], [TEXT], SIGNS)
    assert digest(TEXT) == digest(SHOWN)


@pytest.mark.parametrize("sign", ["1", "-1", "both"])
def test_both_holds_passages_of_either_sign(sign):
    check([span(dimension="power", sign=sign)], [TEXT], SIGNS)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"text_sha256": digest("else")}, "another text"),
        ({"quotation": "Be cruel"}, "does not stand where"),
        ({"start": -8}, "does not stand where"),
        ({"end": 999}, "does not stand where"),
        ({"start": 8, "end": 9, "quotation": " "}, "blanks"),
        ({"sign": "-1"}, "something else"),
        ({"dimension": "security"}, "something else"),
    ],
)
def test_a_passage_that_cannot_be_is_refused(changed, said):
    with pytest.raises(SpanRefused, match=said):
        check([span(**changed)], [TEXT], SIGNS)


@pytest.mark.parametrize(
    "raw",
    ["{", "3", "[3]", '[{"start": 1}]', json.dumps([asdict(span()) | {"start": "0"}]), "[" * 9999],
)
def test_what_is_no_list_of_passages_is_refused(raw):
    with pytest.raises(SpanRefused, match="could not be read"):
        read(raw)


def test_more_passages_than_anybody_needs_are_refused():
    with pytest.raises(SpanRefused, match=f"{MOST + 1} passages"):
        read(written(span(start=n, end=n + 1) for n in range(MOST + 1)))


def test_sentences_are_named_by_numbers_through_all_texts():
    found = of_sentences(["One. Two.", "Three. Four."], "power", "1", "2, 3-4")
    assert [one.quotation for one in found] == ["Two.", "Three.", "Four."]
    assert len({one.text_sha256 for one in found}) == 2


@pytest.mark.parametrize("raw", ["0", "9", "two", "2-1", "1-99999"])
def test_what_is_no_number_of_a_sentence_is_refused(raw):
    with pytest.raises(SpanRefused, match="from 1 to 2"):
        of_sentences(["One. Two."], "power", "1", raw)
