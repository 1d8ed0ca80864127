"""What is varied from cell to cell: targets, how they are given, and a kind's own fields.

Pure: standard library only.
"""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Protocol

INDUCTIONS = ("name", "definition", "none")

VALUE_PLACES = ("dialogue", "system")

GOAL_WORDS = {True: "with goal", False: "without goal"}


@dataclass(frozen=True)
class Target:
    """Something a model can be asked to hold. `ideal` is the kind's own: what a perfect answer to
    it measures (an interval, ten signs), as its figures and scorers know it."""

    key: str
    name: str
    ideal: Any = None


@dataclass(frozen=True)
class Field:
    """One thing a kind can vary from cell to cell.

    `name` is its name in a cell's stored condition and, with dashes, as an option of commands;
    `choices` are (value, words) as the form offers them, the first is the default. An `is_number`
    takes any number its condition accepts where it is typed instead of ticked.
    """

    name: str
    label: str
    choices: tuple[tuple[Any, str], ...]
    help_text: str = ""
    is_number: bool = False

    @property
    def default(self) -> Any:
        return self.choices[0][0]


class OwnCondition(Protocol):
    """A kind's own part of a condition: frozen and hashable, with a value for each `Field` of the
    kind. Raises ValueError for values that do not go together."""

    def stored(self) -> dict[str, Any]:
        """All fields as the JSON a cell keeps."""
        ...

    def identity(self) -> dict[str, Any]:
        """The fields that seeds and keys are made of, in an order that never changes."""
        ...

    def words(self) -> list[str]:
        """What differs from the defaults, each in a few words."""
        ...


@dataclass(frozen=True)
class Condition:
    """What distinguishes one cell from another on the same model.

    Raises ValueError for a combination that cannot be put into words: a target without a way to
    give it, a way without a target, or a baseline with a place for its missing value.
    """

    target: str
    with_goal: bool
    induction: str
    value_place: str
    own: OwnCondition

    def __post_init__(self) -> None:
        for name, known in (("induction", INDUCTIONS), ("value_place", VALUE_PLACES)):
            if getattr(self, name) not in known:
                raise ValueError(f"{name} is {getattr(self, name)!r}, must be {' or '.join(known)}")
        if self.induction == "none" and self.target:
            raise ValueError(f"the baseline induces no value, not {self.target!r}")
        if self.induction == "none" and self.value_place == "system":
            raise ValueError("the baseline has no value to put into a system message")
        if self.induction != "none" and not self.target:
            raise ValueError(f"induction by {self.induction} needs a target value")

    def identity(self) -> dict[str, Any]:
        """The fields that seeds and keys are made of, in an order that never changes."""
        return {
            "target_value": self.target,
            "with_goal": self.with_goal,
            "induction": self.induction,
            "value_place": self.value_place,
            **self.own.identity(),
        }

    def words(self, shared: "Shared | None" = None) -> str:
        """The condition as pages and files write it; of a goal where a kind that knows *shared*
        has a choice."""
        words = [self.target or "no target value"]
        if shared is None or len(shared.goals) > 1:
            words.append(GOAL_WORDS[self.with_goal])
        if self.induction == "definition":
            words.append("by definition")
        if self.value_place == "system":
            words.append("value in the system message")
        return ", ".join([*words, *self.own.words()])


@dataclass(frozen=True)
class Shared:
    """Which of the conditions that every cell has a kind's conversations know: of a goal, of ways
    to give a target, of places to give it at. The first of each is what a design takes that does
    not say; of goals it takes all."""

    goals: tuple[bool, ...] = (True, False)
    inductions: tuple[str, ...] = ("name", "definition")
    value_places: tuple[str, ...] = VALUE_PLACES

    def check(self, condition: Condition, kind: str) -> None:
        """Raises ValueError where *kind*, a kind of that name, does not know the condition."""
        goals = [GOAL_WORDS[goal] for goal in self.goals]
        _check_known("goal", GOAL_WORDS[condition.with_goal], goals, kind)
        if condition.target:
            _check_known("induction", condition.induction, self.inductions, kind)
            _check_known("value_place", condition.value_place, self.value_places, kind)


def _check_known(name: str, value: str, known: Collection[str], kind: str) -> None:
    if value not in known:
        raise ValueError(
            f"{name} is {value!r}: an instrument of {kind} knows only {' and '.join(known)}"
        )


def condition_key(condition: Condition, pack_sha256: str, frame_sha256: str) -> str:
    """What cells of one run and model are told apart by: 64 characters of the condition, the words
    and the scene. Migration 0010 makes the same of cells from before there were kinds."""
    parts = {
        "target": condition.target,
        "with_goal": condition.with_goal,
        "induction": condition.induction,
        "value_place": condition.value_place,
        "own": condition.own.stored(),
        "pack": pack_sha256,
        "frame": frame_sha256,
    }
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
