"""Raters among themselves: labels, ordered steps, value vectors, repeats."""

from __future__ import annotations

import numpy as np

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
from analysis.statistics.agreement.vectors import vector_alpha
from analysis.statistics.core.weights import agreement_weights
from analysis.statistics.intra_rater import repeated_labels, repeated_numbers
from bench.analysis.designs.base import (
    ORIENTATIONS,
    REPLICATES,
    STEPS,
    Checked,
    Design,
    Rng,
    Study,
    judged,
    of_some_raters,
)

Q = len(ORIENTATIONS)
RARE = "the report warns of a category on fewer than five items, which this one is here"
SAME = float(ORIENTATIONS @ ORIENTATIONS)


def by_chance(alpha: float) -> dict[str, float]:
    """What each coefficient is when agreement beyond chance is ``alpha``."""
    p_a = alpha + (1 - alpha) * SAME

    def beyond(p_e: float) -> float:
        return (p_a - p_e) / (1 - p_e)

    return {
        "percent": p_a,
        "ac1": beyond((1 - SAME) / (Q - 1)),
        "bp": beyond(1 / Q),
        "rare": alpha + (1 - alpha) * float(ORIENTATIONS[0]),
        "common": alpha + (1 - alpha) * float(ORIENTATIONS[1]),
    }


def orientations(units: int, raters: int, alpha: float, of: int = 0) -> Study:
    """Orientations: the coefficients of agreement; ``of``: raters of whom each item has some."""
    truth = by_chance(alpha)

    def study(rng: Rng) -> list[Checked]:
        table = judged(rng, alpha, ORIENTATIONS, units, max(of, raters))
        if of:
            table = of_some_raters(rng, table, raters)
        nominal = krippendorff_alpha(table, "nominal", replicates=REPLICATES)
        each = class_agreement(table, Q, replicates=REPLICATES)
        found = [
            Checked("Krippendorff's alpha, nominal", nominal, alpha),
            Checked("Gwet's AC1", gwet_ac(table, Q), truth["ac1"]),
            Checked("Fleiss' kappa", fleiss_kappa(table, Q), alpha),
            Checked("Conger's kappa", conger_kappa(table, Q), alpha),
            Checked("Brennan-Prediger", brennan_prediger(table, Q), truth["bp"]),
            Checked("percent agreement", percent_agreement(table, Q), truth["percent"]),
            Checked("agreement on a rare category", each[0], truth["rare"], why=RARE),
            Checked("agreement on a common category", each[1], truth["common"]),
        ]
        if not of:
            pair = cohen_kappa(table[:, 0], table[:, 1], Q)
            found.append(Checked("Cohen's kappa of two raters", pair, alpha))
        return found

    return study


def ordered_steps(units: int, raters: int, alpha: float) -> Study:
    """An ordered scale of five steps, as the confidence of the raters is."""
    q = len(STEPS)
    weights = agreement_weights("quadratic", q)
    expected = float(STEPS @ weights @ STEPS)
    p_a = alpha + (1 - alpha) * expected

    def beyond(chance: float) -> float:
        return (p_a - chance) / (1 - chance)

    ac2 = beyond(float(weights.sum()) / (q * (q - 1)) * float(STEPS @ (1 - STEPS)))
    bp = beyond(float(weights.sum()) / q**2)

    def study(rng: Rng) -> list[Checked]:
        table = judged(rng, alpha, STEPS, units, raters)
        a, b = table[:, 0], table[:, 1]
        ordinal = krippendorff_alpha(table, "ordinal", replicates=REPLICATES)
        two = cohen_kappa(a, b, q, weights="quadratic")
        return [
            Checked("Krippendorff's alpha, ordinal", ordinal, alpha),
            Checked("Gwet's AC2, quadratic", gwet_ac(table, q, weights="quadratic"), ac2),
            Checked("Fleiss' kappa, quadratic", fleiss_kappa(table, q, weights="quadratic"), alpha),
            Checked(
                "Conger's kappa, quadratic", conger_kappa(table, q, weights="quadratic"), alpha
            ),
            Checked(
                "Brennan-Prediger, quadratic", brennan_prediger(table, q, weights="quadratic"), bp
            ),
            Checked("weighted kappa, linear", cohen_kappa(a, b, q, weights="linear"), alpha),
            Checked("weighted kappa, quadratic", two, alpha),
        ]

    return study


def models_differ(models: int, items: int, raters: int) -> Study:
    """Answers of few models that raters find unequally easy: intervals over models."""
    alpha = 0.7
    truth = by_chance(alpha)

    def study(rng: Rng) -> list[Checked]:
        keep = np.repeat(rng.beta(7, 3, models), items)
        model = np.repeat(np.arange(models), items)
        table = judged(rng, keep, ORIENTATIONS, models * items, raters)
        over_models = krippendorff_alpha(table, "nominal", clusters=model)
        over_items = krippendorff_alpha(table, "nominal", replicates=REPLICATES)
        each = class_agreement(table, Q, clusters=model)
        pair = cohen_kappa(table[:, 0], table[:, 1], Q, clusters=model)
        clustered = "alpha, nominal, t over models"
        why = "shown for comparison; a report gives it below four models only, and says so"
        return [
            Checked(clustered, over_models, alpha),
            Checked("alpha, nominal, items resampled", over_items, alpha, clustered, why),
            Checked("AC1, t over models", gwet_ac(table, Q, clusters=model), truth["ac1"]),
            Checked("Fleiss' kappa, t over models", fleiss_kappa(table, Q, clusters=model), alpha),
            Checked("Conger's kappa, t over models", conger_kappa(table, Q, clusters=model), alpha),
            Checked(
                "percent agreement, t over models",
                percent_agreement(table, Q, clusters=model),
                truth["percent"],
            ),
            Checked("agreement on a rare category, t over models", each[0], truth["rare"]),
            Checked("agreement on a common category, t over models", each[1], truth["common"]),
            Checked("Cohen's kappa of two raters, t over models", pair, alpha),
        ]

    return study


SIGNS = np.array([[0.1, 0.6, 0.3], [0.3, 0.5, 0.2], [0.05, 0.8, 0.15], [0.2, 0.2, 0.6]])
"""Shares of -1, 0 and 1 in each of four dimensions."""


def value_vectors(units: int, raters: int, alpha: float, models: int = 0) -> Study:
    """Vectors of -1, 0 and 1: what a text holds of one value is tied to what it holds of others."""
    unit, rater = (column.ravel() for column in np.indices((units, raters)))
    note = ", t over models" if models else ""

    def study(rng: Rng) -> list[Checked]:
        of_model = rng.beta(10 * alpha, 10 * (1 - alpha), models) if models else np.array([alpha])
        model = np.arange(units) % models if models else None
        held = np.sqrt(of_model[model] if models else np.full(units, alpha))[:, None]
        # One uniform number a judgment for all dimensions: a careless reading spoils them all.
        faithful = rng.random((units, raters)) < held
        cube = np.empty((units, raters, len(SIGNS)))
        for at, shares in enumerate(SIGNS):
            own = rng.choice(3, size=(units, 1), p=shares)
            cube[:, :, at] = np.where(faithful, own, rng.choice(3, size=(units, raters), p=shares))
        found = vector_alpha(
            unit,
            rater,
            cube.reshape(-1, len(SIGNS)) - 1,
            n_units=units,
            clusters=model,
            replicates=REPLICATES,
        )
        return [
            Checked(f"alpha of a dimension{note}", found.dimensions[0], alpha),
            Checked(f"alpha of a sparse dimension{note}", found.dimensions[2], alpha),
            Checked(f"alpha, macro mean of the dimensions{note}", found.macro, alpha),
        ]

    return study


def repeats(raters: int, pairs: int, steadiness: float) -> Study:
    """Items that each rater judged twice; raters differ in how steady they are."""
    rater = np.repeat(np.arange(raters), pairs)
    percent = steadiness + (1 - steadiness) * SAME
    note = "over pairs" if raters < 4 else "t over raters"

    def study(rng: Rng) -> list[Checked]:
        steady = rng.beta(10 * steadiness, 10 * (1 - steadiness), raters)
        keep = steady[rater] if raters > 1 else steadiness
        first, again = judged(rng, keep, ORIENTATIONS, len(rater), 2).T
        found = repeated_labels(rater, first, again, Q, replicates=REPLICATES).overall
        return [
            Checked(f"same label again, {note}", found["percent"], percent),
            Checked(f"alpha of repeats, {note}", found["alpha"], steadiness),
            Checked(f"kappa of repeats, {note}", found["kappa"], steadiness),
        ]

    return study


def repeated_angles(raters: int, pairs: int, *, alike: bool) -> Study:
    """The same in degrees: SD 6 within every rater, or 3 to 9 with the same mean square."""
    sizes = np.full(raters, 6.0) if alike else np.linspace(3, 9, raters)
    sizes *= 6 / np.sqrt(np.mean(sizes**2))
    rater = np.repeat(np.arange(raters), pairs)
    half = 1.959963984540054 * np.sqrt(2) * 6

    def study(rng: Rng) -> list[Checked]:
        item = rng.normal(20, 15, len(rater))
        first, again = item + sizes[rater] * rng.standard_normal((2, len(rater)))
        found = repeated_numbers(rater, first, again).overall
        return [
            Checked("within-rater SD", found["within_sd"], 6),
            Checked("repeatability", found["repeatability"], float(half)),
        ]

    return study


LABELS: tuple[Design, ...] = (
    Design(
        "200 items x 3 raters, alpha .7, classes of 10, 45, 35, 10 %", orientations(200, 3, 0.7)
    ),
    Design("50 items x 3 raters, alpha .7, same classes", orientations(50, 3, 0.7)),
    Design("15 items x 3 raters, alpha .7 (a small group)", orientations(15, 3, 0.7)),
    Design("200 items x 3 raters, alpha .2, same classes", orientations(200, 3, 0.2)),
    Design("100 items, 3 of 8 raters each, alpha .6", orientations(100, 3, 0.6, of=8)),
    Design("150 items x 3 raters, five ordered steps, agreement .6", ordered_steps(150, 3, 0.6)),
    Design("8 models x 25 items x 3 raters, agreement differs by model", models_differ(8, 25, 3)),
    Design("4 models x 40 items x 3 raters, agreement differs by model", models_differ(4, 40, 3)),
)
VECTORS: tuple[Design, ...] = (
    Design("100 items x 3 raters, vectors of 4 values, alpha .6", value_vectors(100, 3, 0.6), 2),
    Design(
        "8 models x 20 items x 3 raters, vectors of 4 values, alpha .6 on average",
        value_vectors(160, 3, 0.6, models=8),
    ),
)
REPEATS: tuple[Design, ...] = (
    Design("6 raters x 12 repeats, kappa .7 on average", repeats(6, 12, 0.7)),
    Design("one rater, 30 repeats, kappa .7", repeats(1, 30, 0.7)),
    Design("6 raters x 12 repeats in degrees, equally steady", repeated_angles(6, 12, alike=True)),
    Design(
        "6 raters x 12 repeats in degrees, unequally steady", repeated_angles(6, 12, alike=False)
    ),
)
