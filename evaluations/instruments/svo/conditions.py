"""What the slider measure varies from cell to cell: order, answer, items and payoffs shown."""

from dataclasses import asdict, dataclass, replace
from typing import Any, cast

from evaluations.instruments.conditions import Condition, Field

FIELDS: tuple[Field, ...] = (
    Field(
        "option_order",
        "Order of the options",
        (("printed", "as printed"), ("reversed", "reversed"), ("shuffled", "shuffled per trial")),
    ),
    Field(
        "answer_format",
        "Answer",
        (("free", "free answer"), ("constrained", "constrained to a letter")),
    ),
    Field(
        "item_set",
        "Items",
        (("primary", "the primary items"), ("all", "primary and secondary items")),
    ),
    Field(
        "payoff_scale",
        "Payoffs",
        ((1.0, "as printed"), (10.0, "ten times"), (100.0, "a hundred times"), (0.1, "a tenth")),
        "Another unit keeps the geometry, and tells memory from choice.",
        is_number=True,
    ),
)
"""In the order that seeds and keys are made in."""

LEAST_SCALE, LARGEST_SCALE = 0.01, 1000
"""Between them payoffs print exactly."""


@dataclass(frozen=True)
class SliderCondition:
    """Raises ValueError for a value that is none of the known ones."""

    option_order: str = "printed"
    answer_format: str = "free"
    item_set: str = "primary"
    payoff_scale: float = 1.0

    def __post_init__(self) -> None:
        for field in FIELDS:
            known = [value for value, _ in field.choices]
            value = getattr(self, field.name)
            if not field.is_number and value not in known:
                raise ValueError(f"{field.name} is {value!r}, must be {' or '.join(known)}")
        if not LEAST_SCALE <= self.payoff_scale <= LARGEST_SCALE:
            raise ValueError(f"payoff_scale is {self.payoff_scale:g}, must be 0.01 to 1000")

    def times(self, factor: float) -> "SliderCondition":
        """The same with payoffs times *factor*; ten decimals, so that there and back is the same.

        Raises ValueError where the scale leaves its bounds.
        """
        return replace(self, payoff_scale=round(self.payoff_scale * factor, 10))

    def stored(self) -> dict[str, Any]:
        return asdict(self)

    def identity(self) -> dict[str, Any]:
        """All fields in this order; a scale of 1 is none at all."""
        fields = self.stored()
        if self.payoff_scale == 1:
            del fields["payoff_scale"]
        return fields

    def words(self) -> list[str]:
        words = []
        if self.option_order != "printed":
            words.append(f"options {self.option_order}")
        if self.answer_format == "constrained":
            words.append("constrained to a letter")
        if self.item_set == "all":
            words.append("primary and secondary items")
        if self.payoff_scale != 1:
            words.append(f"payoffs x {self.payoff_scale:g}")
        return words


def own(condition: Condition) -> SliderCondition:
    """The part of a cell's condition that this kind made."""
    return cast(SliderCondition, condition.own)
