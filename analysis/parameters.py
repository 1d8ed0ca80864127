"""What a researcher may choose about a report: what goes in, and how it is computed."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

SEED = 20230517
REPLICATES = 2000
LEVEL = 0.95


class ParameterError(ValueError):
    """A choice that cannot be followed, with what is wrong and what is allowed."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """Choices of one report. The first block selects the data, the second drives the computing.

    ``scorer`` is the name of an automated metric, or ``name@version``; empty takes every scorer in
    its newest version. Exclusions name raters by pseudonym and items by key. ``level`` is the
    confidence level of all intervals. ParameterError on a value outside its range.
    """

    scorer: str = ""
    exclude_raters: tuple[str, ...] = ()
    exclude_items: tuple[str, ...] = ()
    include_simulated: bool = True

    seed: int = SEED
    replicates: int = REPLICATES
    level: float = LEVEL

    def __post_init__(self) -> None:
        if not 0 <= self.seed < 2**63:
            raise ParameterError(f"seed {self.seed} is out of range: use 0 to 2^63 - 1.")
        if not 100 <= self.replicates <= 100_000:
            raise ParameterError(
                f"{self.replicates} bootstrap replicates: use between 100 and 100,000."
            )
        if not 0.5 <= self.level < 1:
            raise ParameterError(f"confidence level {self.level}: use a share from 0.5 below 1.")

    def selection(self) -> dict[str, Any]:
        """What decides which rows are in the data set, JSON-safe and in one order."""
        return {
            "scorer": self.scorer,
            "exclude_raters": sorted(set(self.exclude_raters)),
            "exclude_items": sorted(set(self.exclude_items)),
            "include_simulated": self.include_simulated,
        }

    def to_dict(self) -> dict[str, Any]:
        """All choices, JSON-safe."""
        computing = {"seed": self.seed, "replicates": self.replicates, "level": self.level}
        return self.selection() | computing

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Parameters:
        """The choices that ``to_dict`` gave."""
        known = {field.name for field in fields(cls)}
        if unknown := set(stored) - known:
            raise ParameterError(f"unknown parameter(s): {', '.join(sorted(unknown))}.")
        lists = {"exclude_raters", "exclude_items"}
        given: dict[str, Any] = {k: tuple(v) if k in lists else v for k, v in stored.items()}
        return cls(**given)

    @property
    def scorer_name(self) -> str:
        return self.scorer.partition("@")[0]

    @property
    def scorer_version(self) -> str:
        return self.scorer.partition("@")[2]


DEFAULTS = Parameters()
