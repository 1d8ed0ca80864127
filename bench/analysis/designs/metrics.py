"""A metric against raters: classification, alternative annotator test, correction, comparison."""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from analysis.statistics import paired
from analysis.statistics.agreement.alpha import krippendorff_alpha
from analysis.statistics.agreement.alt_test import agreement_gap, alt_test
from analysis.statistics.agreement.coefficients import gwet_ac
from analysis.statistics.agreement.confusion import classification
from analysis.statistics.agreement.kappa import cohen_kappa
from analysis.statistics.core.ratings import Ratings
from analysis.statistics.core.result import Result
from analysis.statistics.paired import paired_difference
from analysis.statistics.ppi import ppi_mean
from bench.analysis.designs.base import (
    ORIENTATIONS,
    REPLICATES,
    STEPS,
    Checked,
    Design,
    FloatArray,
    Rng,
    Study,
    judged,
)

Q = len(ORIENTATIONS)
SAME = float(ORIENTATIONS @ ORIENTATIONS)
IDEAL = np.array([61.39, 45.0, 0.0, -16.26])


def criterion(units: int, accuracy: float, models: int = 0) -> Study:
    """An automated label against the human consensus; over models that differ when there are any.

    With probability ``accuracy`` (of the model) the label is right, else drawn from the shares.
    """
    p = ORIENTATIONS
    hits = p * (accuracy + (1 - accuracy) * p)
    # Labels have the same shares as the consensus, so precision, recall and F1 of a class agree.
    f1 = hits / p
    chance = (1 - SAME) / (Q - 1)
    ac1 = (float(hits.sum()) - chance) / (1 - chance)
    note = ", t over models" if models else ""

    def study(rng: Rng) -> list[Checked]:
        model = np.arange(units) % models if models else None
        of_model = rng.beta(20 * accuracy, 20 * (1 - accuracy), max(models, 1))
        right = accuracy if model is None else of_model[model]
        truth = rng.choice(Q, size=units, p=p)
        said = np.where(rng.random(units) < right, truth, rng.choice(Q, size=units, p=p))
        found = classification(truth, said, Q, clusters=model, replicates=REPLICATES)
        both = np.column_stack([truth, said]).astype(np.float64)
        alpha = krippendorff_alpha(both, "nominal", clusters=model, replicates=REPLICATES)
        rare = found.classes[0]
        return [
            Checked(f"macro F1{note}", found.macro_f1, float(f1.mean())),
            Checked(f"F1 of a rare class{note}", rare.f1, float(f1[0])),
            Checked(f"F1 of a common class{note}", found.classes[1].f1, float(f1[1])),
            Checked(f"recall of a rare class{note}", rare.recall, float(f1[0])),
            Checked(f"precision of a rare class{note}", rare.precision, float(f1[0])),
            Checked(f"accuracy{note}", found.accuracy, float(hits.sum())),
            Checked(f"balanced accuracy{note}", found.balanced_accuracy, float(f1.mean())),
            Checked(f"kappa{note}", cohen_kappa(truth, said, Q, clusters=model), accuracy),
            Checked(f"AC1{note}", gwet_ac(both, Q, clusters=model), ac1),
            Checked(f"alpha{note}", alpha, accuracy),
        ]

    return study


def small_group(units: int, accuracy: float) -> Study:
    """What is shown of a group of few items: accuracy, and kappa."""
    hits = accuracy + (1 - accuracy) * SAME

    def study(rng: Rng) -> list[Checked]:
        truth = rng.choice(Q, size=units, p=ORIENTATIONS)
        free = rng.choice(Q, size=units, p=ORIENTATIONS)
        said = np.where(rng.random(units) < accuracy, truth, free)
        found = classification(truth, said, Q, replicates=REPLICATES)
        return [
            Checked("accuracy", found.accuracy, hits),
            Checked("kappa", cohen_kappa(truth, said, Q), accuracy),
        ]

    return study


def ordered_criterion(units: int, accuracy: float) -> Study:
    """An ordered label: weighted kappa, ordinal alpha."""
    q = len(STEPS)

    def study(rng: Rng) -> list[Checked]:
        truth = rng.choice(q, size=units, p=STEPS)
        said = np.where(rng.random(units) < accuracy, truth, rng.choice(q, size=units, p=STEPS))
        both = np.column_stack([truth, said]).astype(np.float64)
        alpha = krippendorff_alpha(both, "ordinal", replicates=REPLICATES)
        weighted = cohen_kappa(truth, said, q, weights="quadratic")
        return [
            Checked("kappa, quadratic weights", weighted, accuracy),
            Checked("alpha, ordinal", alpha, accuracy),
        ]

    return study


@cache
def advantage(alpha: float) -> float:
    """How often a metric that judges as a rater does is at least as near to two other raters as a
    third one is: over all ways in which metric, rater and the two others can answer."""
    held, p = math.sqrt(alpha), ORIENTATIONS
    answer = held * np.eye(Q) + (1 - held) * p
    agrees = np.eye(Q)[:, :, None] + np.eye(Q)[:, None, :]
    wins = agrees[:, None] >= agrees[None, :]
    ways = "o,of,oh,oa,ob,fhab->"
    return float(np.einsum(ways, p, answer, answer, answer, answer, wins, optimize=True))


def as_good_as_a_rater(units: int, alpha: float, models: int = 0) -> Study:
    """A metric that judges as one more of three raters would, on items of unequal ease."""
    note = ", t over models" if models else ""
    truth = advantage(alpha)
    if models:
        from scipy.special import betaincinv

        middle = (np.arange(500) + 0.5) / 500
        eases = betaincinv(10 * alpha, 10 * (1 - alpha), middle)
        truth = float(np.mean([advantage(float(ease)) for ease in eases]))

    def study(rng: Rng) -> list[Checked]:
        model = np.arange(units) % models if models else None
        keep: FloatArray | float = alpha
        if model is not None:
            keep = rng.beta(10 * alpha, 10 * (1 - alpha), models)[model]
        table = judged(rng, keep, ORIENTATIONS, units, 4)
        metric, people = table[:, 0], table[:, 1:]
        gap = agreement_gap(metric, people, clusters=model, replicates=REPLICATES)
        test = alt_test(metric, people, epsilon=0.1, clusters=model)
        return [
            Checked(f"automated-human minus human-human agreement{note}", gap, 0),
            Checked(f"advantage probability{note}", test.advantage, truth),
        ]

    return study


def as_good_in_degrees(units: int) -> Study:
    """The same in degrees, where no two answers tie."""

    def study(rng: Rng) -> list[Checked]:
        table = rng.normal(20, 20, (units, 1)) + rng.normal(0, 10, (units, 4))
        metric, people = table[:, 0], table[:, 1:]
        gap = agreement_gap(metric, people, scale="degrees", replicates=REPLICATES)
        test = alt_test(metric, people, epsilon=0.1, scale="degrees")
        return [
            Checked("automated-human minus human-human agreement, degrees", gap, 0),
            Checked("advantage probability, degrees", test.advantage, 0.5),
        ]

    return study


def corrected(labelled: int, others: int) -> Study:
    """PPI++ of a mean angle, of coded angles, of a share and of value rationality."""
    mean_rationality = 4 / 5.2

    def study(rng: Rng) -> list[Checked]:
        total = labelled + others
        metric = rng.normal(20, 15, total)
        human = 4 + 0.8 * metric[:labelled] + rng.normal(0, 10, labelled)
        own = rng.choice(Q, size=(total, 1), p=ORIENTATIONS)
        free = rng.choice(Q, size=(total, 3), p=ORIENTATIONS)
        said = IDEAL[np.where(rng.random((total, 3)) < 0.8, own, free)].mean(axis=1)
        coded = IDEAL[np.where(rng.random(total) < 0.7, own[:, 0], 1)]
        is_so = rng.random(total) < 0.4
        says_so = np.where(is_so, rng.random(total) < 0.9, rng.random(total) < 0.2) * 1.0
        rational = rng.beta(4, 1.2, total)
        scored = np.clip(rational + rng.normal(-0.05, 0.1, total), 0, 1)

        def of(human: FloatArray, metric: FloatArray, ends: tuple[float, float]) -> Result:
            few = slice(None, labelled)
            return ppi_mean(human[few], metric[few], metric[labelled:], within=ends)

        anything, share = (-math.inf, math.inf), (0.0, 1.0)
        return [
            Checked("PPI++ mean angle", of(human, metric, anything), 20),
            Checked(
                "PPI++ mean angle, coded", of(said, coded, anything), float(ORIENTATIONS @ IDEAL)
            ),
            Checked("PPI++ share", of(is_so * 1.0, says_so, share), 0.4),
            Checked("PPI++ value rationality", of(rational, scored, share), mean_rationality),
        ]

    return study


def corrected_by_model(models: int, labelled: int, others: int) -> Study:
    """PPI++ where the metric's error differs by model: SD 5 between models."""

    def study(rng: Rng) -> list[Checked]:
        model = np.repeat(np.arange(models), labelled + others)
        first = np.tile(np.arange(labelled + others) < labelled, models)
        human = 20 + 5 * rng.standard_normal(models)[model] + rng.normal(0, 12, len(model))
        metric = human + 3 + 5 * rng.standard_normal(models)[model] + rng.normal(0, 8, len(model))
        ease = rng.beta(8, 2, models)[model]
        rational = rng.beta(6 * ease, 6 * (1 - ease))
        scored = np.clip(rational + rng.normal(-0.05, 0.1, len(model)), 0, 1)
        groups = model[first], model[~first]

        def of(human: FloatArray, metric: FloatArray) -> Result:
            return ppi_mean(human[first], metric[first], metric[~first], clusters=groups)

        return [
            Checked("PPI++ mean angle, t over models", of(human, metric), 20),
            Checked("PPI++ value rationality, t over models", of(rational, scored), 0.8),
        ]

    return study


def corrected_by_weight(few: int, many: int) -> Study:
    """Samples with weights that undo the draw: two cells of 200 and 800 trials judged in parts as
    unequal; a share of .4, with 160 of 200 judged trials among those a metric says it of."""
    sizes, drawn, means = np.array([200, 800]), np.array([few, many]), np.array([40.0, 10.0])
    truth = float(means @ sizes / sizes.sum())

    def of(human: FloatArray, metric: FloatArray, first: FloatArray, weight: FloatArray) -> Result:
        # As a report does: the rest is moved to the mean of all trials, which is known.
        rest = metric[~first] + metric.mean() - metric[~first].mean()
        weight = weight / weight.mean()
        return ppi_mean(weight * human[first], weight * metric[first], rest)

    def study(rng: Rng) -> list[Checked]:
        cell = np.repeat([0, 1], sizes)
        first = np.concatenate([np.arange(n) < m for n, m in zip(sizes, drawn, strict=True)])
        human = means[cell] + rng.normal(0, 12, len(cell))
        metric = human + np.array([8.0, -2.0])[cell] + rng.normal(0, 8, len(cell))
        angle = of(human, metric, first, (sizes / drawn)[cell[first]])
        is_so = rng.random(1000) < 0.4
        says_so = np.where(is_so, rng.random(1000) < 0.9, rng.random(1000) < 0.2)
        parts = [np.nonzero(says_so)[0], np.nonzero(~says_so)[0]]
        chosen = np.zeros(1000, dtype=bool)
        for part, size in zip(parts, (160, 40), strict=True):
            chosen[rng.choice(part, size, replace=False)] = True
        odds = np.where(says_so, len(parts[0]) / 160, len(parts[1]) / 40)[chosen]
        share = of(is_so * 1.0, says_so * 1.0, chosen, odds)
        return [
            Checked("PPI++ mean angle, weighted", angle, truth),
            Checked("PPI++ share, weighted", share, 0.4),
        ]

    return study


def two_groups(units: int, models: int = 0) -> Study:
    """Two groups of three raters on the same items, agreement .7 and .5."""
    note = ", t over models" if models else ""
    gap = 0.2 * (1 - SAME)

    def study(rng: Rng) -> list[Checked]:
        model = np.arange(units) % models if models else None
        ease = np.ones(units) if model is None else rng.uniform(0.8, 1.2, models)[model]
        own = rng.choice(Q, size=(units, 1), p=ORIENTATIONS)
        sides = []
        for alpha in (0.7, 0.5):
            held = np.sqrt(alpha * ease)[:, None]
            free = rng.choice(Q, size=(units, 3), p=ORIENTATIONS)
            table = np.where(rng.random((units, 3)) < held, own, free)
            sides.append(Ratings.from_matrix(table.astype(np.float64)))
        options = {"clusters": model, "replicates": REPLICATES}
        alphas = paired_difference(paired.alphas(*sides, "nominal"), **options)
        percent = paired_difference(paired.agreements(*sides, Q, "percent"), **options)
        return [
            Checked(f"difference of alphas{note}", alphas, 0.2),
            Checked(f"difference of percent agreement{note}", percent, gap),
        ]

    return study


def two_metrics(units: int) -> Study:
    """Two metrics against the same consensus: right .8 and .65 of the time, else by chance; and two
    biases and concordances in degrees."""
    spread = np.array([[225.0, 180.0, 150.0], [180.0, 225.0, 150.0], [150.0, 150.0, 225.0]])
    means = [20.0, 24.0, 21.0]
    ccc = [2 * c / (450 + gap**2) for c, gap in ((180.0, 4.0), (150.0, 1.0))]

    def study(rng: Rng) -> list[Checked]:
        truth = rng.choice(Q, size=units, p=ORIENTATIONS)
        sides = []
        for right in (0.8, 0.65):
            free = rng.choice(Q, size=units, p=ORIENTATIONS)
            sides.append((truth, np.where(rng.random(units) < right, truth, free), Q))
        human, one, other = rng.multivariate_normal(means, spread, size=units).T
        columns = (one, human), (other, human)

        def gap(made: paired.Sides) -> Result:
            return paired_difference(made, replicates=REPLICATES)

        f1 = 0.15 * (1 - 1 / Q)
        return [
            Checked(
                "difference of accuracy",
                gap(paired.labelled(*sides, paired.accuracy)),
                0.15 * (1 - SAME),
            ),
            Checked("difference of kappas", gap(paired.labelled(*sides, paired.kappa)), 0.15),
            Checked("difference of macro F1", gap(paired.labelled(*sides, paired.macro_f1)), f1),
            Checked("difference of biases", gap(paired.biases(*columns)), 3),
            Checked("difference of CCCs", gap(paired.concordances(*columns)), ccc[0] - ccc[1]),
        ]

    return study


LABELS: tuple[Design, ...] = (
    Design("200 items, right or by chance, kappa .7", criterion(200, 0.7), 2),
    Design("8 models x 50 items, kappa .7 on average", criterion(400, 0.7, models=8)),
    Design("4 models x 50 items, kappa .7 on average", criterion(200, 0.7, models=4)),
    Design("15 items, kappa .7 (a small group)", small_group(15, 0.7)),
    Design("150 items, five ordered steps, kappa .6", ordered_criterion(150, 0.6)),
)
SUBSTITUTE: tuple[Design, ...] = (
    Design("150 items x 3 raters and a metric, alpha .7", as_good_as_a_rater(150, 0.7)),
    Design("40 items x 3 raters and a metric, alpha .7", as_good_as_a_rater(40, 0.7)),
    Design(
        "8 models x 25 items x 3 raters and a metric, alpha .7 on average",
        as_good_as_a_rater(200, 0.7, models=8),
    ),
    Design("60 items x 3 raters and a metric in degrees", as_good_in_degrees(60)),
)
CORRECTED: tuple[Design, ...] = (
    Design("100 judged, 1,000 not", corrected(100, 1000)),
    Design("30 judged, 1,000 not (warned of)", corrected(30, 1000)),
    Design("12 judged, 60 not, as of one model (warned of)", corrected(12, 60)),
    Design("12 models, 10 judged and 60 not in each", corrected_by_model(12, 10, 60)),
    Design("4 models, 25 judged and 60 not in each", corrected_by_model(4, 25, 60)),
    Design(
        "unequally drawn: 50 of 200 and 50 of 800 judged; 200 of 1,000 by label",
        corrected_by_weight(50, 50),
    ),
)
SIDE_BY_SIDE: tuple[Design, ...] = (
    Design("100 items, two groups of 3 raters", two_groups(100)),
    Design("8 models x 20 items, two groups of 3 raters", two_groups(160, models=8)),
    Design("150 items, two metrics", two_metrics(150)),
)
