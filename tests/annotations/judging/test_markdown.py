"""Researchers' Markdown becomes the HTML they mean, and never any other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.judging.markdown import to_html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("One\nparagraph.\n\nAnother.", "<p>One paragraph.</p>\n<p>Another.</p>"),
        ("# Title\ntext", "<h3>Title</h3>\n<p>text</p>"),
        ("###### Deep", "<h6>Deep</h6>"),
        ("**bold** and *soft* and `a*b*`", None),
        ("snake_case_name", "<p>snake_case_name</p>"),
        ("2 * 3 * 4", "<p>2 * 3 * 4</p>"),
        ("- one\n- two\n  - inner\n", "<ul><li>one</li><li>two<ul><li>inner</li></ul></li></ul>"),
        ("1. first\n2. second", "<ol><li>first</li><li>second</li></ol>"),
        ("- long\n  entry", "<ul><li>long entry</li></ul>"),
        ("> said *so*", "<blockquote><p>said <em>so</em></p></blockquote>"),
        ("a\n\n---\n\nb", "<p>a</p>\n<hr>\n<p>b</p>"),
        ("```\n<b>\n```", "<pre><code>&lt;b&gt;</code></pre>"),
        ("```\nnever closed", "<pre><code>never closed</code></pre>"),
        (
            "[us](https://example.org/?a=1&b=2)",
            '<p><a href="https://example.org/?a=1&amp;b=2" rel="noopener">us</a></p>',
        ),
    ],
)
def test_markdown_is_html(text, html):
    if html is None:
        html = "<p><strong>bold</strong> and <em>soft</em> and <code>a*b*</code></p>"
    # Blanks between elements mean nothing.
    assert "".join(to_html(text).split()) == "".join(html.split())


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        '[x](https://e.org/"onmouseover="alert(1))',
        "- <img src=x onerror=alert(1)>",
        "> <script>",
        "# <script>",
        "`<script>`",
        "\x000\x00 `<script>`",
    ],
)
def test_what_is_typed_never_becomes_a_tag_or_an_attribute(text):
    html = to_html(text)
    assert "<script" not in html and "<img" not in html
    assert 'href="javascript' not in html and '"onmouseover' not in html


@given(st.text(alphabet="ab*_`#>-+1. \n[]()<\"'&:/\x00", max_size=80))
def test_any_text_is_taken_and_every_tag_is_one_of_ours(text):
    import re

    tags = set(re.findall(r"</?([a-z0-9]+)", to_html(text)))
    assert tags <= {
        *("p", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "code", "pre", "a"),
        *("blockquote", "hr"),
    }
