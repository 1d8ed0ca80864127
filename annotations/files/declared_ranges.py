"""The scales on which imported numbers lie, declared and checked against the numbers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from annotations.scales.numbers import Ends
from annotations.scales.numerals import finite


def ends_of(given: Sequence[str], what: str) -> Ends:
    """Two numbers, the lower first; ValueError, naming *what* they are the ends of."""
    numbers = [finite(text) for text in given]
    low, high = numbers if len(numbers) == 2 else (None, None)
    if low is None or high is None or low >= high:
        raise ValueError(
            f"the range of {what} is {' '.join(given)}: give its lower and its upper end, two "
            "finite numbers, such as 0 10"
        )
    return low, high


def check(ends: Ends, values: Iterable[tuple[str, float]], what: str) -> None:
    """ValueError for the first of *values* (item, number) outside of *ends*."""
    for item, value in values:
        if not ends[0] <= value <= ends[1]:
            raise ValueError(
                f"{what} gave item {item!r} the value {value:g}, outside the declared range from "
                f"{ends[0]:g} to {ends[1]:g}: mend the range or the value"
            )


def as_stored(raters: Ends | None, metrics: Mapping[str, Ends]) -> dict[str, Any]:
    """What `Study.ranges` holds; empty where nothing was declared."""
    found: dict[str, Any] = {"raters": list(raters)} if raters else {}
    if metrics:
        found["metrics"] = {name: list(ends) for name, ends in metrics.items()}
    return found
