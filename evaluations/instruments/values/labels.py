"""Labels of values as files write them, ``conformity: +1``, and what they say of the ten values.

Nothing is guessed: what is no label is named with its reason. Items roll up to values as the
published code does (microsoft/ValueCompass, MIT). Pure: standard library only.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from evaluations.instruments.values.circle import VALUES
from evaluations.instruments.values.items import value_of_item


class Stance(StrEnum):
    """What a text does with a value that is involved in it."""

    SUPPORTS = "supports"
    OPPOSES = "opposes"
    BOTH = "both"


SIGNS = {Stance.SUPPORTS: 1, Stance.OPPOSES: -1}


class Dirt(StrEnum):
    """What can be wrong with labels."""

    UNKNOWN = "unknown_dimension"
    BAD = "bad_label"
    REPEATED = "repeated_same_sign"
    OPPOSITE = "repeated_opposite_sign"
    NONE = "no_labels"
    ROLLED = "items_differ"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: its code, and in words what, where and how to mend it."""

    code: Dirt
    words: str


@dataclass(frozen=True)
class Labels:
    """What labels say of values. `stances`: of the values involved alone; `last`: the same with
    the sign that came last where both came, which is how the published counts were made."""

    stances: Mapping[str, Stance]
    last: Mapping[str, int]
    problems: tuple[Problem, ...] = ()

    @property
    def vector(self) -> dict[str, int]:
        """-1, 0 or 1 for each of the ten values, both signs as the last of them."""
        return {value: self.last.get(value, 0) for value in VALUES}


_LABEL = re.compile(r"\s*(?P<name>[^:]*?)\s*:\s*(?P<sign>[+-]?)\s*1\s*")


def parse_types(labels: Iterable[object]) -> Labels:
    """What labels of the ten values say, with every problem; ``+1``, ``1`` and ``-1`` in any
    spacing and letter case. A value that is given both signs is 'both'."""
    return _parse(labels, {value: value for value in VALUES}.get)


def parse_items(labels: Iterable[object]) -> Labels:
    """The same of labels of the 54 items, rolled up to the ten values: the union of their signs,
    so that a value whose items differ is 'both'."""
    return _parse(labels, value_of_item)


def disagreements(types: Labels, items: Labels) -> list[Problem]:
    """Where the labels of values are not the union of the signs of their items."""
    return [
        Problem(
            Dirt.ROLLED,
            f"{value}: its items say {items.stances.get(value, 'not involved')}, its label says "
            f"{types.stances.get(value, 'not involved')}",
        )
        for value in VALUES
        if types.stances.get(value) != items.stances.get(value)
    ]


def _parse(labels: Iterable[object], known: Callable[[str], str | None]) -> Labels:
    signs: dict[str, list[int]] = {}
    problems: list[Problem] = []
    said: dict[str, int] = {}
    count = 0
    for label in labels:
        count += 1
        found = _LABEL.fullmatch(label) if isinstance(label, str) else None
        if found is None:
            problems.append(
                Problem(Dirt.BAD, f"{label!r} is no label: write 'NAME: +1' or 'NAME: -1'")
            )
            continue
        name, sign = " ".join(found["name"].casefold().split()), -1 if found["sign"] == "-" else 1
        value = known(name)
        if value is None:
            problems.append(Problem(Dirt.UNKNOWN, f"{found['name']!r} is none of the known values"))
            continue
        if name in said:
            problems.append(_repeated(name, said[name], sign))
        said[name] = sign
        signs.setdefault(value, []).append(sign)
    if not count:
        problems.append(Problem(Dirt.NONE, "there are no labels: unlabelled is not 'not involved'"))
    stances = {value: _stance(signs[value]) for value in VALUES if value in signs}
    return Labels(stances, {value: signs[value][-1] for value in stances}, tuple(problems))


def _repeated(name: str, before: int, sign: int) -> Problem:
    if before == sign:
        return Problem(Dirt.REPEATED, f"{name} is labelled {sign:+d} twice")
    return Problem(Dirt.OPPOSITE, f"{name} is labelled {before:+d} and {sign:+d}: kept as both")


def _stance(signs: list[int]) -> Stance:
    if len(set(signs)) > 1:
        return Stance.BOTH
    return Stance.SUPPORTS if signs[0] > 0 else Stance.OPPOSES
