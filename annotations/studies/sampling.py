"""Drawing units into a study: seeded, stratified, with the weights that undo the draw later.

Every unit has an inclusion probability that is known exactly and above 0, and its weight is one
over it; so the Horvitz-Thompson estimate (the weighted sum over the drawn units, Horvitz & Thompson
1952) is right on average for every total over all units, whatever was drawn more often.
"""

import math
import random
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


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

    *strata* holds the stratum of each unit. Each stratum gets its exact proportion rounded down or
    up, which of the two by chance, so that every unit is drawn with probability size / units. The
    result is in random order, and the same input and seed give the same result. Raises ValueError
    when *size* is below 0 or above the number of units.
    """
    return grouped_draw(strata, [None] * len(strata), {}, size, seed)


def grouped_draw(
    strata: Sequence[Hashable],
    groups: Sequence[Hashable],
    shares: Mapping[Any, float],
    size: int,
    seed: int,
) -> list[Drawn]:
    """Draw *size* units so that groups of interest have chosen shares of the sample.

    *strata* and *groups* hold the stratum and the group of each unit; units of a group without an
    entry in *shares* share what is left. Inside a group the draw is stratified, as in
    `stratified_draw`, so a unit's inclusion probability is (drawn from its group) / (units of its
    group). Raises ValueError for an impossible size, for shares that are no shares, and where a
    group that has units would get no place, because nothing could be said of them later.
    """
    if not 0 <= size <= len(strata):
        raise ValueError(f"cannot draw {size} of {len(strata)}")
    members: dict[Hashable, list[int]] = defaultdict(list)
    for index, group in enumerate(groups):
        members[group if group in shares else None].append(index)
    places = group_places({group: len(units) for group, units in members.items()}, shares, size)
    chance = random.Random(seed)
    drawn = [
        Drawn(index, len(units) / places[group])
        for group, units in members.items()
        for index in _stratified(units, strata, places[group], chance)
    ]
    chance.shuffle(drawn)
    return drawn


def group_places(
    sizes: Mapping[Hashable, int], shares: Mapping[Any, float], size: int
) -> dict[Hashable, int]:
    """Return how many of *size* places each group gets: its share, but no more than it has units.

    None stands for the units in no chosen group: they get the rest, and what the chosen groups
    cannot fill. Raises ValueError as `grouped_draw` does.
    """
    if any(not 0 < share <= 1 for share in shares.values()) or sum(shares.values()) > 1 + 1e-9:
        raise ValueError("shares are above 0 and at most 1, and together at most 1")
    places = {
        group: min(sizes[group], max(1, round(share * size)))
        for group, share in shares.items()
        if sizes.get(group)
    }
    rest = size - sum(places.values())
    others = sizes.get(None, 0)
    if rest < 0 or (others and size and not rest):
        raise ValueError(
            "these shares leave no place for the other units: give smaller ones, or draw more"
        )
    if others:
        places[None] = min(others, rest)
    _spread(places, sizes, size - sum(places.values()))
    return places


def _spread(places: dict[Hashable, int], sizes: Mapping[Hashable, int], left: int) -> None:
    """Give the places *left* over to the groups that have more units, one by one in turn."""
    while left > 0:
        for group in places:
            if left and places[group] < sizes[group]:
                places[group] += 1
                left -= 1


def _stratified(
    units: Sequence[int], strata: Sequence[Hashable], places: int, chance: random.Random
) -> list[int]:
    """Draw *places* of *units*, each with the same probability, stratum by stratum."""
    members: dict[Hashable, list[int]] = defaultdict(list)
    for index in units:
        members[strata[index]].append(index)
    allocation = proportional_allocation(list(map(len, members.values())), places, chance)
    return [
        index
        for inside, number in zip(members.values(), allocation, strict=True)
        for index in chance.sample(inside, number)
    ]


def proportional_allocation(sizes: Sequence[int], total: int, chance: random.Random) -> list[int]:
    """Share *total* places among strata of these *sizes*: each exact proportion rounded down or up.

    Rounding is systematic with a random start (Madow 1949, over the strata in random order): a
    stratum is rounded up with the probability of its remainder, and the sum is *total* always. So a
    stratum too small for a whole place is not left out for good, as rounding to the nearest would.
    """
    population = sum(sizes)
    if not population:
        return [0] * len(sizes)
    allocation = [size * total // population for size in sizes]
    order = list(range(len(sizes)))
    chance.shuffle(order)
    # In units of 1 / population everything is whole: no float can lose a place.
    start, passed = chance.randrange(population), 0
    for at in order:
        before = passed
        passed += sizes[at] * total % population
        # A place falls on each of start, start + population, ... that lies in [before, passed).
        allocation[at] += (passed - start - 1) // population - (before - start - 1) // population
    return allocation
