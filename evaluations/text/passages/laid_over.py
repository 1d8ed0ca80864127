"""Passages laid over a text: pieces of it, each with all that points at it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True, order=True)
class Passage:
    """Characters of a text that show a sign of a dimension, and who says so; `is_metric`: no
    person."""

    start: int
    end: int
    dimension: str
    sign: str
    by: str
    quotation: str = ""
    is_metric: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a text over which the same passages lie; none where nobody points at them."""

    text: str
    over: tuple[Passage, ...] = ()

    @property
    def sign(self) -> str:
        """The sign they all show, 'both' where they differ, '' where there are none."""
        signs = {passage.sign for passage in self.over}
        return next(iter(signs)) if len(signs) == 1 else "both" if signs else ""

    @property
    def is_of_metric(self) -> bool:
        """Whether only metrics point at it."""
        return bool(self.over) and all(passage.is_metric for passage in self.over)


def laid_over(text: str, passages: Sequence[Passage]) -> list[Piece]:
    """The *text* in pieces, cut wherever a passage begins or ends."""
    bounds = {bound for one in passages for bound in (one.start, one.end)}
    cuts = sorted({0, len(text), *(bound for bound in bounds if 0 <= bound <= len(text))})
    pieces = []
    for start, end in pairwise(cuts):
        over = tuple(sorted(one for one in passages if one.start <= start and one.end >= end))
        pieces.append(Piece(text[start:end], over))
    return pieces
