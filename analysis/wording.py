"""Numbers and statistics in words, for pages, Markdown and the answer."""

from __future__ import annotations

from typing import Any

MINUS = "\N{MINUS SIGN}"


def number(value: float, digits: int = 2) -> str:
    """*value* with *digits* decimals and a true minus sign; 0 never has a sign."""
    text = f"{value:,.{digits}f}"
    if float(text.replace(",", "")) == 0:
        text = text.lstrip("-")
    return text.replace("-", MINUS)


def digits_of(statistic: dict[str, Any]) -> int:
    """Decimals that a defined statistic is worth: three for a coefficient, two where it or its
    limits are beyond 1, as degrees are."""
    limits = statistic["interval"] or {"low": 0.0, "high": 0.0}
    return 2 if max(map(abs, (statistic["value"], limits["low"], limits["high"]))) > 1 else 3


def share(value: float) -> str:
    """A proportion as a percentage: '97.5 %', '40 %'."""
    text = f"{100 * value:.1f}".removesuffix(".0")
    return f"{text} %"


def degrees(value: float) -> str:
    return f"{number(value, 1)}°"


def level(statistic: dict[str, Any]) -> str:
    """'95 % interval', by the level of the statistic's interval."""
    return f"{share(statistic['interval']['level'])} interval"


def interval(statistic: dict[str, Any], digits: int = 2) -> str:
    """'95 % interval 0.62 to 0.79', or why there is none."""
    if statistic["interval"] is None:
        return f"no interval: {statistic['interval_reason']}"
    low, high = statistic["interval"]["low"], statistic["interval"]["high"]
    return f"{level(statistic)} {number(low, digits)} to {number(high, digits)}"


def estimate(statistic: dict[str, Any], digits: int = 2) -> str:
    """'0.71 (95 % interval 0.62 to 0.79)', or 'undefined (reason)'."""
    if not statistic["defined"]:
        return f"undefined ({statistic['reason']})"
    return f"{number(statistic['value'], digits)} ({interval(statistic, digits)})"


def inside_brackets(statistic: dict[str, Any], digits: int = 2) -> str:
    """As ``estimate``, for a place that is in brackets already: '0.71, 95 % interval ...'."""
    if not statistic["defined"]:
        return f"undefined: {statistic['reason']}"
    return f"{number(statistic['value'], digits)}, {interval(statistic, digits)}"


COMMON = ("Percent", "Macro", "Agreement", "Balanced", "Bias", "Lower", "Upper", "Slope", "Same")
"""First words of names of statistics that are nobody's name."""


def inline(name: str) -> str:
    """The name of a statistic within a sentence: "Krippendorff's alpha (nominal)"."""
    text, _, more = name.partition(", ")
    if text.split()[0] in (*COMMON, "Within-rater", "Repeatability:"):
        text = text[:1].lower() + text[1:]
    return f"{text} ({more})" if more else text


def sentence(text: str) -> str:
    """*text* with a capital at the start and a full stop at the end."""
    return text[:1].upper() + text[1:].rstrip(".") + "."


def on_scale(scale: str) -> str:
    """'on a nominal scale', 'on an ordinal scale'."""
    return f"on {'a' if scale == 'nominal' else 'an'} {scale} scale"


def count(n: int, what: str, plural: str = "") -> str:
    """'1 item', '12 items', '3,400 items'."""
    return f"{n:,} {what if n == 1 else plural or what + 's'}"


def listed(words: list[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
