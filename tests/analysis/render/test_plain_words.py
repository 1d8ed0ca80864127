"""Words of users mean nothing to the files they stand in, and hide nothing there."""

import re
from html import unescape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from analysis.render.csv import written
from analysis.render.latex import escaped
from analysis.render.pipes import plain, table
from evaluations.text.storable import with_marks_shown

MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
ODD = st.text(alphabet="\\<>[]()!*_`&;#|~ab1. -+=", max_size=24)


def words(html):
    return unescape(re.sub(r"</?(p|table|thead|tbody|tr|th|td)( [^>]*)?>|\n", "", html))


@given(ODD)
@example(r"\<b>x</b>")
@example(r"[a\](http://example.org)")
@example("1. first")
@example("12) twelfth")
@example("&lt;b&gt;")
def test_markdown_shows_them_as_they_are(text):
    said = " ".join(text.split())
    assert words(MARKDOWN.render("x " + plain(text))) == f"x {said}".strip()
    assert words(MARKDOWN.render(plain(text))).strip() == said


@given(ODD)
@example(r"\|")
def test_a_table_in_markdown_shows_them_as_they_are(text):
    html = MARKDOWN.render(table(["head"], [[f"x{text}"]], [False]))
    assert html.count("<td>") == 1
    assert words(html.partition("<tbody>")[2]) == " ".join(f"x{text}".split())


@pytest.mark.parametrize("render", [plain, escaped, lambda text: written([[text]])])
@pytest.mark.parametrize("mark", ["\x1b[31m", "\u202e", "\u2066", "\u200f", "\x07", "\x9b"])
def test_a_mark_that_cannot_be_seen_is_written_out(render, mark):
    found = render(f"model{mark}x")
    assert mark[0] not in found
    assert f"U+{ord(mark[0]):04X}" in found


def test_words_of_other_scripts_stay():
    said = "محايد, 亲社会, न\u200dमस्ते"
    assert with_marks_shown(said) == said
