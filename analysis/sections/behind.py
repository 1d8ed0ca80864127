"""What asks for the items behind a number of a report, and what answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.data.frozen import BoolArray

if TYPE_CHECKING:
    from analysis.sections.computing import Computing

Query = Mapping[str, str]
Met = tuple[str, BoolArray]
"""A condition in words, and which items meet it."""


class NoSuchNumber(LookupError):
    """The report has no number of that kind."""


def place_of(names: list[str], name: str, what: str) -> int:
    """The place of *name* among the names of *what*; NoSuchNumber where there is none."""
    if name not in names:
        raise NoSuchNumber(f"The report has no {what} {name!r}.")
    return names.index(name)


def rater_of(computing: Computing, name: str) -> int:
    """The number of the rater with that pseudonym."""
    return place_of(computing.data.pseudonyms, name, "rater")


def among(computing: Computing, items: Any) -> BoolArray:
    """The items that occur in a column of them."""
    mask = np.zeros(computing.data.n_items, dtype=bool)
    mask[items] = True
    return mask
