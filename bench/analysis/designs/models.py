"""Models compared, and repeated trials of a cell."""

from __future__ import annotations

import math

import numpy as np

from analysis.statistics.core.clustered import cluster_bootstrap_mean, t_on_group_means
from analysis.statistics.numbers.contrasts import paired_contrasts
from analysis.statistics.numbers.reliability import MDC_MULTIPLE, within_cell
from bench.analysis.designs.base import REPLICATES, Checked, Design, Rng, Study

BOOTSTRAP = "the cluster bootstrap is here to show why reports give t over models"


def model_means(models: int, items: int) -> Study:
    """A mean over models that differ (SD 8), unequally many items each."""

    def study(rng: Rng) -> list[Checked]:
        sizes = rng.integers(items // 2, 2 * items, models)
        model = np.repeat(np.arange(models), sizes)
        values = 20 + 8 * rng.standard_normal(models)[model] + rng.normal(0, 12, len(model))
        by_t, drawn = "mean angle, t on model means", "mean angle, models resampled"
        resampled = cluster_bootstrap_mean(values, model, replicates=REPLICATES)
        return [
            Checked(by_t, t_on_group_means(values, model), 20),
            Checked(drawn, resampled, 20, by_t, BOOTSTRAP),
        ]

    return study


def contrasts(blocks: int, trials: int) -> Study:
    """Value rationality of three models over blocks (target value and condition) that differ, and
    the share of items on which a metric and the consensus agree."""
    at, weights = np.polynomial.hermite_e.hermegauss(60)
    levels = np.array([1.4, 0.8, 0.8])
    spread = math.hypot(0.6, 0.3)
    expected = [float(weights @ _share(mu + spread * at)) / weights.sum() for mu in levels]

    def study(rng: Rng) -> list[Checked]:
        block = 0.6 * rng.standard_normal((blocks, 1))
        mean = _share(levels + block + 0.3 * rng.standard_normal((blocks, 3)))
        rational = rng.beta(4 * mean, 4 * (1 - mean), (trials, blocks, 3)).mean(axis=0)
        agree = rng.binomial(6, mean) / 6
        found = paired_contrasts(rational, ["a", "b", "c"]).rows
        shares = paired_contrasts(agree, ["a", "b", "c"]).rows
        apart = expected[0] - expected[1]
        return [
            Checked("contrast of value rationality", found[0].difference, apart),
            Checked("contrast of two equal models", found[2].difference, 0),
            Checked("contrast of agreement with the consensus", shares[0].difference, apart),
        ]

    return study


def _share(logit: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-logit))


def repeated_trials(cells: int, trials: int, lost: float = 0.0) -> Study:
    """Trials of cells: SD 12 between cells, 6 within; ``lost``: part that cannot be scored."""

    def study(rng: Rng) -> list[Checked]:
        table = 12 * rng.standard_normal((cells, 1)) + 6 * rng.standard_normal((cells, trials))
        if lost:
            table[:, 2:][rng.random((cells, trials - 2)) < lost] = np.nan
        found = within_cell(table, replicates=REPLICATES)
        rows = [
            Checked("within-cell SD", found.sd, 6),
            Checked("MDC95", found.mdc, MDC_MULTIPLE * math.sqrt(2) * 6),
        ]
        if cells > 1:
            rows.append(Checked("ICC(1,1) over trials", found.icc, 144 / 180))
        return rows

    return study


def jumping_trials(cells: int, trials: int) -> Study:
    """Trials that mostly repeat themselves and sometimes jump, as answers of a model do."""
    within = math.sqrt(0.7 * 2**2 + 0.3 * 12**2)

    def study(rng: Rng) -> list[Checked]:
        size = np.where(rng.random((cells, trials)) < 0.3, 12.0, 2.0)
        table = 12 * rng.standard_normal((cells, 1)) + size * rng.standard_normal((cells, trials))
        found = within_cell(table, replicates=REPLICATES)
        return [
            Checked("within-cell SD", found.sd, within),
            Checked("ICC(1,1) over trials", found.icc, 144 / (144 + within**2)),
        ]

    return study


CONTRASTS: tuple[Design, ...] = (
    Design("8 blocks, 3 models, 10 trials each", contrasts(8, 10)),
    Design("4 blocks, 3 models, 10 trials each", contrasts(4, 10)),
    Design("6 models, 10 to 40 items each", model_means(6, 20)),
    Design("24 models, 10 to 40 items each", model_means(24, 20)),
)
TRIALS: tuple[Design, ...] = (
    Design("8 cells x 10 trials", repeated_trials(8, 10)),
    Design("8 cells x 10 trials, a quarter not scorable", repeated_trials(8, 10, 0.25)),
    Design("one cell of 10 trials", repeated_trials(1, 10)),
    Design("8 cells x 10 trials that jump", jumping_trials(8, 10)),
    Design("24 cells x 10 trials that jump", jumping_trials(24, 10)),
)
