"""Drawing units into a study: seeded, stratified, with the weights that undo the draw later."""

import math
import random
from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Drawn:
    """A unit that was drawn: its index in the sequence given, and 1 / its inclusion probability."""

    index: int
    weight: float


def sample_size(population: int, n: int | None = None, share: float | None = None) -> int:
    """Return how many units of *population* to draw: *n*, or *share* of it (0 < share <= 1, rounded
    up), or all where neither is given.

    Raises ValueError when both are given, or when what is asked for is impossible.
    """
    if n is not None and share is not None:
        raise ValueError("give a number or a share, not both")
    if share is not None:
        if not 0 < share <= 1:
            raise ValueError(f"the share is {share}: it must be above 0 and at most 1")
        return min(population, math.ceil(round(share * population, 9)))
    if n is None:
        return population
    if not 1 <= n <= population:
        raise ValueError(f"cannot draw {n} of {population}: give 1 to {population}")
    return n


def stratified_draw(strata: Sequence[Hashable], size: int, seed: int) -> list[Drawn]:
    """Draw *size* units without replacement, each stratum in proportion to its size.

    *strata* holds the stratum of each unit. Within a stratum every unit is equally likely, so the
    weight of a drawn unit is (units in its stratum) / (drawn from its stratum). The result is in
    random order, and the same input and seed give the same result. Raises ValueError when *size*
    is below 0 or above the number of units.
    """
    if not 0 <= size <= len(strata):
        raise ValueError(f"cannot draw {size} of {len(strata)}")
    members: dict[Hashable, list[int]] = defaultdict(list)
    for index, stratum in enumerate(strata):
        members[stratum].append(index)
    chance = random.Random(seed)
    allocation = proportional_allocation([len(units) for units in members.values()], size)
    drawn = [
        Drawn(index, len(units) / places)
        for units, places in zip(members.values(), allocation, strict=True)
        for index in chance.sample(units, places)
    ]
    chance.shuffle(drawn)
    return drawn


def proportional_allocation(sizes: Sequence[int], total: int) -> list[int]:
    """Share *total* places among strata of these *sizes* by the method of largest remainders.

    Every stratum gets its exact proportion rounded down; the places left go to the largest
    remainders, then to the larger stratum, then to the earlier one. No stratum gets more than its
    size while *total* does not exceed their sum.
    """
    population = sum(sizes)
    if not population:
        return [0] * len(sizes)
    exact = [Fraction(size * total, population) for size in sizes]
    allocation = [math.floor(part) for part in exact]
    order = sorted(range(len(sizes)), key=lambda i: (allocation[i] - exact[i], -sizes[i], i))
    for i in order[: total - sum(allocation)]:
        allocation[i] += 1
    return allocation
