"""Every public statistic of the package, found in it, and a way to give each the data it takes.

A statistic is a public function that answers with a ``Result``, alone or within something else.
Arguments are filled by their names; a name that is not known here fails, so that a new statistic
cannot be left out.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from itertools import product
from typing import Any

import numpy as np

from analysis import statistics
from analysis.statistics import paired
from analysis.statistics.agreement.alt_test import alt_test
from analysis.statistics.core.ratings import Ratings
from analysis.statistics.core.result import Estimate, Undefined
from analysis.statistics.numbers.correlation import correlation, noise_ceiling
from analysis.statistics.numbers.icc import icc
from analysis.statistics.numbers.profiles import Resampled, mean_profile
from analysis.statistics.numbers.reliability import standard_error_of_measurement

CATEGORIES = 4
REPLICATES = 30


@dataclass(frozen=True)
class Statistic:
    """``choices``: what each argument with a closed list of words may be."""

    name: str
    function: Callable[..., Any]
    choices: Mapping[str, tuple[Any, ...]]

    @property
    def of_codes(self) -> bool:
        """Whether it takes category codes, which have no unit."""
        return bool(
            {"categories", "table", "tables"} & set(inspect.signature(self.function).parameters)
        )

    def calls(
        self, table: np.ndarray, clustered: bool, rows: np.ndarray | None = None
    ) -> Iterator[tuple[str, Any]]:
        """Its words and what it answers for each choice of words, from ``table`` (units x raters):
        category codes where it takes these, else numbers.

        ``rows`` tells the units apart, for what is grouped by unit: their place by default.
        """
        names = np.arange(len(table)) if rows is None else rows
        for words in product(*self.choices.values()):
            chosen = dict(zip(self.choices, words, strict=True))
            filled = filled_arguments(self, table, clustered, names, chosen)
            if filled is not None:
                yield f"{self.name} {' '.join(map(str, words))}".strip(), self.function(**filled)


def statistics_of_the_package() -> list[Statistic]:
    found = []
    for module in pkgutil.walk_packages(statistics.__path__, "analysis.statistics."):
        held = importlib.import_module(module.name)
        for name, function in vars(held).items():
            if name.startswith("_") or not inspect.isfunction(function):
                continue
            if function.__module__ == held.__name__ and holds_results(_hints(function)["return"]):
                found.append(
                    Statistic(
                        f"{module.name.rpartition('.')[2]}.{name}", function, _choices(function)
                    )
                )
    return sorted(found, key=lambda one: one.name)


def holds_results(hint: Any) -> bool:
    """Whether a value of this type is a result or has one in it."""
    if hint in (Estimate, Undefined):
        return True
    if is_dataclass(hint) and isinstance(hint, type):
        return any(holds_results(part) for part in typing.get_type_hints(hint).values())
    return any(holds_results(part) for part in typing.get_args(hint))


def results_in(answer: Any) -> Iterator[Estimate | Undefined]:
    """Every result in an answer, in a stable order."""
    if isinstance(answer, Estimate | Undefined):
        yield answer
    elif is_dataclass(answer):
        for part in fields(answer):
            yield from results_in(getattr(answer, part.name))
    elif isinstance(answer, Mapping):
        for part in answer.values():
            yield from results_in(part)
    elif isinstance(answer, list | tuple):
        for part in answer:
            yield from results_in(part)


def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    names = {"ArrayLike": Any, "Resampling": Any, "Options": Any, "TableOptions": Any}
    return typing.get_type_hints(function, localns=names)


def _choices(function: Callable[..., Any]) -> dict[str, tuple[Any, ...]]:
    """The words of each argument that takes one of a closed list (``Literal``)."""
    found = {}
    for name, hint in _hints(function).items():
        whole = typing.get_origin(hint) is tuple
        words = [hint] if whole else [hint, *typing.get_args(hint)]
        literals = [part for part in words if typing.get_origin(part) is typing.Literal]
        if name != "return" and literals:
            found[name] = typing.get_args(literals[0])
        if hint is paired.Sides:
            found[name] = SIDES
    return found


SCORES = ("accuracy", "balanced_accuracy", "gwet_ac1", "kappa", "kappa_quadratic", "macro_f1")
SIDES = ("alphas", "agreements", "biases", "concordances", *SCORES)


def sides_of(word: str, table: np.ndarray) -> paired.Sides | None:
    """Two sides of one statistic over the units that are whole; None where it cannot be said.

    Codes go by the order of the values, so they are the same in any unit.
    """
    whole = table[~np.isnan(table).any(axis=1)]
    if not len(whole):
        return None
    y, f = whole[:, 0], whole[:, -1]
    codes = np.unique(whole, return_inverse=True)[1].reshape(whole.shape) % CATEGORIES
    halves = [Ratings.from_matrix(part) for part in (codes[:, [0, -1]], codes[:, [-1, -1]])]
    if word == "alphas":
        try:
            return paired.alphas(*halves, "nominal")
        except ValueError:
            return None
    if word == "agreements":
        return paired.agreements(*halves, CATEGORIES, "gwet", "quadratic")
    if word in SCORES:
        one, other = (codes[:, 0], codes[:, -1], CATEGORIES), (codes[:, 0], codes[:, 0], CATEGORIES)
        return paired.labelled(one, other, getattr(paired, word))
    return getattr(paired, word)((y, f), (f, 2 * y - f))


def filled_arguments(
    statistic: Statistic,
    table: np.ndarray,
    clustered: bool,
    rows: np.ndarray,
    chosen: dict[str, Any],
) -> dict[str, Any] | None:
    """Keyword arguments by name; None where these words take other data (no negative ratio)."""
    filled = dict(chosen)
    if "sides" in filled:
        filled["sides"] = sides_of(filled["sides"], table)
        if filled["sides"] is None:
            return None
        clustered = False
    by_name = _Filler(statistic, table, clustered, rows)
    for name, parameter in inspect.signature(statistic.function).parameters.items():
        if name in chosen or parameter.kind is inspect.Parameter.VAR_KEYWORD:
            continue
        if hasattr(by_name, name):
            filled[name] = getattr(by_name, name)
        elif parameter.default is inspect.Parameter.empty:
            raise LookupError(f"{statistic.name} takes {name!r}: say in every.py what that is")
    return filled


class _Filler:
    """One attribute an argument name. Optional arguments that are not here keep their default."""

    replicates = REPLICATES
    seed = 7
    categories = CATEGORIES
    level = 0.95
    epsilon = 0.1
    k = 2.0
    min_items = 2

    def __init__(
        self,
        statistic: Statistic,
        table: np.ndarray,
        clustered: bool,
        rows: np.ndarray,
    ) -> None:
        self._name, self._table, self._rows = statistic.name, table, rows
        n, k = table.shape
        first, second = table[:, 0], table[:, min(1, k - 1)]
        both = ~(np.isnan(first) | np.isnan(second))
        self.ratings = self.trials = table
        self.first, self.second = self.truth, self.predicted = first, second
        self.automated, self.humans = first, table[:, 1:] if k > 1 else table
        self.data = self.differences = Ratings.from_matrix(table)
        self.values, self.names = (first, None) if "clustered" in self._name else (table, None)
        known = table[~np.isnan(table)]
        least = known.min() if len(known) else 0.0
        self.groups = rows % 5
        self.others, self.culture = table[:, ::-1], np.arange(k) % 2
        self.used, self.focal, self.matching = (
            rows % 2,
            rows // 2 % 2,
            np.where(np.isnan(first), least, first),
        )
        self.scores = table
        self.own = np.resize(np.array([3.0, 14.5, 14.5, -7.1, 22.2]), k)
        if clustered and "ppi" not in self._name:
            self.clusters = rows % 4
        self.__dict__.update(self._special(n, k, first, second, both))
        if self.names is None:
            del self.names
        if clustered and "ppi" in self._name:
            few = rows[both] < n // 2
            self.clusters = (rows[both][few] % 4, rows[both][~few] % 4)

    def _special(self, n: int, k: int, first: Any, second: Any, both: Any) -> dict[str, Any]:
        """Arguments whose meaning depends on the statistic."""
        name = self._name
        y, f = first[both], second[both]
        few = self._rows[both] < n // 2
        special: dict[str, Any] = {
            "labelled": y[few],
            "predicted": f[few] if name.startswith("ppi") else second,
            "predicted_only": f[~few],
        }
        if name == "agreement_limits.repeated_limits_of_agreement":
            special["unit"] = self._rows // 2
        if name.startswith("intra_rater"):
            special |= {"rater": self._rows[both] % 3, "first": y, "again": f}
        if name == "pairs.mean_difference":
            special |= {"first": self._table[:, 0], "second": self._table[:, -1], "of": "pairs"}
        if name == "contrasts.paired_contrasts":
            special["names"] = [f"column {at}" for at in range(k)]
        if name == "equivalence.scenes_against_anchor":
            special |= {"names": [f"scene {at}" for at in range(k)], "anchor": "scene 0"}
        if name.startswith("mantel_haenszel"):
            codes = np.nan_to_num(self._table).astype(int) % CATEGORIES
            labels = 2 if name.endswith(".mantel_haenszel") else CATEGORIES
            special["tables"] = np.zeros((3, 2, labels))
            cells = (self._rows % 3, codes[:, 0] % 2, codes[:, -1] % labels)
            np.add.at(special["tables"], cells, 1)
        if name == "kappa.cohen_kappa_table":
            codes = np.nan_to_num(self._table[:, : min(2, k)]).astype(int) % CATEGORIES
            special["table"] = np.zeros((CATEGORIES, CATEGORIES))
            np.add.at(special["table"], (codes[:, 0], codes[:, -1]), 1)
        if name == "reliability.minimum_detectable_change":
            special["sem"] = standard_error_of_measurement(
                self._table, "agreement", replicates=REPLICATES
            )
        if name in ("correlation.noise_ceiling", "correlation.disattenuated"):
            special["reliability"] = icc(self._table, limits="pivot", replicates=REPLICATES)[
                "ICC(C,k)"
            ]
            special["observed"] = correlation(first, second)
            special["ceiling"] = noise_ceiling(special["reliability"])
        if name == "alt_test.held_together":
            one = alt_test(self.automated, self.humans, epsilon=0.1, scale="number", min_items=2)
            special["tests"] = [one, one]
        if name == "result.from_dict":
            special["facts"] = correlation(first, second).to_dict()
        if name == "icc_missing.model_iccs":
            special["forms"] = ("ICC(A,1)", "ICC(C,k)")
        unit, rater = np.nonzero(~np.isnan(self._table))
        long = self._table[unit, rater]
        if name == "dawid_skene.dawid_skene_repeated":
            special |= {"unit": unit, "rater": rater, "value": long}
        if name.startswith("vectors"):
            known = self._table[~np.isnan(self._table)]
            least = known.min() if len(known) else 0.0
            filled = np.where(np.isnan(self._table), least, self._table)
            special |= {"unit": unit, "rater": rater, "vectors": np.column_stack([long, -long])}
            special |= {"n_units": n, "first": filled, "second": filled[:, ::-1]}
        if name.startswith("profiles"):
            special |= self._profiles()
        return special

    def _profiles(self) -> dict[str, Any]:
        """Mean vectors of the table, two rows to a prompt, and a target in its unit."""
        known = self._table[~np.isnan(self._table)]
        filled = np.where(np.isnan(self._table), known.min() if len(known) else 0.0, self._table)
        how = Resampled(REPLICATES, 0.95, seed=7)
        one, other = (
            mean_profile(vectors, self._rows // 2, how) for vectors in (filled, filled[:, ::-1])
        )
        target = filled.min(axis=0)
        return {"profile": one, "one": one, "other": other, "target": target, "how": how}
