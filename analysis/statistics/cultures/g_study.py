"""Generalisability: is a target scored the same in other scenes and other languages?

Random crossed design target x scene (x language), one value a cell. Components of variance from the
mean squares set equal to their expectations (Cronbach et al. 1972; Brennan 2001, ch. 3 and 4). An
estimate below zero stays visible as it is and counts as zero where it is used. For n_s scenes and
n_l languages

    relative error  = ts/n_s + tl/n_l + res/(n_s n_l)
    absolute error  = relative error + s/n_s + l/n_l + sl/(n_s n_l)
    G = t/(t + relative error),  Phi = t/(t + absolute error),  SEM = sqrt(absolute error)

A facet that is fixed (no others are meant than these) gives its interaction with the target to
what is measured: t + tl/n_l where language is fixed, and no longer errs (Brennan 2001, ch. 4.4).
Intervals: generalised pivots, each mean square times its df/chi-square (Weerahandi 1993).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.core.bootstrap import REPLICATES
from analysis.statistics.core.ratings import FloatArray
from analysis.statistics.core.result import (
    ANY,
    NOT_NEGATIVE,
    SHARE,
    Estimate,
    Interval,
    Result,
    Undefined,
)
from analysis.statistics.core.rounding import RELATIVE, noise

Facet = Literal["scene", "language"]
FACETS: tuple[Facet, ...] = ("scene", "language")
FEW = {"target": 20, "scene": 6, "language": 2}
METHOD = "generalised pivots of the mean squares (simulation)"


@dataclass(frozen=True, slots=True)
class Size:
    """How well a design of so many scenes and languages measures: G (rank), Phi (the value
    itself), and the standard error of a target's mean in the unit of the values."""

    scenes: int
    languages: int
    g: Result
    phi: Result
    sem: Result

    def to_dict(self) -> dict[str, Any]:
        return {
            "scenes": self.scenes,
            "languages": self.languages,
            "g": self.g.to_dict(),
            "phi": self.phi.to_dict(),
            "sem": self.sem.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class GStudy:
    """``components`` by what varies ('target', 'target x scene', ..., 'residual'), in squared
    units; ``details`` of each holds its mean square, df and share of the whole. ``sizes``: the
    D-study, the first of them the design as it was."""

    components: Mapping[str, Result]
    sizes: tuple[Size, ...]
    warnings: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        return {
            "components": {name: part.to_dict() for name, part in self.components.items()},
            "sizes": [size.to_dict() for size in self.sizes],
            "warnings": list(self.warnings),
        }


def g_study(
    scores: ArrayLike,
    *,
    fixed: tuple[Facet, ...] = (),
    sizes: Sequence[tuple[int, int]] = (),
    level: float = 0.95,
    replicates: int = REPLICATES,
    seed: int = 0,
) -> GStudy:
    """Components, G, Phi and SEM of ``scores``: targets x scenes, or targets x scenes x languages.

    NaN marks a missing cell; a target with one is left out, and a warning counts them. ``fixed``:
    facets of which no others are meant. ``sizes``: (scenes, languages) of further designs.
    Undefined with fewer than two targets or levels of a facet, and where nothing varies.
    ValueError for another shape, infinite scores or sizes below 1.
    """
    table, left_out = _whole_targets(scores)
    facets = FACETS[: table.ndim - 1]
    n = dict(zip(("target", *facets), table.shape, strict=True))
    own = (n["scene"], n.get("language", 1))
    designs = [own, *(size for size in sizes if tuple(size) != own)]
    if any(min(size) < 1 for size in designs[1:]) or set(fixed) - set(facets):
        raise ValueError("sizes are 1 or more, and fixed facets are facets of the table")
    warnings = _warnings(n, left_out)
    if reason := _refusal(table, n):
        nothing = Undefined(reason, n)
        empty = tuple(Size(*size, nothing, nothing, nothing) for size in designs)
        return GStudy(dict.fromkeys(_names(facets), nothing), empty, tuple(warnings))
    squares, df = _mean_squares(table, facets)
    small = RELATIVE * max(squares.values())
    squares = {name: square if square > small else 0.0 for name, square in squares.items()}
    rng = np.random.default_rng(seed)
    drawn = {name: squares[name] * df[name] / rng.chisquare(df[name], replicates) for name in df}
    at = {name: np.concatenate([[squares[name]], drawn[name]]) for name in df}
    parts = _components(at, n, facets)
    parts = {name: np.where(np.abs(part) > small, part, 0.0) for name, part in parts.items()}
    below = [name for name in parts if parts[name][0] < 0]
    warnings += [
        f"the component {name} is below zero ({parts[name][0]:.3g}): it is shown as it is and "
        "counts as zero"
        for name in below
    ]
    whole = sum(max(0.0, float(part[0])) for part in parts.values())
    components = {
        name: _result(
            part,
            n,
            level,
            ANY,
            {"mean_square": squares[name], "df": df[name], "share": max(0.0, part[0]) / whole},
        )
        for name, part in parts.items()
    }
    used = {name: np.maximum(part, 0.0) for name, part in parts.items()}
    found = tuple(_size(used, n, size, fixed, level) for size in designs)
    return GStudy(components, found, tuple(warnings))


def _whole_targets(scores: ArrayLike) -> tuple[FloatArray, int]:
    table = np.asarray(scores, dtype=np.float64)
    if table.ndim not in (2, 3) or np.isinf(table).any():
        raise ValueError(
            "scores are a table of targets x scenes or targets x scenes x languages, of finite "
            f"numbers with NaN where one is missing; got shape {table.shape}"
        )
    missing = np.isnan(table).any(axis=tuple(range(1, table.ndim)))
    return table[~missing], int(missing.sum())


def _refusal(table: FloatArray, n: Mapping[str, int]) -> str | None:
    for name, count in n.items():
        if count < 2:
            return f"{count} {name}(s) with every cell filled: variance between them takes two"
    if float(np.ptp(table)) <= noise(table.ravel()):
        return "every score is the same, so there is no variance to divide"
    return None


def _warnings(n: Mapping[str, int], left_out: int) -> list[str]:
    said = []
    if left_out:
        said.append(f"{left_out} targets lack a scene or language and are left out")
    few = [f"{n[name]} {name}s (at least {least})" for name, least in FEW.items() if name in n]
    if any(n[name] < least for name, least in FEW.items() if name in n):
        said.append(f"few levels to generalise from: {', '.join(few)}")
    return said


def _names(facets: Sequence[str]) -> list[str]:
    """Every effect of the design, its largest interaction as 'residual'."""
    ways = ("target", *facets)
    effects = [part for size in range(1, len(ways)) for part in combinations(ways, size)]
    return [" x ".join(effect) for effect in effects] + ["residual"]


def _mean_squares(
    table: FloatArray, facets: Sequence[str]
) -> tuple[dict[str, float], dict[str, int]]:
    """Mean square and degrees of freedom of every effect of the crossed table."""
    ways = ("target", *facets)
    rest, squares, df = table - table.mean(), {}, {}
    for name in _names(facets):
        effect = ways if name == "residual" else tuple(name.split(" x "))
        across = tuple(at for at, way in enumerate(ways) if way not in effect)
        part = rest.mean(axis=across, keepdims=True) if across else rest
        free = int(np.prod([table.shape[ways.index(way)] - 1 for way in effect]))
        repeats = table.size / part.size
        squares[name], df[name] = repeats * float(np.sum(part**2)) / free, free
        rest = rest - part
    return squares, df


def _components(
    squares: Mapping[str, FloatArray], n: Mapping[str, int], facets: Sequence[str]
) -> dict[str, FloatArray]:
    """Components from mean squares: those that hold an effect alternate in sign."""
    ways = ("target", *facets)
    found = {}
    for name in squares:
        effect = set(ways if name == "residual" else name.split(" x "))
        total = np.zeros_like(squares[name])
        for other, square in squares.items():
            holds = set(ways if other == "residual" else other.split(" x "))
            if effect <= holds:
                total = total + (-1) ** (len(holds) - len(effect)) * square
        repeats = int(np.prod([n[way] for way in ways if way not in effect]))
        found[name] = total / repeats
    return found


def _size(
    parts: Mapping[str, FloatArray],
    n: Mapping[str, int],
    size: tuple[int, int],
    fixed: Sequence[str],
    level: float,
) -> Size:
    per = dict(zip(FACETS, size, strict=True))
    measured, relative = parts["target"], np.zeros_like(parts["target"])
    absolute = np.zeros_like(relative)
    facets = [facet for facet in FACETS if facet in n]
    for name, part in parts.items():
        if name == "target":
            continue
        effect = set(n) if name == "residual" else set(name.split(" x "))
        others = effect - {"target"}
        share = part / float(np.prod([per[facet] for facet in facets if facet in others]))
        if "target" in effect and name != "residual" and others <= set(fixed):
            measured = measured + share
        elif "target" in effect:
            relative = relative + share
        elif not others <= set(fixed):
            absolute = absolute + share
    absolute = absolute + relative
    counts = {**n, "scene": size[0]} | ({"language": size[1]} if "language" in n else {})
    more = {"universe_variance": float(measured[0])}
    return Size(
        *size,
        _coefficient(measured, relative, counts, level, more | {"error": float(relative[0])}),
        _coefficient(measured, absolute, counts, level, more | {"error": float(absolute[0])}),
        _result(np.sqrt(absolute), counts, level, NOT_NEGATIVE, {}),
    )


def _coefficient(
    measured: FloatArray,
    error: FloatArray,
    n: Mapping[str, int],
    level: float,
    details: dict[str, float],
) -> Result:
    whole = measured + error
    if whole[0] <= 0:
        return Undefined("neither targets nor errors vary, so there is nothing to divide", n)
    values = np.divide(measured, whole, out=np.zeros_like(whole), where=whole > 0)
    return _result(values, n, level, SHARE, details)


def _result(
    values: FloatArray,
    n: Mapping[str, int],
    level: float,
    within: tuple[float, float],
    details: dict[str, Any],
) -> Result:
    """The first value, with the quantiles of the others as its interval."""
    low, high = np.quantile(values[1:], [(1 - level) / 2, (1 + level) / 2])
    interval: Interval | str = Interval(float(low), float(high), level, METHOD)
    if low == high:
        interval = "every draw gives the same value"
    return Estimate.of(float(values[0]), interval, n, (), details, within=within)
