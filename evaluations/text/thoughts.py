"""What a text thinks aloud and what it says: `<think>…</think>` and its kin, apart. Pure."""

import re

_THOUGHT = r"(?:think|thinking|thought|reasoning|reflection|scratchpad)"
_OPENS = re.compile(
    rf"<{_THOUGHT}>|\[{_THOUGHT}\]|\u25c1{_THOUGHT}\u25b7|<\|channel\|>analysis<\|message\|>",
    re.IGNORECASE,
)
_CLOSES = re.compile(
    rf"</{_THOUGHT}>|\[/{_THOUGHT}\]|\u25c1/{_THOUGHT}\u25b7"
    r"|<\|channel\|>final<\|message\|>",
    re.IGNORECASE,
)
_MARKS = re.compile("|".join((_OPENS.pattern, _CLOSES.pattern)), re.IGNORECASE)


def thoughts(text: str) -> tuple[list[tuple[int, int]], bool]:
    """The spans of a text that are thought aloud, and whether the last of them never ends.

    A close without an opening ends a thought that began with the text.
    """
    found: list[tuple[int, int]] = []
    position = 0
    while True:
        opening, close = _OPENS.search(text, position), _CLOSES.search(text, position)
        if close is None:
            if opening is None:
                return found, False
            found.append((opening.start(), len(text)))
            return found, not text[position : opening.start()].strip()
        begins = opening.start() if opening and opening.start() < close.start() else position
        found.append((begins, close.end()))
        position = close.end()


def parted(text: str) -> tuple[str, str]:
    """What a text says, and what it thinks aloud; a text without thoughts is said as it stands."""
    spans, _ = thoughts(text)
    if not spans:
        return text, ""
    said, position = "", 0
    for start, end in spans:
        said += text[position:start] + "\n"
        position = end
    thought = (_MARKS.sub("", text[start:end]).strip() for start, end in spans)
    return (said + text[position:]).strip(), "\n\n".join(filter(None, thought))
