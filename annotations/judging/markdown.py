"""Markdown of researchers (CommonMark) as HTML that is safe to show.

Raw HTML is shown as it was typed, images as their words, and a link goes to http, https or mailto,
or stays text. Headings start at ``<h3>``: they stand below the headings of the page.
"""

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

TOP_HEADING = 3
LAST_HEADING = 6
SCHEMES = ("http://", "https://", "mailto:")


def to_html(text: str) -> str:
    """Return *text* as HTML; '' for a text of blanks."""
    parser = _parser()
    tokens = parser.parse(text.replace("\x00", ""))
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = _lowered(token.tag)
        for inner in token.children or ():
            _guard(inner)
    return parser.renderer.render(tokens, parser.options, {}).strip()


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "xhtmlOut": False}).disable("image")
    parser.validateLink = lambda url: url.lower().startswith(SCHEMES)  # type: ignore[method-assign]
    return parser


def _lowered(tag: str) -> str:
    return f"h{min(int(tag[1:]) + TOP_HEADING - 1, LAST_HEADING)}"


def _guard(token: Token) -> None:
    if token.type == "link_open":
        token.attrSet("rel", "noopener")
