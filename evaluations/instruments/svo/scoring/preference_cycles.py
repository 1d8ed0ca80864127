"""Whether the six primary choices hang together.

Each primary item runs from the ideal option of one type of person to that of another, so a choice
says which of the two types the chooser is nearer to. Six items compare all pairs of four types; a
cycle among the six preferences means that no single orientation lies behind them.

Weak evidence: 50.3 % of random patterns pass with option numbers, 41.9 % with printed payoffs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from evaluations.instruments.svo.measure.cutoffs import Orientation
from evaluations.instruments.svo.measure.items import Item
from evaluations.instruments.svo.measure.slider import SLIDER, Measure

_COMPARED: dict[int, tuple[Orientation, Orientation]] = {
    1: (Orientation.PROSOCIAL, Orientation.COMPETITIVE),
    2: (Orientation.COMPETITIVE, Orientation.INDIVIDUALISTIC),
    3: (Orientation.ALTRUISTIC, Orientation.PROSOCIAL),
    4: (Orientation.ALTRUISTIC, Orientation.COMPETITIVE),
    5: (Orientation.INDIVIDUALISTIC, Orientation.ALTRUISTIC),
    6: (Orientation.INDIVIDUALISTIC, Orientation.PROSOCIAL),
}
"""Item number -> the types whose ideal options are its first and its last option."""


class TransitivityRule(StrEnum):
    """How 'nearer' is measured: by option number, or by distance between printed payoffs.

    Printed payoffs are rounded to whole coins, so the middle option of four items is no exact
    middle; by option number it always is, and counts as a tie.
    """

    OPTION = "option"
    PAYOFF = "payoff"


@dataclass(frozen=True, slots=True)
class Transitivity:
    """The finding for one trial; `transitive` is None, with a reason, when an item is missing."""

    transitive: bool | None
    preferences: tuple[tuple[Orientation, Orientation], ...]
    reason: str


def transitivity(
    choices: Mapping[int, int | None],
    rule: TransitivityRule = TransitivityRule.OPTION,
    measure: Measure = SLIDER,
) -> Transitivity:
    """Check the option numbers of primary items 1 to 6 for a cycle of preferences.

    `preferences` lists (preferred type, other type) per item, ties left out. A tie neither
    makes nor closes a cycle. ValueError when the measure lacks one of the six items.
    """
    lean = _lean_by_option if rule is TransitivityRule.OPTION else _lean_by_payoff
    preferences: list[tuple[Orientation, Orientation]] = []
    for number, (first, last) in _COMPARED.items():
        item = measure.item(number)
        option = choices.get(number)
        if option is None or not 1 <= option <= len(item.options):
            return Transitivity(None, (), f"no usable answer to primary item {number}")
        preferences += _preference(lean, item, option, first, last)
    return Transitivity(not _has_cycle(preferences), tuple(preferences), "")


def _preference(
    lean: Callable[[Item, int], int], item: Item, option: int, first: Orientation, last: Orientation
) -> list[tuple[Orientation, Orientation]]:
    side = lean(item, option)
    if side == 0:
        return []
    return [(first, last)] if side < 0 else [(last, first)]


def _lean_by_option(item: Item, option: int) -> int:
    """Return -1 nearer to the first option, 1 nearer to the last, 0 in the middle."""
    twice_middle = len(item.options) + 1
    return (2 * option > twice_middle) - (2 * option < twice_middle)


def _lean_by_payoff(item: Item, option: int) -> int:
    """Return the same by Euclidean distance between the printed payoffs."""
    here, first, last = item.options[option - 1], item.options[0], item.options[-1]
    to_first = (here.self_ - first.self_) ** 2 + (here.other - first.other) ** 2
    to_last = (here.self_ - last.self_) ** 2 + (here.other - last.other) ** 2
    # Rescaled payoffs carry float noise far below one squared coin; it must not break a tie.
    if abs(to_first - to_last) <= 1e-9 * (to_first + to_last):
        return 0
    return 1 if to_last < to_first else -1


def _has_cycle(preferences: list[tuple[Orientation, Orientation]]) -> bool:
    """Whether the graph has a cycle: peel off types that beat nobody until none or no more."""
    edges = list(preferences)
    while edges:
        winners = {winner for winner, _ in edges}
        rest = [edge for edge in edges if edge[1] in winners]
        if len(rest) == len(edges):
            return True
        edges = rest
    return False
