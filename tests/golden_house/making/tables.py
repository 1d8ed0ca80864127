"""Tables of judgments and automated labels for imports, made from a seed by plain arithmetic."""

import csv
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

Row = dict[str, Any]
Say = Callable[[random.Random, int], str]
"""What somebody says of an item, by its number."""

MODELS = ("model-a", "model-b", "model-c", "model-d", "model-e")
TARGETS = ("prosocial", "competitive")


def drawn(chance: random.Random, values: Sequence[Any]) -> Any:
    """One of *values*. `random` alone is promised to be the same in every version of Python."""
    return values[int(chance.random() * len(values))]


def near(chance: random.Random, middle: float, spread: float) -> float:
    """A number around *middle*: the sum of four uniform ones, whose SD is *spread*."""
    return middle + spread * 1.7320508 * (sum(chance.random() for _ in range(4)) - 2)


def judgments(seed: int, items: int, raters: int, say: Say, missing: float = 0.15) -> Iterator[Row]:
    """Rows of *raters* who judged most of *items*, with all that a table can say of a judgment.

    Every ninth judgment is repeated later, the last rater is excluded, and a gold item stands
    among the others.
    """
    chance = random.Random(seed)
    for number in range(1, items + 1):
        for rater in range(1, raters + 1):
            if chance.random() < missing:
                continue
            row = {
                "item": f"i{number:03}",
                "rater": f"r{rater}",
                "value": say(chance, number),
                "stage": "",
                "confidence": drawn(chance, ("", 1, 2, 3, 4, 5)),
                "comment": drawn(chance, ("", "", "", "Not sure, 'maybe'.", "=1+1")),
                "seconds": round(5 + 40 * chance.random(), 1),
                "shown_at": f"2026-01-{1 + number % 28:02}T10:{rater:02}:00+00:00",
                "left_out": "rater excluded: too fast" if rater == raters and raters > 3 else "",
                "rater_kind": "simulated" if rater == 1 else "",
            } | of_item(number)
            yield row
            if (number + rater) % 9 == 0:
                yield row | {"value": say(chance, number), "stage": "repeat", "left_out": ""}


def of_item(number: int) -> Row:
    """What is known of an item."""
    return {
        "text": f"Text {number}: „said“, with “quotes”.",
        "model": MODELS[number % len(MODELS)],
        "target_value": TARGETS[number % 2],
        "condition": ("with goal", "without goal")[number // 2 % 2],
        "document": f"doc {number % 11}",
        "weight": (1, 2, 2.5)[number % 3],
        "topic": ("war", "peace", "")[number % 3],
    }


def labels(seed: int, items: int, says: dict[str, Say], from_item: int = 1) -> Iterator[Row]:
    """Automated labels of several scorers, also of items that nobody judged."""
    chance = random.Random(seed)
    for scorer, say in says.items():
        for number in range(from_item, items + 1):
            value = say(chance, number)
            yield {"item": f"i{number:03}", "scorer": scorer, "value": value} | {
                name: word for name, word in of_item(number).items() if name != "text"
            }


def write(path: Path, rows: Iterator[Row] | Sequence[Row]) -> Path:
    """The rows as CSV; the columns are those of the first one."""
    held = list(rows)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(held[0]))
        writer.writeheader()
        writer.writerows(held)
    return path
