"""The scale that a study declares or a kind of question has, by its name."""

from __future__ import annotations

from functools import lru_cache

from annotations.scales.categories import Category, Ordinal
from annotations.scales.numbers import Number
from annotations.scales.scale import INTERVAL, NOMINAL, ORDINAL, VECTOR, Scale
from annotations.scales.vectors import Vector


@lru_cache(maxsize=256)
def scale_of(
    name: str,
    categories: tuple[str, ...] = (),
    tolerance: float | None = None,
    ways_out: tuple[str, ...] = (),
) -> Scale:
    """The scale that is called *name*: what a study declares, or a kind of question has.

    *categories*: in their order; the dimensions of a vector. ValueError for an unknown name.
    """
    if name == NOMINAL:
        return Category(categories, ways_out)
    if name == ORDINAL:
        return Ordinal(categories, ways_out)
    if name == INTERVAL:
        return Number(tolerance, ways_out)
    if name == VECTOR:
        return Vector(categories, ways_out)
    raise ValueError(f"unknown scale {name!r}: use nominal, ordinal, interval or vector")
