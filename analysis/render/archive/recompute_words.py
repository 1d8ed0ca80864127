"""What the words of this report quote beside its headline numbers, for recompute.py.

The winning rate omega, the difference from the raters, AC1, recall, correlations, and intervals:
those by a formula to 1e-8; resampled and simulated ones from draws of this script's own, whose
quantiles must hold the reported limits (four standard errors of a quantile on either side). Nothing
of the software that made the report is used. Intervals made in another way, such as t over models,
are named and left out.
"""

import math
import re

import numpy as np
import pandas as pd
from scipy import stats

DRAWS, SEED = 4000, 7
EPSILON_FDR, FEWEST_ITEMS, FEWEST_RATERS = 0.05, 30, 3


class Drawn:
    """Values drawn here, against which a reported limit is held."""

    def __init__(self, values):
        self.values = np.asarray(values)[np.isfinite(values)]

    def holds(self, interval, replicates):
        """Whether both limits lie where quantiles of as many replicates do."""
        tail = (1 - interval["level"]) / 2
        off = 4 * math.sqrt(tail * (1 - tail)) * (replicates**-0.5 + len(self.values) ** -0.5)
        edges = []
        for limit, at in ((interval["low"], tail), (interval["high"], 1 - tail)):
            span = np.quantile(self.values, [max(0.0, at - off), min(1.0, at + off)])
            room = 1e-8 + 0.02 * (interval["high"] - interval["low"])
            edges.append(span[0] - room <= limit <= span[1] + room)
        return all(edges)


def label_words(report, judged, automated, consensus):
    """(name, statistic of the report, value computed, interval computed or None) of labels."""
    categories, scale = report["overview"]["categories"], report["study"]["scale"]
    codes = judged["value"].map({name: at for at, name in enumerate(categories)})
    alpha = row_of(report["humans"]["statistics"], "alpha")
    yield "Krippendorff's alpha", alpha, None, alpha_limits(judged.assign(code=codes), scale, alpha)
    tables = {}
    for section in report["automated"]:
        name = section["name"]
        said = automated[automated["metric"] == name].set_index("item")["label"]
        tables[name] = said[said != ""]
        both = pd.concat([consensus.rename("human"), said.rename("metric")], axis=1, join="inner")
        values = section["values"]
        both = both[both["human"].isin(values) & both["metric"].isin(values)]
        rows = section["decided"]["statistics"]
        yield from decided_words(name, section, rows, both, values)
        yield from everything_words(name, section, consensus, said)
        yield f"{name}: agreement gap", *gap_words(section, judged, tables[name], scale="class")
    yield from omegas(report, judged, tables, scale="class")


def decided_words(name, section, rows, both, values):
    accuracy, kappa = row_of(rows, "accuracy"), row_of(rows, "kappa")
    hits = int((both["human"] == both["metric"]).sum())
    yield f"{name}: agreement with the consensus", accuracy, None, wilson(hits, len(both), accuracy)
    yield f"{name}: Cohen's kappa", kappa, None, kappa_limits(both, values, kappa)
    ac1 = row_of(rows, "gwet_ac")
    yield f"{name}: Gwet's AC1", ac1, gwet(both, len(values)), None
    for row in section["classes"]:
        mine = both[both["human"] == row["category"]]
        found = int((mine["metric"] == row["category"]).sum())
        recall = row["recall"]
        value = found / len(mine) if len(mine) else None
        yield (
            f"{name}: recall of {row['category']}",
            recall,
            value,
            wilson(found, len(mine), recall),
        )


def everything_words(name, section, consensus, said):
    both = pd.concat([consensus.rename("human"), said.rename("metric")], axis=1, join="inner")
    both = both[both["metric"] != ""]
    row = row_of(section["everything"]["statistics"], "accuracy")
    hits = int((both["human"] == both["metric"]).sum())
    value = hits / len(both) if len(both) else None
    yield f"{name}: agreement, ways out counted", row, value, wilson(hits, len(both), row)


def number_words(report, judged, automated):
    """The same on an interval scale."""
    humans = report["humans"]["statistics"]
    alpha, single = row_of(humans, "alpha"), row_of(humans, "icc_a_1")
    coded = judged.assign(code=judged["value"])
    yield "Krippendorff's alpha", alpha, None, alpha_limits(coded, "interval", alpha)
    yield "ICC(A,1)", single, None, icc_limits(judged, single)
    mean, tables = judged.groupby("item")["value"].mean(), {}
    for section in report["automated"]:
        name, rows = section["name"], section["statistics"]
        said = automated[(automated["metric"] == name) & (automated["number"] != "")]
        if not report["study"].get("scores_answer", True) and not section["items"]:
            said = said.iloc[:0]
        metric = said.set_index("item")["number"].astype(float)
        both = pd.concat([metric.rename("metric"), mean.rename("human")], axis=1).dropna()
        for kind in ("pearson", "spearman", "kendall"):
            row = row_of(rows, kind)
            yield f"{name}: {kind}", row, *correlation(both, kind, row)
        yield from without_noise(name, rows, judged, both)
        if section["other_scale"]:
            continue
        tables[name] = metric
        bias, together = row_of(rows, "bias"), row_of(rows, "ccc")
        yield f"{name}: bias", bias, None, mean_limits(both["metric"] - both["human"], bias)
        limits = concordance_limits(both["metric"], both["human"], together)
        yield f"{name}: Lin's concordance", together, None, limits
        yield f"{name}: agreement gap", *gap_words(section, judged, metric, scale="number")
    yield from omegas(report, judged, tables, scale="number")


def without_noise(name, rows, judged, both):
    """The noise ceiling, root of ICC(C,k), and the correlation over it; of a complete table."""
    ceiling, without = row_of(rows, "ceiling"), row_of(rows, "disattenuated")
    if not ceiling["defined"] or not without["defined"] or not complete(judged):
        return
    table = judged.pivot_table(index="item", columns="rater", values="value").to_numpy()
    n, k = table.shape
    table = table - table.mean()
    items, raters = k * (table.mean(axis=1) ** 2).sum(), n * (table.mean(axis=0) ** 2).sum()
    rest = ((table**2).sum() - items - raters) / ((n - 1) * (k - 1))
    most = math.sqrt(1 - rest / (items / (n - 1)))
    yield f"{name}: noise ceiling", ceiling, most, None
    found = both["metric"].corr(both["human"]) / most
    yield f"{name}: correlation without noise", without, min(max(found, -1.0), 1.0), None


def complete(judged):
    """Whether every rater judged every item."""
    return len(judged) == judged["item"].nunique() * judged["rater"].nunique()


def concordance_limits(x, y, row):
    """Lin 1989, with the variance as corrected in 2000, by the z-transform."""
    if not by(row, "z-transform"):
        return None
    sx, sy, n = x.std(ddof=0), y.std(ddof=0), len(x)
    r = ((x - x.mean()) * (y - y.mean())).mean() / (sx * sy)
    apart = x.mean() - y.mean()
    p, u = 2 * r * sx * sy / (sx**2 + sy**2 + apart**2), apart / math.sqrt(sx * sy)
    spread = (1 - r**2) * p**2 * (1 - p**2) / r**2
    spread += 2 * p**3 * (1 - p) * u**2 / r - 0.5 * p**4 * u**4 / r**2
    half = stats.norm.ppf((1 + row["interval"]["level"]) / 2)
    half *= math.sqrt(spread / (n - 2)) / (1 - p**2)
    return math.tanh(math.atanh(p) - half), math.tanh(math.atanh(p) + half)


def row_of(rows, key):
    return next(row for row in rows if row["key"] == key)


def by(row, *words):
    """Whether the statistic has an interval that was made in this way."""
    interval = row["interval"] if row["defined"] else None
    return interval is not None and any(word in interval["method"] for word in words)


def wilson(hits, trials, row):
    if not by(row, "Wilson"):
        return None
    z = stats.norm.ppf((1 + row["interval"]["level"]) / 2)
    p, extra = hits / trials, z * z / trials
    centre = (p + extra / 2) / (1 + extra)
    half = z / (1 + extra) * math.sqrt(p * (1 - p) / trials + extra / (4 * trials))
    return min(max(centre - half, 0), p), max(min(centre + half, 1), p)


def around(value, error, df, row, low=-1.0, high=1.0):
    half = stats.t.ppf((1 + row["interval"]["level"]) / 2, df) * error
    return max(value - half, low), min(value + half, high)


def kappa_limits(both, values, row):
    """Fleiss, Cohen & Everitt 1969."""
    if not by(row, "Fleiss-Cohen-Everitt"):
        return None
    p = pd.crosstab(both["human"], both["metric"], normalize=True)
    p = p.reindex(index=values, columns=values, fill_value=0.0).to_numpy()
    rows, columns, n = p.sum(axis=1), p.sum(axis=0), len(both)
    same, chance = np.trace(p), rows @ columns
    kappa = (same - chance) / (1 - chance)
    margins = columns[:, None] + rows[None, :]
    influence = np.eye(len(p)) - margins * (1 - kappa) - (kappa - chance * (1 - kappa))
    error = math.sqrt((p * (influence / (1 - chance)) ** 2).sum() / n)
    return around(kappa, error, n - 1, row)


def gwet(both, q):
    """AC1 of two columns (Gwet 2008)."""
    if not len(both) or q < 2:
        return None
    share = pd.concat([both["human"], both["metric"]]).value_counts(normalize=True)
    chance = (share * (1 - share)).sum() / (q - 1)
    return ((both["human"] == both["metric"]).mean() - chance) / (1 - chance)


def mean_limits(gap, row):
    if not (row["defined"] and row["interval"] and row["interval"]["method"] == "t"):
        return None
    error = gap.std(ddof=1) / math.sqrt(len(gap))
    return around(gap.mean(), error, len(gap) - 1, row, -math.inf, math.inf)


def correlation(both, kind, row):
    """The value, and Fisher's limits."""
    if len(both) < 3 or both["metric"].nunique() < 2 or both["human"].nunique() < 2:
        return None, None
    value = both["metric"].corr(both["human"], method=kind)
    if not by(row, "Fisher z"):
        return value, None
    spread = {"pearson": 1.0, "spearman": 1 + value**2 / 2, "kendall": 0.437}[kind]
    lost = 4 if kind == "kendall" else 3
    half = stats.norm.ppf((1 + row["interval"]["level"]) / 2) * math.sqrt(
        spread / (len(both) - lost)
    )
    return value, (math.tanh(math.atanh(value) - half), math.tanh(math.atanh(value) + half))


def icc_limits(judged, row):
    """ICC(A,1) over simulated variance components of a complete table (Burdick et al. 2005)."""
    if not by(row, "pivots"):
        return None
    table = judged.pivot_table(index="item", columns="rater", values="value").to_numpy()
    if np.isnan(table).any():
        return None
    n, k = table.shape
    table = table - table.mean()
    rows, columns = k * (table.mean(axis=1) ** 2).sum(), n * (table.mean(axis=0) ** 2).sum()
    rest, rng = (table**2).sum() - rows - columns, np.random.default_rng(SEED)
    residual = rest / rng.chisquare((n - 1) * (k - 1), DRAWS)
    target = np.maximum(0, (rows / rng.chisquare(n - 1, DRAWS) - residual) / k)
    rater = np.maximum(0, (columns / rng.chisquare(k - 1, DRAWS) - residual) / n)
    return Drawn(target / (target + rater + residual))


def alpha_limits(judged, scale, row):
    """Alpha of items drawn anew, with all their judgments; of items without exception by how rare
    an exception can be."""
    if by(row, "without exception") and scale == "nominal":
        return _without_exception(judged, row)
    if not by(row, "bootstrap over units"):
        return None
    size = judged.groupby("item")["code"].transform("size")
    pairable = judged[size > 1]
    values = np.sort(pairable["code"].unique())
    if scale == "interval":
        # Far from zero squares lose their digits: only differences count.
        pairable = pairable.assign(code=pairable["code"] - pairable["code"].mean())
        parts = pairable.assign(square=pairable["code"] ** 2).groupby("item")
        m, s, ss = (parts["code"].size(), parts["code"].sum(), parts["square"].sum())
        features = np.column_stack([m, s, ss, 2 * (m * ss - s**2) / (m - 1)])
        return Drawn([_interval_alpha(sums) for sums in draws(features)])
    if len(values) > 20:
        return None
    units = pd.crosstab(pairable["item"], pairable["code"]).to_numpy().astype(float)
    pairs = units[:, :, None] * units[:, None, :]
    for at in range(len(values)):
        pairs[:, at, at] -= units[:, at]
    pairs /= (units.sum(axis=1) - 1)[:, None, None]
    features = np.hstack([units, pairs.reshape(len(units), -1)])
    return Drawn([_label_alpha(sums, len(values), scale) for sums in draws(features)])


def _without_exception(judged, row):
    """Every item agrees, or every item disagrees alike (Clopper & Pearson 1934); the clusters are
    counted where these were sampled."""
    size = judged.groupby("item")["code"].transform("size")
    pairable = judged[size > 1]
    clusters = re.search(r"on (\d+) clusters", row["interval"]["method"])
    sampled = int(clusters[1]) if clusters else pairable["item"].nunique()
    n = len(pairable)
    held = pairable["code"].value_counts()
    expected = 1 - (held * (held - 1)).sum() / (n * (n - 1))
    rare = 1 - ((1 - row["interval"]["level"]) / 2) ** (1 / sampled)
    mine = pairable[pairable["item"] == pairable["item"].iloc[0]]["code"].to_numpy()
    m, value = len(mine), row["value"]
    observed = 1 - sum((mine == one).sum() - 1 for one in mine) / (m * (m - 1))
    if not observed:
        return max(1 - rare / expected, -1.0), value
    return value, min(value + rare * observed / expected, 1.0)


def _interval_alpha(sums):
    n, s, ss, within = sums
    expected = 2 * (n * ss - s**2)
    return 1 - (n - 1) * within / expected if expected > 0 else math.nan


def _label_alpha(sums, q, scale):
    held, pairs = sums[:q], sums[q:].reshape(q, q)
    apart = 1.0 - np.eye(q)
    if scale == "ordinal":
        rank = np.cumsum(held) - held / 2
        apart = (rank[:, None] - rank[None, :]) ** 2
    expected = held @ apart @ held
    return 1 - (held.sum() - 1) * (pairs * apart).sum() / expected if expected > 0 else math.nan


def draws(features):
    """Sums of the rows of *features* over items drawn with replacement."""
    rng, n = np.random.default_rng(SEED), len(features)
    for _ in range(DRAWS if n <= 20_000 else 500):
        yield np.bincount(rng.integers(0, n, n), minlength=n) @ features


def gap_words(section, judged, said, scale):
    """The reported difference, and its value and draws of it computed here."""
    row = section["substitute"]["gap"]
    shared = judged[judged["item"].isin(said.index)]
    shared = shared[shared.groupby("item")["value"].transform("size") > 1]
    if not len(shared):
        return row, None, None
    sides = []
    for item, mine in shared.groupby("item")["value"]:
        people, metric, m = mine.to_numpy(), said[item], len(mine)
        if scale == "class":
            pairs = [(people == one).sum() - 1 for one in people]
            sides.append(((people == metric).mean(), sum(pairs) / (m * (m - 1))))
        else:
            apart = np.abs(people[:, None] - people[None, :]).sum() / (m * (m - 1))
            sides.append((-np.abs(people - metric).mean(), -apart))
    gaps = np.array([metric - people for metric, people in sides])
    drawn = None
    if by(row, "bootstrap over units"):
        sums = draws(np.column_stack([gaps, np.ones(len(gaps))]))
        drawn = Drawn([total / n for total, n in sums])
    return row, gaps.mean(), drawn


def omegas(report, judged, tables, scale):
    """The winning rates of all metrics, whose tests are corrected together."""
    tested = {}
    for section in report["automated"]:
        if section["name"] not in tables:
            continue
        rate = section["substitute"]["rates"][0]
        said = tables[section["name"]]
        found = alt_test(judged[judged["item"].isin(said.index)], said, rate["epsilon"], scale)
        if len(found) >= FEWEST_RATERS:
            tested[section["name"]] = found
    everything = np.array([p for found in tested.values() for p in found])
    limit = rejected_up_to(everything)
    for section in report["automated"]:
        if section["name"] in tables:
            found = tested.get(section["name"])
            value = None if found is None else float(np.mean(np.array(found) <= limit))
            name = f"{section['name']}: winning rate omega"
            yield name, section["substitute"]["rates"][0], value, None


def rejected_up_to(p):
    """The largest p that Benjamini and Yekutieli (2001) reject; -1 for none."""
    m, ordered = len(p), np.sort(p)
    steps = np.arange(1, m + 1)
    below = ordered[ordered <= steps * EPSILON_FDR / (m * (1 / steps).sum())] if m else ordered
    return below.max() if len(below) else -1.0


def alt_test(judged, said, epsilon, scale):
    """p of each rater with enough shared items (Calderon et al. 2025)."""
    wins: dict = {}
    for item, mine in judged.groupby("item"):
        values, raters = mine["value"].to_numpy(), mine["rater"].to_numpy()
        if len(values) < 2:
            continue
        for at, rater in enumerate(raters):
            others = np.delete(values, at)
            if scale == "class":
                metric, human = (np.mean(others == one) for one in (said[item], values[at]))
                near = 1e-12
            else:
                metric, human = (-np.mean((others - one) ** 2) for one in (said[item], values[at]))
                near = 1e-9 * (1 + abs(metric) + abs(human))
            won = (metric >= human - near, human >= metric - near)
            wins.setdefault(rater, []).append((float(won[0]), float(won[1])))
    found = []
    for pairs in wins.values():
        if len(pairs) >= FEWEST_ITEMS:
            gap = np.array([human - metric - epsilon for metric, human in pairs])
            spread = gap.std(ddof=1)
            certain = 0.0 if gap.mean() < 0 else 1.0
            t = gap.mean() / (spread / math.sqrt(len(gap))) if spread > 1e-12 else 0.0
            found.append(stats.t.cdf(t, len(gap) - 1) if spread > 1e-12 else certain)
    return found
