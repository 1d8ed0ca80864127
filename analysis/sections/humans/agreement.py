"""Do the raters agree among themselves?"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np

from analysis.sections.computing import Computing, entry, warning
from analysis.sections.humans.confidence import confidence
from analysis.sections.humans.dimensions import human_vectors
from analysis.sections.humans.numbers import human_numbers
from analysis.sections.result.humans import (
    CategoryAgreement,
    Humans,
    HumansByScale,
    OtherWay,
    PairOfRaters,
)
from analysis.sections.result.statistic import Warning
from analysis.sections.section import Section
from analysis.statistics.agreement.alpha import krippendorff_alpha
from analysis.statistics.agreement.coefficients import (
    brennan_prediger,
    class_agreement,
    conger_kappa,
    fleiss_kappa,
    gwet_ac,
    percent_agreement,
)
from analysis.statistics.agreement.kappa import cohen_kappa
from analysis.statistics.core.diagnostics import RARE, prevalence_warning
from analysis.statistics.core.ratings import Ratings
from analysis.statistics.core.result import Result, Undefined
from analysis.statistics.numbers.variance_components import design_parts

MAX_PAIRED_RATERS = 6


def humans(computing: Computing) -> Humans:
    """Agreement among the raters, each statistic with its interval or the reason for none, and
    how many groups of raters without a common item there are (``groups_apart``)."""
    section = _by_scale(computing)
    apart = groups_apart(computing.data.ratings)
    if apart > 1:
        section["warnings"] = [*section["warnings"], warning("groups_apart", _apart(apart))]
    return {**section, "groups_apart": apart}


def groups_apart(ratings: Ratings) -> int:
    """Into how many groups the raters fall when those who share an item are joined, and those whom
    they share one with. Raters without a common item with anybody are in no group."""
    judged_twice = np.nonzero(ratings.per_unit() > 1)[0]
    return design_parts(ratings.of_units(judged_twice))


def _apart(groups: int) -> str:
    return (
        f"The raters fall into {groups} groups that have no item in common. Agreement is seen "
        "within the groups alone: whether raters of different groups agree is not known. Items "
        "that go to raters of several groups would show it."
    )


def _by_scale(computing: Computing) -> HumansByScale:
    data = computing.data
    if data.is_interval:
        return human_numbers(computing)
    if computing.vectors is not None:
        return human_vectors(computing, computing.vectors)
    results = _coefficients(computing)
    return {
        "headline": "alpha",
        "statistics": [entry(key, name, result) for key, name, result in results],
        "ways_out": _ways_out(computing),
        "categories": _per_category(computing),
        "pairs": pairs(computing),
        "pairs_reason": _no_pairs(len(data.pseudonyms)),
        "confidence": confidence(computing),
        "warnings": _warnings(computing, {key: result for key, _, result in results}),
    }


def _coefficients(computing: Computing) -> list[tuple[str, str, Result]]:
    data, level = computing.data, computing.parameters.level
    ordinal = data.scale == "ordinal"
    weights = "quadratic" if ordinal else "unweighted"
    common: dict[str, Any] = {
        "clusters": computing.clusters,
        "names": data.categories,
        "level": level,
        "order_declared": bool(data.study["categories"]),
    }
    ac = "Gwet's AC2, quadratic weights" if ordinal else "Gwet's AC1"
    q = len(data.categories)
    alpha_options = common | computing.bootstrapped
    found: list[tuple[str, str, Result]] = [
        (
            "alpha",
            f"Krippendorff's alpha, {data.scale}",
            krippendorff_alpha(data.ratings, data.scale, **alpha_options),  # type: ignore[arg-type]
        ),
    ]
    if not q:
        return found
    found.append(("gwet_ac", ac, gwet_ac(data.ratings, q, weights=weights, **common)))
    found.append(("percent", "Percent agreement", percent_agreement(data.ratings, q, **common)))
    for key, name, statistic in (
        ("fleiss", "Fleiss' kappa", fleiss_kappa),
        ("conger", "Conger's kappa", conger_kappa),
        ("brennan_prediger", "Brennan-Prediger coefficient", brennan_prediger),
    ):
        label = f"{name}, quadratic weights" if ordinal else name
        found.append((key, label, statistic(data.ratings, q, weights=weights, **common)))
    if ordinal:
        nominal = krippendorff_alpha(data.ratings, "nominal", **alpha_options)
        found.append(("alpha_nominal", "Krippendorff's alpha, as if nominal", nominal))
    return found


def _ways_out(computing: Computing) -> OtherWay | None:
    """Agreement with the ways out counted the other way than in the statistics above; None where
    nobody took one.

    Without an order they are categories there, and left out here (``are``); in an order they have
    no place, so they are left out there, and categories without an order here.
    """
    data = computing.data
    taken = sum(data.ways_out_taken.values())
    if not taken:
        return None
    ordinal = data.scale == "ordinal"
    names, ratings = _all_answers(computing) if ordinal else _values_alone(computing)
    options: dict[str, Any] = {
        "clusters": computing.clusters,
        "names": names,
        "level": computing.parameters.level,
    }
    q = len(names)
    alpha = krippendorff_alpha(ratings, "nominal", **options | computing.bootstrapped)
    found: list[tuple[str, Result]] = [
        ("Krippendorff's alpha, nominal", alpha),
        ("Gwet's AC1", gwet_ac(ratings, q, **options)),
        ("Percent agreement", percent_agreement(ratings, q, **options)),
    ]
    keys = ("alpha", "gwet_ac", "percent")
    return {
        "are": "categories" if ordinal else "left_out",
        "taken": taken,
        "judgments": len(ratings.value),
        "items": int(np.count_nonzero(ratings.per_unit())),
        "statistics": [
            entry(key, name, result) for key, (name, result) in zip(keys, found, strict=True)
        ],
    }


def _values_alone(computing: Computing) -> tuple[list[str], Ratings]:
    """The categories that are values, and the judgments that are."""
    data = computing.data
    names = [name for name in data.categories if name not in data.ways_out]
    recode = np.array([names.index(x) if x in names else np.nan for x in data.categories])
    value = recode[data.ratings.value.astype(np.int64)]
    kept, there = data.ratings, ~np.isnan(value)
    return names, Ratings(
        kept.unit[there], kept.rater[there], value[there], kept.n_units, kept.n_raters
    )


def _all_answers(computing: Computing) -> tuple[list[str], Ratings]:
    """Every answer as a category, whether it has a place in the order or not."""
    data = computing.data
    used, code = np.unique(data.code, return_inverse=True)
    ratings = Ratings.from_long(
        data.item,
        data.rater,
        code.astype(np.float64),
        n_units=data.n_items,
        n_raters=len(data.pseudonyms),
    )
    return [str(at) for at in range(len(used))], ratings


def _per_category(computing: Computing) -> list[CategoryAgreement]:
    data = computing.data
    if not data.categories:
        return []
    results = class_agreement(
        data.ratings,
        len(data.categories),
        clusters=computing.clusters,
        names=data.categories,
        **computing.bootstrapped,
    )
    counts = data.ratings.category_counts(len(data.categories))
    return [
        {
            **entry("class_agreement", name, result),
            "category": name,
            "judgments": int(counts[:, code].sum()),
            "items": int(np.count_nonzero(counts[:, code])),
        }
        for code, (name, result) in enumerate(zip(data.categories, results, strict=True))
    ]


def pairs(computing: Computing) -> list[PairOfRaters]:
    """Cohen's kappa of every pair of raters, when there are two to six of them."""
    data = computing.data
    if _no_pairs(len(data.pseudonyms)):
        return []
    table = data.ratings.to_matrix()
    weights = "quadratic" if data.scale == "ordinal" else "unweighted"
    name = "Cohen's kappa, quadratic weights" if data.scale == "ordinal" else "Cohen's kappa"

    def kappa(a: int, b: int) -> Result:
        return cohen_kappa(
            table[:, a],
            table[:, b],
            len(data.categories),
            weights=weights,
            clusters=computing.clusters,
            level=computing.parameters.level,
            names=data.categories,
        )

    return [
        {**entry("cohen", name, kappa(a, b)), "raters": [data.pseudonyms[a], data.pseudonyms[b]]}
        for a, b in combinations(range(len(data.pseudonyms)), 2)
    ]


def _no_pairs(n_raters: int) -> str | None:
    if n_raters < 2:
        return "there are fewer than two raters"
    if n_raters > MAX_PAIRED_RATERS:
        return (
            f"there are {n_raters} raters: pairs are listed for up to {MAX_PAIRED_RATERS}, and "
            "alpha speaks of all of them"
        )
    return None


def _warnings(computing: Computing, results: dict[str, Result]) -> list[Warning]:
    data, found = computing.data, []
    fleiss = results.get("fleiss", Undefined("", {}))
    if text := prevalence_warning(fleiss, results.get("gwet_ac", fleiss)):
        found.append(warning("prevalence", f"Among the raters {text}."))
    counts = data.ratings.category_counts(len(data.categories)) if data.categories else None
    if counts is not None and len(data.item):
        rare = [
            f"'{name}' ({n})"
            for name, n in zip(data.categories, np.count_nonzero(counts, axis=0), strict=True)
            if n < RARE
        ]
        if rare:
            found.append(
                warning(
                    "rare_categories",
                    f"Used on fewer than {RARE} items (items in brackets): {', '.join(rare)}. "
                    "Numbers about them are hardly more than anecdotes.",
                )
            )
    if data.scale == "ordinal" and not data.study["categories"]:
        found.append(
            warning(
                "order_not_declared",
                "The order of the categories was not declared: the order of their names is used.",
            )
        )
    return found


SECTION = Section("humans", "Agreement among the raters", humans, of_the_raters=True)
