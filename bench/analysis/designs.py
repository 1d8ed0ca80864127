"""Simulated studies with known truth, one function a design, for the coverage study.

Each function draws one study and returns the intervals that a report would show for it, beside the
number that each should cover.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.statistics.agreement import (
    brennan_prediger,
    class_agreement,
    conger_kappa,
    fleiss_kappa,
    gwet_ac,
    percent_agreement,
)
from analysis.statistics.agreement_limits import limits_of_agreement, repeated_limits_of_agreement
from analysis.statistics.alpha import krippendorff_alpha
from analysis.statistics.alt_test import agreement_gap
from analysis.statistics.clustered import t_on_group_means
from analysis.statistics.concordance import concordance
from analysis.statistics.confusion import classification
from analysis.statistics.icc import icc
from analysis.statistics.icc_forms import Form, from_components
from analysis.statistics.kappa import cohen_kappa
from analysis.statistics.ppi import ppi_mean
from analysis.statistics.ratings import Ratings
from analysis.statistics.reliability import standard_error_of_measurement, within_cell
from analysis.statistics.result import Result
from analysis.statistics.weights import agreement_weights

FloatArray = NDArray[np.float64]
REPLICATES = 1000
ORIENTATIONS = np.array([0.1, 0.45, 0.35, 0.1])
STEPS = np.array([0.1, 0.2, 0.3, 0.25, 0.15])


@dataclass(frozen=True)
class Checked:
    """One interval and what it should cover; ``better`` names the row to prefer should it fail."""

    name: str
    result: Result
    truth: float
    better: str = ""


Study = Callable[[np.random.Generator], list[Checked]]


@dataclass(frozen=True)
class Design:
    """``words`` describe it in the table; ``cost`` divides the number of studies."""

    words: str
    study: Study
    cost: int = 1


def judged(
    rng: np.random.Generator, keep: FloatArray | float, shares: FloatArray, units: int, raters: int
) -> FloatArray:
    """Common-correlation judgments: with probability sqrt(keep) the item's own category, else any.

    Agreement beyond chance is ``keep`` (one number, or one an item) for every weighting, since a
    pair of judgments is either identical or independent.
    """
    own = rng.choice(len(shares), size=(units, 1), p=shares)
    free = rng.choice(len(shares), size=(units, raters), p=shares)
    held = np.sqrt(np.broadcast_to(keep, (units,)))[:, None]
    return np.where(rng.random((units, raters)) < held, own, free).astype(np.float64)


def orientations(units: int, raters: int, alpha: float) -> Study:
    """Orientations on a complete table: the coefficients of agreement among humans."""
    shares, q = ORIENTATIONS, len(ORIENTATIONS)
    same = float(shares @ shares)
    p_a = alpha + (1 - alpha) * same

    def beyond(p_e: float) -> float:
        return (p_a - p_e) / (1 - p_e)

    def study(rng: np.random.Generator) -> list[Checked]:
        table = judged(rng, alpha, shares, units, raters)
        nominal = krippendorff_alpha(table, "nominal", replicates=REPLICATES)
        each = class_agreement(table, q, replicates=REPLICATES)
        rare, common = (alpha + (1 - alpha) * float(shares[code]) for code in (0, 1))
        return [
            Checked("Krippendorff's alpha, nominal", nominal, alpha),
            Checked("Gwet's AC1", gwet_ac(table, q), beyond((1 - same) / (q - 1))),
            Checked("Fleiss' kappa", fleiss_kappa(table, q), alpha),
            Checked("Conger's kappa", conger_kappa(table, q), alpha),
            Checked("Brennan-Prediger", brennan_prediger(table, q), beyond(1 / q)),
            Checked("percent agreement", percent_agreement(table, q), p_a),
            Checked("agreement on a rare category", each[0], rare),
            Checked("agreement on a common category", each[1], common),
            Checked("Cohen's kappa", cohen_kappa(table[:, 0], table[:, 1], q), alpha),
        ]

    return study


def ordered_steps(units: int, raters: int, alpha: float) -> Study:
    """An ordered scale of five steps."""
    q = len(STEPS)
    weights = agreement_weights("quadratic", q)
    expected = float(STEPS @ weights @ STEPS)
    chance = float(weights.sum()) / (q * (q - 1)) * float(STEPS @ (1 - STEPS))
    ac2 = (alpha + (1 - alpha) * expected - chance) / (1 - chance)

    def study(rng: np.random.Generator) -> list[Checked]:
        table = judged(rng, alpha, STEPS, units, raters)
        a, b = table[:, 0], table[:, 1]
        ordinal = krippendorff_alpha(table, "ordinal", replicates=REPLICATES)
        quadratic = cohen_kappa(a, b, q, weights="quadratic")
        return [
            Checked("Krippendorff's alpha, ordinal", ordinal, alpha),
            Checked("Gwet's AC2, quadratic", gwet_ac(table, q, weights="quadratic"), ac2),
            Checked("weighted kappa, linear", cohen_kappa(a, b, q, weights="linear"), alpha),
            Checked("weighted kappa, quadratic", quadratic, alpha),
        ]

    return study


def angles_one_way(units: int, raters: int, alpha: float) -> Study:
    """Angles whose raters are exchangeable: alpha on the interval scale."""

    def study(rng: np.random.Generator) -> list[Checked]:
        item = 20 * math.sqrt(alpha) * rng.standard_normal((units, 1))
        table = item + 20 * math.sqrt(1 - alpha) * rng.standard_normal((units, raters))
        interval = krippendorff_alpha(table, "interval", replicates=REPLICATES)
        return [Checked("Krippendorff's alpha, interval", interval, alpha)]

    return study


def models_differ(models: int, items: int, raters: int) -> Study:
    """Answers of few models that raters find unequally easy: intervals over models."""
    shares, q = ORIENTATIONS, len(ORIENTATIONS)
    alpha = 7 / 10
    same = float(shares @ shares)
    p_e = (1 - same) / (q - 1)
    ac1 = (alpha + (1 - alpha) * same - p_e) / (1 - p_e)

    def study(rng: np.random.Generator) -> list[Checked]:
        keep = np.repeat(rng.beta(7, 3, models), items)
        model = np.repeat(np.arange(models), items)
        table = judged(rng, keep, shares, models * items, raters)
        over_models = krippendorff_alpha(table, "nominal", clusters=model)
        over_items = krippendorff_alpha(table, "nominal", replicates=REPLICATES)
        clustered = "alpha, nominal, t over models"
        return [
            Checked(clustered, over_models, alpha),
            Checked("alpha, nominal, items resampled", over_items, alpha, clustered),
            Checked("AC1, t over models", gwet_ac(table, q, clusters=model), ac1),
        ]

    return study


def complete_table(targets: int, raters: int, variances: tuple[float, float, float]) -> Study:
    """ICC and SEM of a complete table, by both kinds of limits."""
    t, r, e = variances

    def truth(form: Form) -> float:
        return float(from_components(form, t, r, e, raters))

    def study(rng: np.random.Generator) -> list[Checked]:
        table = math.sqrt(t) * rng.standard_normal((targets, 1))
        table = table + math.sqrt(r) * rng.standard_normal((1, raters))
        table = table + math.sqrt(e) * rng.standard_normal((targets, raters))
        by_f, by_pivot = icc(table), icc(table, limits="pivot", replicates=REPLICATES)
        sem = standard_error_of_measurement(table, "agreement")
        single: Form = "ICC(A,1)"
        mean: Form = "ICC(A,k)"
        return [
            Checked("ICC(A,1), F", by_f[single], truth(single), "ICC(A,1), pivots"),
            Checked("ICC(A,1), pivots", by_pivot[single], truth(single)),
            Checked("ICC(A,k), F", by_f[mean], truth(mean), "ICC(A,k), pivots"),
            Checked("ICC(A,k), pivots", by_pivot[mean], truth(mean)),
            Checked("ICC(C,1), F", by_f["ICC(C,1)"], truth("ICC(C,1)")),
            Checked("SEM, agreement", sem, math.sqrt(r + e)),
        ]

    return study


def missing_cells(
    targets: int, raters: int, per_target: int, variances: tuple[float, float, float]
) -> Study:
    """ICC and SEM where each target has some of the raters, drawn at random."""
    t, r, e = variances

    def study(rng: np.random.Generator) -> list[Checked]:
        chosen = np.argsort(rng.random((targets, raters)), axis=1)[:, :per_target]
        unit, rater = np.repeat(np.arange(targets), per_target), chosen.ravel()
        value = math.sqrt(t) * rng.standard_normal(targets)[unit]
        value += math.sqrt(r) * rng.standard_normal(raters)[rater]
        value += math.sqrt(e) * rng.standard_normal(len(unit))
        data = Ratings.from_long(unit, rater, value, n_units=targets, n_raters=raters)
        forms = icc(data, replicates=REPLICATES)
        sem = standard_error_of_measurement(data, "agreement", replicates=REPLICATES)
        return [
            Checked("ICC(A,1), cells missing", forms["ICC(A,1)"], t / (t + r + e)),
            Checked("ICC(C,1), cells missing", forms["ICC(C,1)"], t / (t + e)),
            Checked("SEM, agreement, cells missing", sem, math.sqrt(r + e)),
        ]

    return study


def criterion(units: int, accuracy: float, models: int = 0) -> Study:
    """An automated label against the human consensus; over models that differ when there are any.

    With probability ``accuracy`` (of the model) the label is right, else drawn from the shares.
    """
    p, q = ORIENTATIONS, len(ORIENTATIONS)
    hits = p * (accuracy + (1 - accuracy) * p)
    # Labels have the same shares as the consensus, so precision, recall and F1 of a class agree.
    f1 = hits / p
    note = ", t over models" if models else ""

    def study(rng: np.random.Generator) -> list[Checked]:
        model = np.arange(units) % models if models else None
        of_model = rng.beta(20 * accuracy, 20 * (1 - accuracy), max(models, 1))
        right = accuracy if model is None else of_model[model]
        truth = rng.choice(q, size=units, p=p)
        said = np.where(rng.random(units) < right, truth, rng.choice(q, size=units, p=p))
        found = classification(truth, said, q, clusters=model, replicates=REPLICATES)
        kappa = cohen_kappa(truth, said, q, clusters=model)
        rare = found.classes[0]
        return [
            Checked(f"macro F1{note}", found.macro_f1, float(f1.mean())),
            Checked(f"F1 of a rare class{note}", rare.f1, float(f1[0])),
            Checked(f"F1 of a common class{note}", found.classes[1].f1, float(f1[1])),
            Checked(f"recall of a rare class{note}", rare.recall, float(f1[0])),
            Checked(f"accuracy{note}", found.accuracy, float(hits.sum())),
            Checked(f"balanced accuracy{note}", found.balanced_accuracy, float(f1.mean())),
            Checked(f"kappa against the criterion{note}", kappa, accuracy),
        ]

    return study


def bias_plain(units: int) -> Study:
    """Degrees of two methods, one pair an item: bias 3, SD of the differences 12."""

    def study(rng: np.random.Generator) -> list[Checked]:
        human = rng.normal(20, 15, units)
        found = limits_of_agreement(human + rng.normal(3, 12, units), human)
        return [
            Checked("Bland-Altman bias", found.bias, 3),
            Checked("Bland-Altman lower limit", found.lower, 3 - 1.96 * 12),
            Checked("Bland-Altman upper limit", found.upper, 3 + 1.96 * 12),
        ]

    return study


def bias_repeated(models: int, pairs: int) -> Study:
    """The same with several pairs a model: SD 6 between models, 10 within."""
    half = 1.96 * math.hypot(6, 10)

    def study(rng: np.random.Generator) -> list[Checked]:
        model = np.repeat(np.arange(models), pairs)
        human = rng.normal(20, 15, models * pairs)
        off = 3 + 6 * rng.standard_normal(models)[model] + rng.normal(0, 10, models * pairs)
        found = repeated_limits_of_agreement(human + off, human, model)
        return [
            Checked("Bland-Altman bias, repeated", found.bias, 3),
            Checked("Bland-Altman lower limit, repeated", found.lower, 3 - half),
            Checked("Bland-Altman upper limit, repeated", found.upper, 3 + half),
        ]

    return study


def concordant(units: int) -> Study:
    """Two normal columns: correlation .8, SD 15 and 18, means 4 apart."""
    covariance = 0.8 * 15 * 18
    truth = 2 * covariance / (15**2 + 18**2 + 4**2)
    spread = [[15.0**2, covariance], [covariance, 18.0**2]]

    def study(rng: np.random.Generator) -> list[Checked]:
        pairs = rng.multivariate_normal([20, 24], spread, size=units)
        return [Checked("Lin's CCC", concordance(pairs[:, 0], pairs[:, 1]), truth)]

    return study


def corrected(labelled: int, others: int) -> Study:
    """PPI++ of a mean angle and of a share; the metric is biased and noisy."""

    def study(rng: np.random.Generator) -> list[Checked]:
        metric = rng.normal(20, 15, labelled + others)
        human = 4 + 0.8 * metric[:labelled] + rng.normal(0, 10, labelled)
        is_so = rng.random(labelled + others) < 0.4
        says_so = np.where(is_so, rng.random(len(is_so)) < 0.9, rng.random(len(is_so)) < 0.2) * 1.0
        angle = ppi_mean(human, metric[:labelled], metric[labelled:])
        share = ppi_mean(is_so[:labelled] * 1.0, says_so[:labelled], says_so[labelled:])
        return [Checked("PPI++ mean angle", angle, 20), Checked("PPI++ share", share, 0.4)]

    return study


def corrected_by_model(models: int, labelled: int, others: int) -> Study:
    """PPI++ where the metric's error differs by model: SD 5 between models."""

    def study(rng: np.random.Generator) -> list[Checked]:
        model = np.repeat(np.arange(models), labelled + others)
        first = np.tile(np.arange(labelled + others) < labelled, models)
        human = 20 + 5 * rng.standard_normal(models)[model] + rng.normal(0, 12, len(model))
        metric = human + 3 + 5 * rng.standard_normal(models)[model] + rng.normal(0, 8, len(model))
        found = ppi_mean(
            human[first], metric[first], metric[~first], clusters=(model[first], model[~first])
        )
        return [Checked("PPI++ mean angle, t over models", found, 20)]

    return study


def model_means(models: int, items: int) -> Study:
    """A mean over models that differ (SD 8), unequally many items each."""

    def study(rng: np.random.Generator) -> list[Checked]:
        sizes = rng.integers(items // 2, 2 * items, models)
        model = np.repeat(np.arange(models), sizes)
        values = 20 + 8 * rng.standard_normal(models)[model] + rng.normal(0, 12, len(model))
        return [Checked("mean angle, t on model means", t_on_group_means(values, model), 20)]

    return study


def repeated_trials(cells: int, trials: int) -> Study:
    """Trials of cells: SD 12 between cells, 6 within."""

    def study(rng: np.random.Generator) -> list[Checked]:
        table = 12 * rng.standard_normal((cells, 1)) + 6 * rng.standard_normal((cells, trials))
        found = within_cell(table)
        return [
            Checked("within-cell SD", found.sd, 6),
            Checked("MDC95", found.mdc, 1.959963984540054 * math.sqrt(2) * 6),
            Checked("ICC(1,1) over trials", found.icc, 144 / 180),
        ]

    return study


def as_good_as_a_rater(units: int, humans: int, alpha: float) -> Study:
    """A metric that judges as one more rater would: no difference of agreement."""

    def study(rng: np.random.Generator) -> list[Checked]:
        table = judged(rng, alpha, ORIENTATIONS, units, humans + 1)
        gap = agreement_gap(table[:, 0], table[:, 1:], replicates=REPLICATES)
        return [Checked("automated-human minus human-human agreement", gap, 0)]

    return study


UNEQUAL, EQUAL = (400.0, 25.0, 100.0), (400.0, 100.0, 100.0)
DESIGNS: tuple[Design, ...] = (
    Design(
        "200 items x 3 raters, alpha .7, classes of 10, 45, 35, 10 %", orientations(200, 3, 0.7)
    ),
    Design("50 items x 3 raters, alpha .7, same classes", orientations(50, 3, 0.7)),
    Design("200 items x 3 raters, alpha .2, same classes", orientations(200, 3, 0.2)),
    Design("150 items x 3 raters, five ordered steps, agreement .6", ordered_steps(150, 3, 0.6)),
    Design("100 items x 4 raters, angles, alpha .7", angles_one_way(100, 4, 0.7)),
    Design("8 models x 25 items x 3 raters, agreement differs by model", models_differ(8, 25, 3)),
    Design("50 x 5, variances 400, 25, 100", complete_table(50, 5, UNEQUAL)),
    Design("200 x 5, variances 400, 100, 100", complete_table(200, 5, EQUAL)),
    Design("30 x 3, variances 400, 100, 100", complete_table(30, 3, EQUAL)),
    Design(
        "60 x 6, 3 raters an item, variances 400, 25, 100", missing_cells(60, 6, 3, UNEQUAL), cost=2
    ),
    Design(
        "40 x 8, 3 raters an item, variances 400, 100, 100", missing_cells(40, 8, 3, EQUAL), cost=2
    ),
    Design("200 items, right or by chance, kappa .7", criterion(200, 0.7), cost=2),
    Design("8 models x 50 items, kappa .7 on average", criterion(400, 0.7, models=8)),
    Design("50 pairs", bias_plain(50)),
    Design("1,200 pairs", bias_plain(1200)),
    Design("20 models x 6 pairs", bias_repeated(20, 6)),
    Design("60 pairs, CCC .765", concordant(60)),
    Design("100 judged, 1,000 not", corrected(100, 1000)),
    Design("30 judged, 1,000 not (warned of)", corrected(30, 1000)),
    Design("12 models, 10 judged and 60 not in each", corrected_by_model(12, 10, 60)),
    Design("6 models, 10 to 40 items each", model_means(6, 20)),
    Design("8 cells x 10 trials", repeated_trials(8, 10)),
    Design("150 items x 3 raters and a metric, alpha .7", as_good_as_a_rater(150, 3, 0.7)),
)
