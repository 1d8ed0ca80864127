"""Agreement on each value, beside what can hide in it.

Most answers involve few values, so that nearly every judgment of a value is 0: alpha is then low
and Gwet's coefficients high, whatever the raters do. Each value has all of them, the agreement on
either sign, and sentences that say what it rests on.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.sections.computing import Computing, entry
from analysis.sections.section import Section
from analysis.sections.vector_table import Vectors
from analysis.statistics.agreement.coefficients import class_agreement, gwet_ac
from analysis.statistics.agreement.vectors import vector_alpha
from analysis.statistics.core.ratings import Ratings
from analysis.statistics.core.result import Result
from analysis.statistics.core.rounding import is_larger
from analysis.values.finding import metric_by_value
from analysis.values.result import ByValue, LeftOut, RatersOnValue
from analysis.values.signs import FEW, NAMES, OPPOSES, SIGNS, SUPPORTS, coded
from analysis.words.wording import count, number, share

MOST = 90
"""Per cent of the judgments that give one label, from which on agreement is high by itself."""
APART = 0.3
"""Alpha and AC2 that are further apart than this speak of prevalence rather than of raters."""


def applies(computing: Computing) -> bool:
    """Whether raters were asked for vectors."""
    return computing.vectors is not None


def by_value(computing: Computing) -> ByValue:
    """Each value by itself: the raters among themselves, and each metric against most of them."""
    found = computing.vectors
    assert found is not None  # noqa: S101  (applies)
    alphas = vector_alpha(
        found.unit,
        found.rater,
        found.table,
        n_units=computing.data.n_items,
        clusters=computing.clusters,
        **computing.bootstrapped,
    )
    judged = _ratings(computing, found)
    rows = [
        _value(computing, name, ratings, alpha, int(both))
        for name, ratings, alpha, both in zip(
            found.names, judged, alphas.dimensions, np.isnan(found.table).sum(axis=0), strict=True
        )
    ]
    left_out: list[LeftOut] = [
        {"value": name, "reason": alpha.reason}
        for name, alpha in zip(found.names, alphas.dimensions, strict=True)
        if not alpha.defined
    ]
    return {
        "raters": rows,
        "alpha_macro": entry("alpha_macro", "Mean alpha of the measurable values", alphas.macro),
        "left_out": left_out,
        "metrics": [
            metric_by_value(computing, scorer, found.names, judged)
            for scorer in computing.data.automated
        ],
    }


def _ratings(computing: Computing, found: Vectors) -> list[Ratings]:
    """The judgments of each value as codes of the three signs."""
    shape = {"n_units": computing.data.n_items, "n_raters": len(computing.data.pseudonyms)}
    columns = coded(found.table).T
    return [Ratings.from_long(found.unit, found.rater, column, **shape) for column in columns]


def _value(
    computing: Computing, name: str, ratings: Ratings, alpha: Result, both: int
) -> RatersOnValue:
    common: dict[str, Any] = {
        "clusters": computing.clusters,
        "level": computing.parameters.level,
        "names": NAMES,
    }
    categories = len(SIGNS)
    counts = ratings.category_counts(categories)
    ac1 = gwet_ac(ratings, categories, **common)
    ac2 = gwet_ac(ratings, categories, weights="ordinal", **common)
    specific = class_agreement(ratings, categories, **common | computing.bootstrapped)
    used, judgments = counts.sum(axis=0), ratings.n_judgments
    answers = np.count_nonzero(counts, axis=0).tolist()
    return {
        "value": name,
        "judgments": judgments,
        "commonest": float(used.max() / judgments) if judgments else None,
        "supported": answers[SUPPORTS],
        "opposed": answers[OPPOSES],
        "both": both,
        "alpha": entry("alpha", "Krippendorff's alpha, ordinal", alpha),
        "ac1": entry("ac1", "Gwet's AC1", ac1),
        "ac2": entry("ac2", "Gwet's AC2, ordinal weights", ac2),
        "supports": entry("agreement_supports", "Agreement on supports", specific[SUPPORTS]),
        "opposes": entry("agreement_opposes", "Agreement on opposes", specific[OPPOSES]),
        "warnings": warnings(used.tolist(), answers, alpha, ac2, both),
    }


def warnings(
    used: list[int], answers: list[int], alpha: Result, ac2: Result, both: int = 0
) -> list[str]:
    """What agreement on a value can hide; *used*: judgments that give each sign, *answers*: on how
    many answers each was given by anybody; *both*: judgments that give either sign at once."""
    found, judgments, most = [], sum(used), max(used)
    if both:
        found.append(
            f"{count(both, 'judgment')} of 'both', which is no step between the signs: left out "
            "of the coefficients"
        )
    if judgments and 100 * most >= MOST * judgments:
        name = NAMES[used.index(most)]
        found.append(
            f"{share(most / judgments)} of the judgments are '{name}', so that raters agree by "
            "that alone"
        )
    few = [
        f"{NAMES[sign]} on {count(answers[sign], 'answer')}"
        for sign in (SUPPORTS, OPPOSES)
        if answers[sign] < FEW
    ]
    if few:
        found.append(f"fewer than ten cases: {', '.join(few)}")
    if alpha.defined and ac2.defined and is_larger(abs(ac2.value - alpha.value), APART):
        found.append(
            f"alpha ({number(alpha.value, 2)}) and AC2 ({number(ac2.value, 2)}) are more than "
            f"{APART} apart: the three signs are used very unequally, so read the agreement on "
            "each sign"
        )
    return found


SECTION = Section("by_value", "Agreement value by value", by_value, applies, of_the_raters=True)
