"""Markdown of researchers as HTML that is safe to show: everything is escaped first.

The part of Markdown that instructions need: headings, paragraphs, lists (also of two levels),
quotations, code, rules, bold, italics and links. Raw HTML is shown as it was typed. A link goes to
http, https or mailto, or is shown as text. Headings start at ``<h3>``: they stand below the
headings of the page.
"""

import re
from collections.abc import Iterator
from html import escape

TOP_HEADING = 3
LAST_HEADING = 6

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
_RULE = re.compile(r"([-*_])(?:\s*\1){2,}$")
_ENTRY = re.compile(r"(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$")
_FENCE = re.compile(r"```")
_CODE = re.compile(r"`([^`]+)`")
_LINK = re.compile(r"\[([^\]]+)\]\(((?:https?://|mailto:)[^\s)]+)\)")
_BOLD = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_ITALIC = re.compile(r"(?<![\w*_])([*_])(?=\S)(.+?)(?<=\S)\1(?![\w*_])")


def to_html(text: str) -> str:
    """Return *text* as HTML; '' for a text of blanks."""
    return "\n".join(_blocks(text.replace("\r\n", "\n").replace("\x00", "").split("\n")))


def _blocks(lines: list[str]) -> Iterator[str]:
    at = 0
    while at < len(lines):
        line = lines[at].strip()
        if not line:
            at += 1
        elif _FENCE.match(line):
            end = next((n for n in range(at + 1, len(lines)) if _FENCE.match(lines[n])), len(lines))
            yield f"<pre><code>{escape(chr(10).join(lines[at + 1 : end]))}</code></pre>"
            at = end + 1
        elif heading := _HEADING.match(line):
            level = min(len(heading[1]) + TOP_HEADING - 1, LAST_HEADING)
            yield f"<h{level}>{_inline(heading[2])}</h{level}>"
            at += 1
        elif _RULE.match(line):
            yield "<hr>"
            at += 1
        else:
            end = _end_of_block(lines, at)
            yield _block(lines[at:end])
            at = end


def _end_of_block(lines: list[str], start: int) -> int:
    """The line after the list, quotation or paragraph that begins in line *start*."""
    in_list = _ENTRY.match(lines[start])
    quoted = lines[start].lstrip().startswith(">")
    for at in range(start + 1, len(lines)):
        line = lines[at].strip()
        if not line or _HEADING.match(line) or _FENCE.match(line):
            return at
        if not in_list and (_ENTRY.match(lines[at]) or line.startswith(">") != quoted):
            return at
    return len(lines)


def _block(lines: list[str]) -> str:
    if lines[0].lstrip().startswith(">"):
        inner = [line.lstrip().removeprefix(">").removeprefix(" ") for line in lines]
        return f"<blockquote>{chr(10).join(_blocks(inner))}</blockquote>"
    if _ENTRY.match(lines[0]):
        return _list(lines)
    return f"<p>{_inline(' '.join(line.strip() for line in lines))}</p>"


def _list(lines: list[str]) -> str:
    """A list; entries further in than the first are a list of the entry before them."""
    first = _ENTRY.match(lines[0])
    if first is None:
        return _block(lines)
    depth, ordered = len(first[1]), first[2][0].isdigit()
    entries: list[tuple[str, list[str]]] = []
    for line in lines:
        entry = _ENTRY.match(line)
        if entry and len(entry[1]) <= depth:
            entries.append((entry[3], []))
        elif entry or entries[-1][1]:
            entries[-1][1].append(line)
        else:
            entries[-1] = (f"{entries[-1][0]} {line.strip()}", [])
    tag = "ol" if ordered else "ul"
    items = "".join(
        f"<li>{_inline(text)}{_list(inner) if inner else ''}</li>" for text, inner in entries
    )
    return f"<{tag}>{items}</{tag}>"


def _inline(text: str) -> str:
    """Code, links, bold and italics of one line of text, everything else escaped."""
    kept: list[str] = []

    def keep(html: str) -> str:
        kept.append(html)
        return f"\x00{len(kept) - 1}\x00"

    marked = _CODE.sub(lambda found: keep(f"<code>{escape(found[1])}</code>"), text)
    marked = _LINK.sub(
        lambda found: (
            keep(f'<a href="{escape(found[2])}" rel="noopener">') + found[1] + keep("</a>")
        ),
        marked,
    )
    marked = _BOLD.sub(r"<strong>\2</strong>", escape(marked))
    marked = _ITALIC.sub(r"<em>\2</em>", marked)
    return re.sub("\x00(\\d+)\x00", lambda found: kept[int(found[1])], marked)
