"""Raters and metrics that give numbers: alpha, ICC, error, limits of agreement, concordance."""

from __future__ import annotations

import math

import numpy as np

from analysis.statistics.agreement.alpha import krippendorff_alpha
from analysis.statistics.agreement.vectors import vector_concordance
from analysis.statistics.core.ratings import Ratings
from analysis.statistics.leaning import leaning_effect
from analysis.statistics.numbers.agreement_limits import (
    limits_of_agreement,
    repeated_limits_of_agreement,
)
from analysis.statistics.numbers.concordance import concordance
from analysis.statistics.numbers.correlation import correlation
from analysis.statistics.numbers.crossed_limits import crossed_limits
from analysis.statistics.numbers.icc import icc
from analysis.statistics.numbers.icc_forms import FORMS, Form, from_components, is_two_way
from analysis.statistics.numbers.reliability import (
    MDC_MULTIPLE,
    minimum_detectable_change,
    standard_error_of_measurement,
)
from bench.analysis.designs.base import (
    REPLICATES,
    Checked,
    Design,
    FloatArray,
    Rng,
    Study,
    angles,
    of_some_raters,
)

Variances = tuple[float, float, float]
UNEQUAL, EQUAL = (400.0, 25.0, 100.0), (400.0, 100.0, 100.0)
THESE_RATERS = (
    "it speaks of these raters, as the report says; for any rater like them read ICC(A,1)"
)
CODED = (
    "exact limits take differences as normal, which those of four angles are not; the report says "
    "beside them that they hold the coding"
)
BESIDE = "it stands beside the simulated limits in the table of the six forms, which says so"
CROSSED = "its model has other raters for each item; the report says so in its row"


def one_way(units: int, raters: int, alpha: float) -> Study:
    """Angles whose raters differ from item to item: alpha on the interval scale, ICC(1, .)."""

    def study(rng: Rng) -> list[Checked]:
        item = 20 * math.sqrt(alpha) * rng.standard_normal((units, 1))
        table = item + 20 * math.sqrt(1 - alpha) * rng.standard_normal((units, raters))
        interval = krippendorff_alpha(table, "interval", replicates=REPLICATES)
        forms = icc(table)
        mean = raters * alpha / (1 + (raters - 1) * alpha)
        return [
            Checked("Krippendorff's alpha, interval", interval, alpha),
            Checked("ICC(1,1), F", forms["ICC(1,1)"], alpha),
            Checked("ICC(1,k), F", forms["ICC(1,k)"], mean),
        ]

    return study


def complete_table(targets: int, raters: int, variances: Variances) -> Study:
    """The forms of the ICC, SEM, MDC and alpha of a complete table whose raters differ."""
    t, r, e = variances

    def study(rng: Rng) -> list[Checked]:
        table = angles(rng, targets, raters, variances)
        by_f, by_pivot = icc(table), icc(table, limits="pivot", replicates=REPLICATES)
        found = []
        for form in FORMS:
            truth = float(from_components(form, t, r, e, raters))
            if form.startswith("ICC(A"):
                pivots = f"{form}, pivots"
                found.append(Checked(f"{form}, F", by_f[form], truth, pivots, BESIDE))
                found.append(Checked(pivots, by_pivot[form], truth))
            else:
                why = "" if is_two_way(form) else CROSSED
                found.append(Checked(f"{form}, F", by_f[form], truth, "ICC(A,1), pivots", why))
        sem = standard_error_of_measurement(table, "agreement")
        consistency = standard_error_of_measurement(table, "consistency")
        alpha = krippendorff_alpha(table, "interval", replicates=REPLICATES)
        total = t + r + e
        return [
            *found,
            Checked("SEM, agreement", sem, math.sqrt(r + e)),
            Checked("MDC95", minimum_detectable_change(sem), MDC_MULTIPLE * math.sqrt(2 * (r + e))),
            Checked("SEM, consistency", consistency, math.sqrt(e)),
            Checked("alpha, interval, any raters", alpha, t / total, why=THESE_RATERS),
        ]

    return study


def many_items(targets: int, raters: int, variances: Variances, per_target: int = 0) -> Study:
    """ICC(A, .) of thousands of items, all cells filled or with ``per_target`` raters an item."""
    t, r, e = variances
    held = per_target or raters

    def study(rng: Rng) -> list[Checked]:
        table = angles(rng, targets, raters, variances)
        table = of_some_raters(rng, table, per_target) if per_target else table
        drawn, found = icc(table, limits="pivot", replicates=REPLICATES), []
        by_f = {} if per_target else icc(table)
        forms: tuple[Form, ...] = ("ICC(A,1)", "ICC(A,k)")
        for form in forms:
            truth = float(from_components(form, t, r, e, held))
            if form in by_f:
                pivots = f"{form}, pivots"
                found.append(Checked(f"{form}, F", by_f[form], truth, pivots, BESIDE))
            found.append(Checked(f"{form}, pivots", drawn[form], truth))
        return found

    return study


def these_raters(targets: int, raters: int, variances: Variances) -> Study:
    """Alpha of the raters there are: their offsets are fixed, items are drawn."""
    t, r, e = variances

    def study(rng: Rng) -> list[Checked]:
        offsets = math.sqrt(r) * rng.standard_normal(raters)
        table = angles(rng, targets, raters, (t, 0.0, e)) + offsets
        apart = float(offsets.var(ddof=1))
        truth = 1 - (e + apart) / (t + e + apart * (raters - 1) / raters)
        alpha = krippendorff_alpha(table, "interval", replicates=REPLICATES)
        return [Checked("alpha, interval, of these raters", alpha, truth)]

    return study


def missing_cells(targets: int, raters: int, per_target: int, variances: Variances) -> Study:
    """ICC and SEM where each target has some of the raters, drawn at random."""
    t, r, e = variances
    mean: Form = "ICC(A,k)"

    def study(rng: Rng) -> list[Checked]:
        table = of_some_raters(rng, angles(rng, targets, raters, variances), per_target)
        data = Ratings.from_matrix(table)
        forms = icc(data, replicates=REPLICATES)
        sem = standard_error_of_measurement(data, "agreement", replicates=REPLICATES)
        return [
            Checked("ICC(1,1), cells missing", forms["ICC(1,1)"], t / (t + r + e), why=CROSSED),
            Checked("ICC(A,1), cells missing", forms["ICC(A,1)"], t / (t + r + e)),
            Checked("ICC(C,1), cells missing", forms["ICC(C,1)"], t / (t + e)),
            Checked(
                "ICC(A,k), cells missing",
                forms[mean],
                float(from_components(mean, t, r, e, per_target)),
            ),
            Checked("SEM, agreement, cells missing", sem, math.sqrt(r + e)),
        ]

    return study


def bias_plain(units: int) -> Study:
    """Degrees of two methods, one pair an item: bias 3, SD of the differences 12."""
    # Slope of d on the mean of both: cov(d, m)/var(m), d independent of the human angle.
    slope = (144 / 2) / (225 + 144 / 4)

    def study(rng: Rng) -> list[Checked]:
        human = rng.normal(20, 15, units)
        found = limits_of_agreement(human + rng.normal(3, 12, units), human)
        return [
            Checked("Bland-Altman bias", found.bias, 3),
            Checked("Bland-Altman lower limit", found.lower, 3 - 1.96 * 12),
            Checked("Bland-Altman upper limit", found.upper, 3 + 1.96 * 12),
            Checked("slope of difference on mean", found.slope, slope),
        ]

    return study


def bias_repeated(models: int, pairs: int) -> Study:
    """The same with several pairs a model: SD 6 between models, 10 within."""
    half = 1.96 * math.hypot(6, 10)
    slope = (136 / 2) / (225 + 136 / 4)

    def study(rng: Rng) -> list[Checked]:
        model = np.repeat(np.arange(models), pairs)
        human = rng.normal(20, 15, models * pairs)
        off = 3 + 6 * rng.standard_normal(models)[model] + rng.normal(0, 10, models * pairs)
        found = repeated_limits_of_agreement(human + off, human, model)
        return [
            Checked("Bland-Altman bias, repeated", found.bias, 3),
            Checked("Bland-Altman lower limit, repeated", found.lower, 3 - half),
            Checked("Bland-Altman upper limit, repeated", found.upper, 3 + half),
            Checked("slope of difference on mean, t over models", found.slope, slope),
        ]

    return study


def limits_of_one_rater(units: int, raters: int, variances: Variances, per_unit: int = 0) -> Study:
    """Differences from single raters, items and raters crossed: bias 3."""
    half = 1.96 * math.sqrt(sum(variances))

    def study(rng: Rng) -> list[Checked]:
        table = 3 + angles(rng, units, raters, variances)
        if per_unit:
            table = of_some_raters(rng, table, per_unit)
        found = crossed_limits(Ratings.from_matrix(table), replicates=REPLICATES)
        return [
            Checked("bias against one rater", found.bias, 3),
            Checked("lower limit of agreement with one rater", found.lower, 3 - half),
            Checked("upper limit of agreement with one rater", found.upper, 3 + half),
        ]

    return study


def concordant(units: int, models: int = 0) -> Study:
    """Two normal columns: correlation .8, SD 15 and 18, means 4 apart; half of the variance may
    lie between models."""
    covariance = 0.8 * 15 * 18
    truth = 2 * covariance / (15**2 + 18**2 + 4**2)
    spread = np.array([[15.0**2, covariance], [covariance, 18.0**2]])
    note = ", t over models" if models else ""

    def study(rng: Rng) -> list[Checked]:
        if not models:
            x, y = rng.multivariate_normal([20, 24], spread, size=units).T
            return [
                Checked("Lin's CCC", concordance(x, y), truth),
                Checked("Pearson's correlation", correlation(x, y), 0.8),
                Checked(
                    "Spearman's correlation",
                    correlation(x, y, "spearman"),
                    6 / math.pi * math.asin(0.4),
                ),
                Checked(
                    "Kendall's tau-b", correlation(x, y, "kendall"), 2 / math.pi * math.asin(0.8)
                ),
            ]
        model = np.arange(units) % models
        between = rng.multivariate_normal([20, 24], spread / 2, size=models)[model]
        x, y = (between + rng.multivariate_normal([0, 0], spread / 2, size=units)).T
        return [Checked(f"Lin's CCC{note}", concordance(x, y, clusters=model), truth)]

    return study


def vector_metric(units: int) -> Study:
    """A metric's vectors of four values beside the mean of raters, one wrong model of all texts."""
    covariance = 0.6 * 0.7 * 0.5
    truth = 2 * covariance / (0.7**2 + 0.5**2 + 0.1**2)
    spread = np.array([[0.49, covariance], [covariance, 0.25]])

    def study(rng: Rng) -> list[Checked]:
        shared = rng.multivariate_normal([0, 0], spread / 2, size=(units, 1))
        own = rng.multivariate_normal([0, 0.1], spread / 2, size=(units, 4))
        both = shared + own
        found = vector_concordance(both[..., 0], both[..., 1], replicates=REPLICATES)
        return [
            Checked("CCC of a dimension", found.dimensions[0], truth),
            Checked("CCC, macro mean of the dimensions", found.macro, truth),
        ]

    return study


def projection(items: int, raters: int, per_item: int = 0) -> Study:
    """Raters who see .2 of their own angle in others, offsets of SD 4, noise of SD 8."""
    held = per_item or raters
    # With every cell filled leanings are scaled by k/(k - 1); a correlation is not.
    noise = 64 / items * (raters / held)
    truth = 0.2 * 20 / math.sqrt((0.2 * 20) ** 2 + 16 + noise)

    def study(rng: Rng) -> list[Checked]:
        own = rng.normal(20, 20, raters)
        table = rng.normal(20, 15, (items, 1)) + 0.2 * own + rng.normal(0, 4, raters)
        table = table + rng.normal(0, 8, (items, raters))
        if per_item:
            table = of_some_raters(rng, table, per_item)
        found = leaning_effect(own, table)
        return [
            Checked("leaning a degree of own angle", found.slope, 0.2 * raters / (raters - 1)),
            Checked("correlation of leaning and own angle", found.correlation, truth),
        ]

    return study


def coded_bias(units: int) -> Study:
    """A metric's angle beside raters whose orientations stand for their ideal angles."""
    ideal = np.array([61.39, 45.0, 0.0, -16.26])
    shares = np.array([0.1, 0.45, 0.35, 0.1])

    def draw(rng: Rng, size: int) -> tuple[FloatArray, FloatArray]:
        own = rng.choice(4, size=(size, 1), p=shares)
        said = np.where(rng.random((size, 3)) < 0.85, own, rng.choice(4, size=(size, 3), p=shares))
        metric = np.clip(ideal[own[:, 0]] + rng.normal(3, 10, size), -16.26, 61.39)
        return metric, ideal[said].mean(axis=1)

    metric, human = draw(np.random.default_rng(0), 400_000)
    bias, spread = float(np.mean(metric - human)), float(np.std(metric - human))
    ccc = 2 * float(np.cov(metric, human)[0, 1]) / (metric.var() + human.var() + bias**2)
    r, half = float(np.corrcoef(metric, human)[0, 1]), 1.96 * spread

    def study(rng: Rng) -> list[Checked]:
        metric, human = draw(rng, units)
        found = limits_of_agreement(metric, human)
        return [
            Checked("bias, coded angles", found.bias, bias),
            Checked("lower limit of agreement, coded angles", found.lower, bias - half, why=CODED),
            Checked("upper limit of agreement, coded angles", found.upper, bias + half, why=CODED),
            Checked("Lin's CCC, coded angles", concordance(metric, human), float(ccc)),
            Checked("Pearson's correlation, coded angles", correlation(metric, human), r),
        ]

    return study


ANGLES: tuple[Design, ...] = (
    Design("100 items x 4 raters, other raters for each item, alpha .7", one_way(100, 4, 0.7)),
    Design("50 x 5, variances 400, 25, 100", complete_table(50, 5, UNEQUAL)),
    Design("200 x 5, variances 400, 100, 100", complete_table(200, 5, EQUAL)),
    Design("30 x 3, variances 400, 100, 100", complete_table(30, 3, EQUAL)),
    Design("200 x 5, variances 400, 100, 100, these raters", these_raters(200, 5, EQUAL)),
    Design("60 x 6, 3 raters an item, variances 400, 25, 100", missing_cells(60, 6, 3, UNEQUAL), 2),
    Design("40 x 8, 3 raters an item, variances 400, 100, 100", missing_cells(40, 8, 3, EQUAL), 2),
    Design("40 items x 8 raters, own angle", projection(40, 8)),
    Design("60 items, 3 of 12 raters each, own angle", projection(60, 12, 3)),
)
THOUSANDS: tuple[Design, ...] = (
    *(
        Design(
            f"{targets:,} x {raters}, variances 400, {rater}, 100",
            many_items(targets, raters, (400.0, float(rater), 100.0)),
        )
        for targets, raters in ((800, 5), (1500, 5), (3000, 5), (3000, 3))
        for rater in (10, 40)
    ),
    Design(
        "1,000 x 8, 3 raters an item, variances 400, 40, 100",
        many_items(1000, 8, (400.0, 40.0, 100.0), 3),
        2,
    ),
)
DEGREES: tuple[Design, ...] = (
    Design("50 pairs", bias_plain(50)),
    Design("12 pairs (a small group)", bias_plain(12)),
    Design("1,200 pairs", bias_plain(1200)),
    Design("20 models x 6 pairs", bias_repeated(20, 6)),
    Design("4 models x 25 pairs", bias_repeated(4, 25)),
    Design("100 pairs, orientations at their ideal angles", coded_bias(100)),
    Design("60 items x 5 raters, variances 100 each", limits_of_one_rater(60, 5, (100, 100, 100))),
    Design(
        "60 items, 3 of 8 raters each, variances 100, 25, 100",
        limits_of_one_rater(60, 8, (100, 25, 100), 3),
        2,
    ),
    Design("60 pairs, CCC .765", concordant(60)),
    Design("12 pairs, CCC .765 (a small group)", concordant(12)),
    Design("8 models x 20 pairs, CCC .765", concordant(160, 8)),
    Design("80 items, vectors of 4 values", vector_metric(80), 2),
)
