"""What a researcher may choose about a report: what goes in, and how it is computed."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from analysis.words.thresholds import ThresholdError, checked, in_force
from analysis.words.wording import count, listed

SEED = 20230517
REPLICATES = 2000
LEVEL = 0.95

OF_ITEMS = ("models", "target_values", "conditions", "languages")
"""Choices that keep the items of some cells only."""
LISTS = ("exclude_raters", "exclude_items", "raters", "kinds", *OF_ITEMS)
PROPERTIES = "properties"
"""A list too, which stands among the choices only where it is made: data sets from before it keep
their hash."""


class ParameterError(ValueError):
    """A choice that cannot be followed, with what is wrong and what is allowed."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """Choices of one report. The first block selects the data, the second drives the computing.

    ``scorer`` is the name of an automated metric, or ``name@version``; empty takes every scorer in
    its newest version. Exclusions name raters by pseudonym and items by key; ``raters``
    (pseudonyms) and ``kinds`` (person, simulated, imported) keep these alone. ``models``,
    ``target_values`` ('none' is the baseline), ``conditions`` and ``languages`` keep the items of
    such cells alone; ``properties`` ('topic=war') the items with such a property.
    An empty choice keeps everything. ``level`` is the confidence level of all intervals;
    ``thresholds`` are (code, value) pairs where they differ from ``analysis.words.thresholds``.
    ``crosscheck`` has pingouin compute the ICCs as well.
    Equal choices are equal values: lists are sets, sorted. ParameterError on a value out of range.
    """

    scorer: str = ""
    exclude_raters: tuple[str, ...] = ()
    exclude_items: tuple[str, ...] = ()
    raters: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    target_values: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()

    seed: int = SEED
    replicates: int = REPLICATES
    level: float = LEVEL
    thresholds: tuple[tuple[str, float], ...] = ()
    crosscheck: bool = False

    def __post_init__(self) -> None:
        for name in (*LISTS, PROPERTIES):
            object.__setattr__(self, name, tuple(sorted(set(getattr(self, name)))))
        lists = [getattr(self, name) for name in (*LISTS, PROPERTIES)]
        if any("\0" in text for texts in lists for text in (self.scorer, *texts)):
            raise ParameterError("A name cannot hold a zero byte.")
        if wrong := [choice for choice in self.properties if "=" not in choice]:
            raise ParameterError(
                f"{wrong[0][:40]!r} chooses by no property: write its name and what it is, such as "
                "topic=war."
            )
        if not 0 <= self.seed < 2**63:
            raise ParameterError(f"seed {self.seed} is out of range: use 0 to 2^63 - 1.")
        if not 100 <= self.replicates <= 100_000:
            raise ParameterError(
                f"{self.replicates} bootstrap replicates: use between 100 and 100,000."
            )
        if not 0.5 <= self.level < 1:
            raise ParameterError(f"confidence level {self.level}: use a share from 0.5 below 1.")
        try:
            object.__setattr__(self, "thresholds", checked(dict(self.thresholds)))
        except ThresholdError as error:
            raise ParameterError(str(error)) from None

    def selection(self) -> dict[str, Any]:
        """What decides which rows are in the data set, JSON-safe and in one order."""
        chosen = {"scorer": self.scorer} | {name: list(getattr(self, name)) for name in LISTS}
        return chosen | ({PROPERTIES: list(self.properties)} if self.properties else {})

    def to_dict(self) -> dict[str, Any]:
        """All choices, JSON-safe."""
        return self.selection() | {
            "seed": self.seed,
            "replicates": self.replicates,
            "level": self.level,
            "thresholds": dict(self.thresholds),
            "crosscheck": self.crosscheck,
        }

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Parameters:
        """The choices that ``to_dict`` gave."""
        known = {field.name for field in fields(cls)}
        if unknown := set(stored) - known:
            raise ParameterError(f"unknown parameter(s): {', '.join(sorted(unknown))}.")
        lists = (*LISTS, PROPERTIES)
        given: dict[str, Any] = {k: tuple(v) if k in lists else v for k, v in stored.items()}
        given["thresholds"] = tuple(dict(stored.get("thresholds", {})).items())
        return cls(**given)

    @property
    def of_items(self) -> dict[str, tuple[str, ...]]:
        """The choices among items that are made, by their name."""
        return {name: chosen for name in OF_ITEMS if (chosen := getattr(self, name))}

    @property
    def of_properties(self) -> dict[str, tuple[str, ...]]:
        """The words that are wanted of each property that is chosen by."""
        pairs = [choice.split("=", 1) for choice in self.properties]
        names = dict.fromkeys(name for name, _ in pairs)
        return {name: tuple(word for one, word in pairs if one == name) for name in names}

    @property
    def scorer_name(self) -> str:
        return self.scorer.partition("@")[0]

    @property
    def scorer_version(self) -> str:
        return self.scorer.partition("@")[2]


DEFAULTS = Parameters()

WORDS = {
    "models": ("model", "models"),
    "target_values": ("target value", "target values"),
    "conditions": ("condition", "conditions"),
    "languages": ("language", "languages"),
    "raters": ("rater", "raters"),
    "kinds": ("raters of kind", "raters of kinds"),
}


def in_words(parameters: Parameters) -> list[str]:
    """What these choices make of the report, a sentence each; none when it speaks of everything."""
    said = [f"Automated metric: {parameters.scorer} alone."] if parameters.scorer else []
    for name, (one, several) in WORDS.items():
        if chosen := getattr(parameters, name):
            what = one if len(chosen) == 1 else several
            said.append(f"Only {what} {listed([_quoted(value) for value in chosen])}.")
    for name, words in parameters.of_properties.items():
        said.append(f"Only items with the {name} {listed([_quoted(word) for word in words])}.")
    if parameters.exclude_raters:
        said.append(f"Without {listed(list(parameters.exclude_raters))}.")
    if left := len(parameters.exclude_items):
        said.append(f"Without {count(left, 'item')} left out by hand.")
    for row in in_force(dict(parameters.thresholds)):
        if row["value"] != row["customary"]:
            said.append(
                f"The threshold '{row['code']}' of {row['statistic']} is {row['value']:g} here; "
                f"{row['customary']:g} is customary."
            )
    return said


def _quoted(value: str) -> str:
    """A value with a comma or a blank in quotes, so that a list of them can be read."""
    return f"'{value}'" if " " in value or "," in value else value
