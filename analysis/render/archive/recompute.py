"""Compute the headline numbers of this report again, with pandas and pingouin alone.

    python recompute.py [FOLDER]

FOLDER (default: that of this file) holds report.json and data/. Exit status 0 when every number
agrees to 1e-8, 1 otherwise. Nothing of the software that made the report is used. What the words
quote beside these numbers, and the intervals, are in recompute_words.py: a resampled or simulated
interval agrees when its limits lie among the quantiles of draws made here.
"""

import hashlib
import json
import runpy
import sys
import warnings
from pathlib import Path

import pandas as pd
import pingouin as pg

TOLERANCE = 1e-8
SMALLEST, LARGEST = 1e-50, 1e15  # numbers that can be computed with, but 0


def main(folder):
    """Compare every number that can be computed here; returns the exit status."""
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    data = (folder / "data" / "data_set.json").read_bytes()
    same = hashlib.sha256(data).hexdigest() == report["data_set"]["sha256"]
    say(f"data set {'matches' if same else 'DOES NOT MATCH'} its hash")
    study = report["study"]
    judged = read(folder / "data" / "judgments.csv", ["rater", "value"])
    automated = read(
        folder / "data" / "automated.csv", ["scorer", "version", "value", "label", "number"]
    )
    automated["metric"] = (automated["scorer"] + " " + automated["version"]).str.strip()
    if report.get("vectors"):
        rows = list(vector_rows(report, judged))
    elif study["scale"] == "interval":
        rows = list(interval_rows(report, judged, automated))
    else:
        rows = list(label_rows(report, judged, automated))
    rows += within_cells(report, json.loads(data))
    agree = [compare(*row) for row in rows]
    agree += list(words(report, judged, automated))
    say(f"{sum(agree)} of {len(agree)} numbers agree")
    return 0 if same and all(agree) else 1


def words(report, judged, automated):
    """Whether what the words quote agrees, one after the other."""
    here = runpy.run_path(str(Path(__file__).with_name("recompute_words.py")))
    categories, scale = report["overview"]["categories"], report["study"]["scale"]
    if report.get("vectors"):
        return
    if scale == "interval":
        found = here["number_words"](report, numbers(judged), automated)
    else:
        judged = judged[judged["value"].isin(categories)]
        consensus = consensus_of(judged, categories, scale)
        found = here["label_words"](report, judged, automated, consensus)
    replicates, left_out = report["parameters"]["replicates"], []
    for name, row, value, interval in found:
        reported = row["value"] if row["defined"] else None
        if value is not None or reported is None:
            yield compare(name, reported, value)
        if row["defined"] and row["interval"]:
            if interval is None:
                left_out.append(f"{name} ({row['interval']['method']})")
            else:
                yield compare_limits(name, row["interval"], interval, replicates)
    left_out += list(never(report))
    if left_out:
        say(f"intervals not computed again: {'; '.join(left_out)}")


def never(report):
    """Quoted intervals that this script computes in no report, each with how it was made."""
    rows = list((report["trials"] or {"statistics": []})["statistics"])
    for part in report["corrected"]:
        rows += [row["corrected"] for row in part.get("rows", []) if row["key"] == "hits"]
    for row in rows:
        if row["key"] != "icc_1_1" and row["defined"] and row["interval"]:
            yield f"{row['name']} ({row['interval']['method']})"


def compare_limits(name, reported, computed, replicates):
    """Print both limits, or that draws made here hold them; whether they agree."""
    low, high = reported["low"], reported["high"]
    if isinstance(computed, tuple):
        agree = max(abs(low - computed[0]), abs(high - computed[1])) <= TOLERANCE
        here = f"{computed[0]:.10f} to {computed[1]:.10f}"
    else:
        agree = computed.holds(reported, replicates)
        here = "among the quantiles of draws" if agree else "NOT among the quantiles of draws"
    say(f"{'ok  ' if agree else 'FAIL'} {name}, limits: report {low:.10f} to {high:.10f}, {here}")
    return agree


def read(path, texts):
    """A table whose columns *texts* are words as they were given: an apostrophe that keeps a
    spreadsheet from running them is taken off again. Numbers never have one."""
    table = pd.read_csv(path, dtype=dict.fromkeys(texts, str), keep_default_na=False)
    return table.assign(**{name: table[name].str.removeprefix("'") for name in texts})


def label_rows(report, judged, automated):
    """Name, number of the report, number computed here: on a nominal or ordinal scale."""
    scale, categories = report["study"]["scale"], report["overview"]["categories"]
    code = {name: at for at, name in enumerate(categories)}
    judged = judged[judged["value"].isin(categories)]
    alpha = statistic(report["humans"]["statistics"], "alpha")
    yield (
        "Krippendorff's alpha",
        alpha,
        krippendorff(judged.assign(code=judged["value"].map(code)), scale),
    )
    consensus = consensus_of(judged, categories, scale)
    for section in report["automated"]:
        said = automated[automated["metric"] == section["name"]].set_index("item")["label"]
        both = pd.concat([consensus.rename("human"), said.rename("metric")], axis=1, join="inner")
        value = set(section["values"])
        both = both[both["human"].isin(value) & both["metric"].isin(value)]
        yield (
            f"{section['name']}: agreement with the consensus",
            statistic(section["decided"]["statistics"], "accuracy"),
            (both["human"] == both["metric"]).mean() if len(both) else None,
        )
        yield (
            f"{section['name']}: Cohen's kappa",
            statistic(section["decided"]["statistics"], "kappa"),
            cohen(both["human"], both["metric"]),
        )
        yield (
            f"{section['name']}: macro F1",
            statistic(section["decided"]["statistics"], "macro_f1"),
            macro_f1(both["human"], both["metric"]),
        )


def interval_rows(report, judged, automated):
    """Name, number of the report, number computed here: on an interval scale."""
    judged = numbers(judged)
    humans = report["humans"]["statistics"]
    coded = judged.assign(code=judged["value"])
    yield "Krippendorff's alpha", statistic(humans, "alpha"), krippendorff(coded, "interval")
    if (judged.groupby("item")["rater"].nunique() == judged["rater"].nunique()).all():
        yield "ICC(A,1)", statistic(humans, "icc_a_1"), icc(judged)
    mean = judged.groupby("item")["value"].mean()
    for section in report["automated"]:
        said = automated[(automated["metric"] == section["name"]) & (automated["number"] != "")]
        if not report["study"].get("scores_answer", True) and not section["items"]:
            said = said.iloc[:0]  # the scores of trials are no answer to what raters were asked
        metric = said.set_index("item")["number"].astype(float)
        both = pd.concat([metric.rename("metric"), mean.rename("human")], axis=1).dropna()
        if section.get("other_scale"):
            continue
        gap = both["metric"] - both["human"]
        yield (
            f"{section['name']}: bias",
            statistic(section["statistics"], "bias"),
            gap.mean() if len(gap) else None,
        )
        yield (
            f"{section['name']}: Lin's concordance",
            statistic(section["statistics"], "ccc"),
            concordance(both["metric"], both["human"]),
        )


def numbers(judged):
    """The judgments with their values as numbers; none where the report computes nothing from
    such a column."""
    judged = judged[judged["value"] != ""].assign(value=lambda frame: frame["value"].astype(float))
    size = judged["value"].abs()
    beyond = ((size > LARGEST) | (size > 0) & (size < SMALLEST)).any()
    return judged.iloc[:0] if beyond else judged


def vector_rows(report, judged):
    """Name, number of the report, number computed here: a judgment is a vector of values."""
    humans = report["humans"]["statistics"]
    names = report["vectors"]["names"]
    parts = judged["value"].str.split(",", expand=True).reindex(columns=range(len(names)))
    vectors = parts.apply(pd.to_numeric, errors="coerce").dropna()
    judged = judged.loc[vectors.index]
    for at, name in enumerate(names, start=1):
        alpha = krippendorff(judged.assign(code=vectors[at - 1]), "ordinal")
        yield f"Krippendorff's alpha: {name}", statistic(humans, f"alpha_{at}"), alpha


def within_cells(report, data):
    """Name, number of the report, number computed here: the scatter of the trials of a cell."""
    if not report["trials"]:
        return
    name = report["trials"]["scorer"]
    entry = next(e for e in data["automated"] if f"{e['scorer']} {e['version']}".strip() == name)
    numbers = pd.DataFrame({"trial": entry["row"], "number": entry["number"]}).dropna()
    numbers["cell"] = [data["trials"]["cell"][at] for at in numbers["trial"]]
    cells = numbers.astype({"number": float}).groupby("cell")["number"]
    repeated = len(numbers) - cells.ngroups
    squares = (cells.var().fillna(0) * (cells.size() - 1)).sum()
    sd = (squares / repeated) ** 0.5 if repeated > 0 else None
    yield "Within-cell SD", statistic(report["trials"]["statistics"], "within_sd"), sd
    mdc = None if sd is None else 1.959963984540054 * 2**0.5 * sd
    yield "MDC95", statistic(report["trials"]["statistics"], "mdc95"), mdc


def consensus_of(judged, categories, scale):
    """More than half of an item's judgments; on an ordinal scale their median, where it is one."""
    if scale == "ordinal":
        place = judged["value"].map({name: at for at, name in enumerate(categories)})
        groups = place.groupby(judged["item"])
        low, high = groups.quantile(interpolation="lower"), groups.quantile(interpolation="higher")
        return low[low == high].map(lambda at: categories[int(at)])
    counts = judged.groupby(["item", "value"]).size()
    share = counts / counts.groupby("item").transform("sum")
    return share[share > 0.5].reset_index("value")["value"]


def krippendorff(judged, scale):
    """alpha = 1 - observed / expected disagreement (Krippendorff 2019, ch. 12)."""
    size = judged.groupby("item")["code"].transform("size")
    pairable = judged[size > 1]
    if pairable["code"].nunique() < 2 or pairable["item"].nunique() < 2:
        return None
    units = pd.crosstab(pairable["item"], pairable["code"])
    held = units.sum(axis=1)
    together = units.T @ units.div(held - 1, axis=0)
    for label in units:
        together.loc[label, label] -= (units[label] / (held - 1)).sum()
    totals, n = units.sum(), units.to_numpy().sum()
    observed = expected = 0.0
    for a in units:
        for b in units:
            apart = distance(a, b, totals, scale)
            observed += together.loc[a, b] * apart / n
            expected += totals[a] * totals[b] * apart / (n * (n - 1))
    return 1 - observed / expected


def distance(a, b, totals, scale):
    """Squared difference of two values: nominal, ordinal or interval."""
    if scale == "nominal":
        return float(a != b)
    if scale == "interval":
        return (a - b) ** 2
    between = totals.loc[min(a, b) : max(a, b)].sum()
    return (between - (totals[a] + totals[b]) / 2) ** 2 if a != b else 0.0


def cohen(first, second):
    """Unweighted kappa of two columns; None when chance agreement is complete."""
    if not len(first):
        return None
    observed = (first == second).mean()
    left, right = first.value_counts(normalize=True), second.value_counts(normalize=True)
    chance = (left * right).sum()
    return None if chance == 1 else (observed - chance) / (1 - chance)


def macro_f1(truth, said):
    """Mean over the classes that either column has of 2 TP / (2 TP + FP + FN)."""
    classes = sorted(set(truth) | set(said))
    hits = {c: ((truth == c) & (said == c)).sum() for c in classes}
    named = {c: (truth == c).sum() + (said == c).sum() for c in classes}
    return sum(2 * hits[c] / named[c] for c in classes) / len(classes) if classes else None


def concordance(first, second):
    """Lin's CCC with variances over n; None below three pairs and where nothing varies."""
    spread = first.var(ddof=0) + second.var(ddof=0)
    if len(first) < 3 or not spread > 0:
        return None
    together = ((first - first.mean()) * (second - second.mean())).mean()
    return 2 * together / (spread + (first.mean() - second.mean()) ** 2)


def icc(judged):
    """ICC(A,1) by pingouin, which calls it by the number of the random effects; of two items by two
    raters, too few for pingouin, by the mean squares (McGraw & Wong 1996).

    None where it has no meaning: one item, one rater, or the same value everywhere.
    """
    if any(judged[column].nunique() < 2 for column in ("item", "rater", "value")):
        return None
    # Far from zero pingouin loses digits: only differences count.
    judged = judged.assign(value=judged["value"] - judged["value"].mean())
    if len(judged) < 5:
        table = judged.pivot(index="item", columns="rater", values="value").to_numpy()
        items, raters = 2 * table.mean(axis=1).var(ddof=1), 2 * table.mean(axis=0).var(ddof=1)
        rest = (table**2).sum() - items - raters
        return (items - rest) / (items + raters)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = pg.intraclass_corr(judged, targets="item", raters="rater", ratings="value")
    rows = found.set_index("Type")["ICC"]
    return rows["ICC(A,1)"] if "ICC(A,1)" in rows else rows["ICC2"]


def statistic(rows, key):
    """The value of a statistic of the report, None where it is undefined."""
    row = next(row for row in rows if row["key"] == key)
    return row["value"] if row["defined"] else None


def say(text):
    sys.stdout.write(text + "\n")


def compare(name, reported, computed):
    """Print both numbers; whether they agree."""
    if reported is None or computed is None:
        agree = reported is None and computed is None
        say(f"{'ok  ' if agree else 'FAIL'} {name}: report {reported}, here {computed}")
        return agree
    agree = abs(reported - computed) <= TOLERANCE
    say(f"{'ok  ' if agree else 'FAIL'} {name}: report {reported:.10f}, here {computed:.10f}")
    return agree


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent))
