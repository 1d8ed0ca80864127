"""The slider measure of social value orientation, and the shape any rescaled version of it has.

Items: Murphy, Ackermann & Handgraaf (2011), Measuring social value orientation, Judgment and
Decision Making 6(8), 771-781, in the nine-option paper format. The angle uses the six primary
items; the nine secondary items tell inequality aversion from joint-gain maximisation.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from .items import LETTERS, Allocation, Item


@dataclass(frozen=True, slots=True)
class Measure:
    """A set of items with the labels of their options and the geometry that scoring needs.

    `centre` is the payoff to both at the centre of the ring (50 as published) and `unit` the size
    of one published coin in this measure's payoffs; both follow an affine change of payoffs, so
    a rescaled measure gives the same angles. Raises ValueError when item numbers repeat, labels
    repeat or are blank, the number of options differs from the number of labels, there is no
    primary item, or the unit is not positive.
    """

    name: str
    primary: tuple[Item, ...] = field(repr=False)
    secondary: tuple[Item, ...] = field(default=(), repr=False)
    labels: tuple[str, ...] = tuple(LETTERS)
    centre: float = 50
    unit: float = 1

    def __post_init__(self) -> None:
        if not self.primary:
            raise ValueError(f"measure {self.name!r} has no primary item: the angle needs some")
        if not self.unit > 0:
            raise ValueError(f"measure {self.name!r}: unit is {self.unit}, it must be above 0")
        self._check_labels()
        self._check_items()

    def _check_labels(self) -> None:
        folded = [label.strip().casefold() for label in self.labels]
        if "" in folded:
            raise ValueError(f"measure {self.name!r}: an option label is blank")
        if len(set(folded)) < len(folded):
            raise ValueError(
                f"measure {self.name!r}: option labels must differ in more than case, "
                f"got {', '.join(self.labels)}"
            )

    def _check_items(self) -> None:
        seen: set[int] = set()
        for item in self.items:
            if item.number in seen:
                raise ValueError(f"measure {self.name!r}: item {item.number} appears twice")
            seen.add(item.number)
            if len(item.options) != len(self.labels):
                raise ValueError(
                    f"measure {self.name!r}, item {item.number}: {len(item.options)} options "
                    f"for {len(self.labels)} labels"
                )

    @property
    def items(self) -> tuple[Item, ...]:
        """All items, primary ones first."""
        return self.primary + self.secondary

    def item(self, number: int) -> Item:
        """Return the item of a number; ValueError naming the numbers there are."""
        for item in self.items:
            if item.number == number:
                return item
        known = ", ".join(str(item.number) for item in self.items)
        raise ValueError(f"measure {self.name!r} has no item {number}: it has {known}")

    def rescaled(self, factor: float, shift: float = 0, name: str = "") -> "Measure":
        """Return this measure in other payoffs, ``factor * payoff + shift``, with equal angles."""
        if not factor > 0:
            raise ValueError(f"the factor must be above 0 to keep the geometry, got {factor}")
        return replace(
            self,
            name=name or f"{self.name} x{factor:g}{shift:+g}",
            primary=tuple(item.rescaled(factor, shift) for item in self.primary),
            secondary=tuple(item.rescaled(factor, shift) for item in self.secondary),
            centre=factor * self.centre + shift,
            unit=factor * self.unit,
        )


def _item(number: int, own: Sequence[int], other: Sequence[int]) -> Item:
    return Item(number, tuple(Allocation(*pair) for pair in zip(own, other, strict=True)))


# The sequences of payoffs the items are made of; each item runs one against another.
_CONSTANT = (85,) * 9
_DOWN_85_15 = (85, 76, 68, 59, 50, 41, 33, 24, 15)
_UP_85_100 = (85, 87, 89, 91, 93, 94, 96, 98, 100)
_UP_15_50 = (15, 19, 24, 28, 33, 37, 41, 46, 50)
_UP_50_85 = (50, 54, 59, 63, 68, 72, 76, 81, 85)
_DOWN_100_85 = (100, 98, 96, 94, 93, 91, 89, 87, 85)
_DOWN_100_15 = (100, 89, 79, 68, 58, 47, 36, 26, 15)
_DOWN_100_50 = (100, 94, 88, 81, 75, 69, 63, 56, 50)
_UP_50_100 = (50, 56, 63, 69, 75, 81, 88, 94, 100)
_DOWN_100_70 = (100, 96, 93, 89, 85, 81, 78, 74, 70)
_UP_70_100 = (70, 74, 78, 81, 85, 89, 93, 96, 100)
_UP_90_100 = (90, 91, 93, 94, 95, 96, 98, 99, 100)
_DOWN_100_90 = (100, 99, 98, 96, 95, 94, 93, 91, 90)

PRIMARY: tuple[Item, ...] = (
    _item(1, _CONSTANT, _DOWN_85_15),
    _item(2, _UP_85_100, _UP_15_50),
    _item(3, _UP_50_85, _DOWN_100_85),
    _item(4, _UP_50_85, _DOWN_100_15),
    _item(5, _DOWN_100_50, _UP_50_100),
    _item(6, _DOWN_100_85, _UP_50_85),
)
"""The six items of the angle."""

SECONDARY: tuple[Item, ...] = (
    _item(7, _DOWN_100_70, _UP_50_100),
    _item(8, _UP_90_100, _DOWN_100_90),
    _item(9, _DOWN_100_50, _UP_70_100),
    _item(10, _DOWN_100_90, _UP_70_100),
    _item(11, _UP_70_100, _DOWN_100_70),
    _item(12, _UP_50_100, _DOWN_100_90),
    _item(13, _UP_50_100, _DOWN_100_50),
    _item(14, _DOWN_100_70, _UP_90_100),
    _item(15, _UP_90_100, _DOWN_100_50),
)
"""The nine items of the inequality-aversion / joint-gain index; they never enter the angle."""

SLIDER = Measure("SVO slider measure", PRIMARY, SECONDARY)
"""The published measure: six primary and nine secondary items, options A to I, centre 50."""
