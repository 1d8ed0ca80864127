"""The options of one item as one trial showed them: labels, payoffs in shown order, wording."""

from collections.abc import Sequence
from dataclasses import dataclass

from .items import LETTERS, Allocation, check_order, printed_order
from .slider import SLIDER, Measure


@dataclass(frozen=True, slots=True)
class ShownOptions:
    """What an answer can refer to.

    `labels` are the labels in shown order and `allocations` the payoffs beside them (empty when
    the payoffs are unknown: nothing is then checked against them). `noun` is the word the prompt
    uses for an option ('option', 'project'). `answer_line` names the line the prompt asked for,
    'Choice' for 'Choice: ...'; the first such line then is the answer, because what a model
    writes after it is an answer to a question nobody asked.

    Raises ValueError when labels are blank, repeat or number fewer than two, or when payoffs are
    given for another number of options.
    """

    labels: tuple[str, ...] = tuple(LETTERS)
    allocations: tuple[Allocation, ...] = ()
    noun: str = "option"
    answer_line: str | None = None

    def __post_init__(self) -> None:
        folded = [label.strip().casefold() for label in self.labels]
        if len(folded) < 2 or "" in folded or len(set(folded)) < len(folded):
            raise ValueError(
                f"option labels must be two or more, distinct, not blank: {self.labels}"
            )
        if self.allocations and len(self.allocations) != len(self.labels):
            raise ValueError(
                f"{len(self.allocations)} allocations for {len(self.labels)} option labels"
            )


def shown(
    item_number: int,
    order: Sequence[int] | None = None,
    *,
    measure: Measure = SLIDER,
    noun: str = "option",
    answer_line: str | None = None,
) -> ShownOptions:
    """Return an item's options under a shown order (None: as printed).

    Labels stay where they are, payoffs move: the first place is always the first label. Map an
    answer back with ``order[index]``. ValueError for an unknown item or an incomplete order.
    """
    item = measure.item(item_number)
    places = check_order(order or printed_order(len(item.options)), len(item.options))
    return ShownOptions(measure.labels, item.in_order(places), noun, answer_line)
