"""Options, items and the letters they are shown under.

An *item* offers numbered options, each an allocation of payoffs to oneself and to another person.
Options carry two names that must never be mixed up:

* the *option number*, 1 to n, is the option's identity inside the item and never changes;
* the *shown index*, 0 to n - 1, is the place the option had on the screen of one trial, which
  differs from the option number as soon as the options are reversed or shuffled.

A *shown order* is a tuple of option numbers: ``order[index]`` is the option shown at that index.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

LETTERS = "ABCDEFGHI"
"""The labels of the published nine-option format, in order."""


class Allocation(NamedTuple):
    """What one option pays: to the chooser (`self_`) and to the other person, in payoff units."""

    self_: float
    other: float


@dataclass(frozen=True, slots=True)
class Item:
    """One question of a measure: its number and its allocations; option k is ``options[k - 1]``.

    Raises ValueError when there are fewer than two options.
    """

    number: int
    options: tuple[Allocation, ...]

    def __post_init__(self) -> None:
        if len(self.options) < 2:
            raise ValueError(
                f"item {self.number} has {len(self.options)} option(s): a choice needs at least two"
            )

    def allocation(self, option: int) -> Allocation:
        """Return the allocation of an option number; ValueError when the item has no such one."""
        if not 1 <= option <= len(self.options):
            raise ValueError(
                f"item {self.number} has no option {option}: give 1 to {len(self.options)}"
            )
        return self.options[option - 1]

    def in_order(self, order: Sequence[int]) -> tuple[Allocation, ...]:
        """Return the allocations as shown under a shown order (see `check_order`)."""
        return tuple(self.options[option - 1] for option in check_order(order, len(self.options)))

    def rescaled(self, factor: float, shift: float = 0) -> "Item":
        """Return the same item with every payoff p turned into ``factor * p + shift``."""
        return Item(
            self.number,
            tuple(
                Allocation(factor * p.self_ + shift, factor * p.other + shift) for p in self.options
            ),
        )


def letter_of(option: int, labels: Sequence[str] = LETTERS) -> str:
    """Return the label of an option number (1 -> 'A'); ValueError outside the labels."""
    if not 1 <= option <= len(labels):
        raise ValueError(f"no letter for option {option}: give 1 to {len(labels)}")
    return labels[option - 1]


def option_of(letter: str, labels: Sequence[str] = LETTERS) -> int:
    """Return the option number of a label in any case ('c' -> 3); ValueError if unknown."""
    wanted = letter.strip().casefold()
    for option, label in enumerate(labels, start=1):
        if label.casefold() == wanted:
            return option
    raise ValueError(f"{letter!r} is none of the option labels {', '.join(labels)}")


def printed_order(options: int = len(LETTERS)) -> tuple[int, ...]:
    """Return the shown order of options as printed: (1, 2, ..., n)."""
    return tuple(range(1, options + 1))


def check_order(order: Sequence[int], options: int = len(LETTERS)) -> tuple[int, ...]:
    """Return the order as a tuple if it shows every option once, else raise ValueError."""
    if sorted(order) != list(range(1, options + 1)):
        raise ValueError(
            f"the shown order {list(order)} must hold each option number 1 to {options} once"
        )
    return tuple(order)
