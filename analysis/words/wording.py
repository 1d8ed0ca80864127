"""Numbers and statistics in words, for pages, Markdown and the answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

MINUS = "\N{MINUS SIGN}"


MOST_DIGITS = 6
ROUNDING = 1e-12
"""What lies as near to a mark as this is the mark: the rest is the arithmetic of floats."""


def decimals(values: Iterable[float], least: int = 2, marks: Iterable[float] = (0.0,)) -> int:
    """The fewest decimals, from *least* on, with which none of *values* is printed as one of
    *marks* that it is not: a limit of -0.0034 is no 0.00, and an alpha of .7996 is no 0.80 beside a
    cut-off of .8. The one rule by which numbers in words are rounded."""
    held, marks = list(values), list(marks)
    for digits in range(least, MOST_DIGITS):
        if not any(_hidden(value, mark, digits) for value in held for mark in marks):
            return digits
    return max(least, MOST_DIGITS)


def _hidden(value: float, mark: float, digits: int) -> bool:
    apart = abs(value - mark)
    return apart > ROUNDING and round(value, digits) == round(mark, digits)


def number(value: float, digits: int = 2) -> str:
    """*value* with *digits* decimals and a true minus sign; more where it would be printed as 0
    without being 0, and as '< 0.000001' where even that is none. 0 never has a sign."""
    text = f"{value:,.{decimals([value], digits)}f}"
    if float(text.replace(",", "")) == 0:
        if abs(value) > ROUNDING:
            least = f"0.{'0' * (MOST_DIGITS - 1)}1"
            return f"> {MINUS}{least}" if value < 0 else f"< {least}"
        text = f"{0:.{digits}f}"
    return text.replace("-", MINUS)


def digits_of(statistic: dict[str, Any], least: int | None = None) -> int:
    """Decimals that a defined statistic is worth: three for a coefficient, two where it or its
    limits are beyond 1, as those in a unit are; or *least*. More where one would pass for 0."""
    limits = statistic["interval"] or {"low": 0.0, "high": 0.0}
    values = (statistic["value"], limits["low"], limits["high"])
    if least is None:
        least = 2 if max(map(abs, values)) > 1 else 3
    return decimals(values, least)


def share(value: float) -> str:
    """A proportion as a percentage: '97.5 %', '40 %'; only none is '0 %' and only all '100 %'."""
    percent = 100 * value
    digits = decimals([percent], 1, (0.0, 100.0))
    text = f"{percent:.{digits}f}"
    return f"{text.rstrip('0').rstrip('.')} %".replace("-", MINUS)


def level(statistic: dict[str, Any]) -> str:
    """'95 % interval', by the level of the statistic's interval."""
    return f"{share(statistic['interval']['level'])} interval"


def interval(statistic: dict[str, Any], digits: int = 2) -> str:
    """'95 % interval 0.62 to 0.79', or why there is none."""
    if statistic["interval"] is None:
        return f"no interval: {statistic['interval_reason']}"
    low, high = statistic["interval"]["low"], statistic["interval"]["high"]
    digits = decimals((low, high), digits)
    return f"{level(statistic)} {number(low, digits)} to {number(high, digits)}"


def estimate(statistic: dict[str, Any], digits: int = 2) -> str:
    """'0.71 (95 % interval 0.62 to 0.79)', or 'undefined (reason)'."""
    if not statistic["defined"]:
        return f"undefined ({statistic['reason']})"
    digits = digits_of(statistic, digits)
    return f"{number(statistic['value'], digits)} ({interval(statistic, digits)})"


def inside_brackets(statistic: dict[str, Any], digits: int = 2) -> str:
    """As ``estimate``, for a place that is in brackets already: '0.71, 95 % interval ...'."""
    if not statistic["defined"]:
        return f"undefined: {statistic['reason']}"
    digits = digits_of(statistic, digits)
    return f"{number(statistic['value'], digits)}, {interval(statistic, digits)}"


def share_estimate(statistic: dict[str, Any]) -> str:
    """'97.5 % (95 % interval 91.2 % to 99.3 %)' of a defined statistic that is a share."""
    if statistic["interval"] is None:
        return f"{share(statistic['value'])} (no interval: {statistic['interval_reason']})"
    low, high = statistic["interval"]["low"], statistic["interval"]["high"]
    return f"{share(statistic['value'])} ({level(statistic)} {share(low)} to {share(high)})"


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


def scale_of(study: Mapping[str, Any]) -> str:
    """What the scale of a study is called: vectors are no nominal scale to a reader."""
    return "vector" if study.get("dimensions") else str(study["scale"])


def on_scale(study: Mapping[str, Any]) -> str:
    """'on a nominal scale', 'on an ordinal scale', 'on vectors of kindness and fairness'."""
    if dimensions := study.get("dimensions"):
        return f"as vectors of {listed([str(name) for name in dimensions])}"
    scale = scale_of(study)
    return f"on {'a' if scale == 'nominal' else 'an'} {scale} scale"


def count(n: int, what: str, plural: str = "") -> str:
    """'1 item', '12 items', '3,400 items'."""
    return f"{n:,} {what if n == 1 else plural or what + 's'}"


def listed(words: list[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
