"""A text is cut into numbered sentences that are the whole text again."""

import pytest

from evaluations.text.passages.sentences import sentences


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("One. Two! Three?", ["One. ", "Two! ", "Three?"]),
        ("He said “no.” Then he left.", ["He said “no.” ", "Then he left."]),
        ("It costs 3.50 in all, e.g. today.", ["It costs 3.50 in all, e.g. today."]),
        ("1. Ask Dr. Who.\n2. Wait.", ["1. Ask Dr. Who.\n", "2. Wait."]),
        ("第一句。第二句！", ["第一句。", "第二句！"]),
        ("ما هذا؟ لا أعرف.", ["ما هذا؟ ", "لا أعرف."]),
        ("A title\n\nand a line", ["A title\n\n", "and a line"]),
        ("Well… 😀 yes.", ["Well… ", "😀 yes."]),
        ("no end", ["no end"]),
        ("Twice.  \n ", ["Twice.  \n "]),
        (" \n ", []),
        ("", []),
    ],
)
def test_sentences_are_cut_where_they_end(text, cut):
    found = sentences(text)
    assert [one.text for one in found] == cut
    assert [text[one.start : one.end] for one in found] == cut


def test_numbers_go_on_where_another_text_ended():
    assert [one.number for one in sentences("One. Two.", 4)] == [4, 5]


def test_a_long_text_is_cut_whole():
    text = "A sentence of some words. " * 1200
    assert "".join(one.text for one in sentences(text)) == text
