"""Reasons that a reviewer gives for a decision by one key. Pure."""

from collections.abc import Sequence

USUAL = (
    "The words say it plainly.",
    "As most raters say.",
    "As the metric says.",
    "The words leave it open.",
)
"""What is offered where a study has no reasons of its own."""

MOST, LONGEST = 9, 120
"""How many there may be, for each has a digit, and of how many characters."""


def offered(own: Sequence[str]) -> Sequence[str]:
    """The reasons that reviewers of a study can give by one key: its *own*, or the usual ones."""
    return tuple(own) or USUAL


def why_no_reasons(own: object) -> str:
    """Why *own* cannot be the quick reasons of a study; '' where it can."""
    if not isinstance(own, list) or not all(isinstance(one, str) and one.strip() for one in own):
        return "Quick reasons are a list of words."
    if len(own) > MOST:
        return f"There are {len(own)} quick reasons, and each has a digit: keep {MOST} or fewer."
    if longest := max((one for one in own if len(one) > LONGEST), key=len, default=""):
        return f"{longest[:40]!r}... has {len(longest)} characters: shorten it to {LONGEST}."
    if len(set(own)) < len(own):
        return "A quick reason stands there twice: leave one out."
    return ""


def together(quick: str, own_words: str) -> str:
    """One reason of what was chosen and what was written beside it; either may be empty."""
    return "\n".join(part for part in (quick.strip(), own_words.strip()) if part)
