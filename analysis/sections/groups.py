"""Where do raters agree, and the metric with them? By model, target value, condition, language and
what is known of the models, by what a file declares of its items; and which models differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from analysis.data.frozen import Automated, BoolArray
from analysis.sections.computing import SMALLEST, Computing, entry
from analysis.sections.human_number import HumanNumber
from analysis.sections.metrics.labels import Comparison
from analysis.sections.metrics.other_scale import other_scale
from analysis.sections.result.metrics import (
    Contrasts,
    Groups,
    HumanGroup,
    MetricGroup,
    MetricGrouped,
    TooMany,
)
from analysis.sections.section import Section
from analysis.statistics.agreement.alpha import krippendorff_alpha
from analysis.statistics.agreement.confusion import accuracy
from analysis.statistics.agreement.kappa import cohen_kappa
from analysis.statistics.core.result import SHARE, Result, Undefined
from analysis.statistics.numbers.concordance import concordance
from analysis.statistics.numbers.contrasts import paired_contrasts

ALWAYS = ("model", "target_value", "condition")
"""Shown even where there is one group only; the others say something from two groups on."""
MAX_MODELS = 20
MOST_GROUPS = 30
"""Groups of a property that a file declares; with more it is no way to group items."""


def applies(computing: Computing) -> bool:
    """Whether anything is known of the items, and judgments are no vectors."""
    data = computing.data
    return bool(not data.from_file or data.properties) and computing.vectors is None


def groups(computing: Computing) -> Groups:
    """Agreement of the raters, and of each metric with their consensus, by group, and paired
    contrasts between the models."""
    data = computing.data
    masks, too_many = _groups(computing)
    return {
        "smallest": SMALLEST,
        "too_many": too_many,
        "humans": {"by": _by(computing, masks, lambda *group: _human_row(computing, *group))},
        "metrics": [_metric(computing, scorer, masks) for scorer in data.automated],
    }


Masks = list[tuple[str, list[tuple[str, BoolArray]]]]
"""Each fact with its groups: name and judged items."""


def _groups(computing: Computing) -> tuple[Masks, list[TooMany]]:
    """The groups, and the properties that have too many (``fact`` with its ``groups``)."""
    judged = computing.data.ratings.per_unit() > 0
    found: Masks = []
    too_many: list[TooMany] = []
    for fact in computing.by:
        facts = computing.facts(fact)
        names = sorted(set(facts[judged].tolist()) - {""})
        if len(names) > MOST_GROUPS and fact in computing.data.properties:
            too_many.append({"fact": fact, "groups": len(names)})
        elif len(names) > 1 or (names and fact in ALWAYS):
            found.append((fact, [(name, judged & (facts == name)) for name in names]))
    return found, too_many


def _by(computing: Computing, masks: Masks, row: Any) -> Any:
    """By each fact a row for each of its groups: *row* of the fact, the group and its items."""
    return [
        {
            "fact": fact,
            "title": computing.by[fact],
            "rows": [row(fact, name, mask) for name, mask in named],
        }
        for fact, named in masks
    ]


def _clusters(computing: Computing, fact: str, mask: BoolArray) -> Any:
    """The clusters of the masked items; None within one cluster."""
    return None if fact == computing.cluster_by else computing.clusters_where(mask)


def _too_few(n: int) -> Undefined:
    return Undefined(f"fewer than {SMALLEST} items to compare", {"units": n})


def _human_row(computing: Computing, fact: str, name: str, mask: BoolArray) -> HumanGroup:
    """Alpha of the raters on the items of a group that were judged twice."""
    data = computing.data
    twice = mask & (data.ratings.per_unit() > 1)
    alpha: Result = _too_few(int(twice.sum()))
    if twice.sum() >= SMALLEST:
        alpha = krippendorff_alpha(
            computing.ratings_where(twice),
            data.scale,  # type: ignore[arg-type]
            clusters=_clusters(computing, fact, twice),
            **computing.bootstrapped,
        )
    return {
        "group": name,
        "judged": int(mask.sum()),
        "items": int(twice.sum()),
        "alpha": entry("alpha", "Krippendorff's alpha", alpha),
    }


def _metric(computing: Computing, scorer: Automated, masks: Masks) -> MetricGrouped:
    human = computing.number
    if computing.data.is_interval and human is not None:
        found = _by(computing, masks, lambda *group: _number_row(computing, scorer, human, *group))
        contrasts: list[Contrasts] = []
    else:
        comparison = Comparison(computing, scorer)
        found = _by(computing, masks, lambda *group: _label_row(comparison, *group))
        contrasts = [_contrasts(computing, "Agreement with the consensus", *_agreement(comparison))]
    if fit := computing.kind.fit:
        contrasts.append(_contrasts(computing, fit, *_fits(computing, scorer)))
    return {"name": scorer.name, "by": found, "contrasts": contrasts}


def _number_row(
    computing: Computing, scorer: Automated, human: HumanNumber, *group: Any
) -> MetricGroup:
    """Lin's concordance of a metric with the raters' mean; its bias stands with the metric."""
    fact, name, judged = group
    mask = judged & ~np.isnan(human.mean) & ~np.isnan(scorer.number)
    together: Result = _too_few(int(mask.sum()))
    if reason := other_scale(computing.data, scorer):
        together = Undefined(f"another scale: {reason}", {"units": int(mask.sum())})
    elif mask.sum() >= SMALLEST:
        together = concordance(
            scorer.number[mask],
            human.mean[mask],
            clusters=_clusters(computing, fact, mask),
            **computing.bootstrapped,
        )
    return {
        "group": name,
        "judged": int(judged.sum()),
        "items": int(mask.sum()),
        "ccc": entry("ccc", "Lin's concordance correlation", together),
    }


def _label_row(comparison: Comparison, fact: str, name: str, judged: BoolArray) -> MetricGroup:
    computing, mask = comparison.computing, comparison.decided & judged
    accuracy, kappa = _agree(comparison, mask, _clusters(computing, fact, mask))
    return {
        "group": name,
        "judged": int(judged.sum()),
        "items": int(mask.sum()),
        "accuracy": entry("accuracy", "Agreement with the consensus", accuracy),
        "kappa": entry("kappa", "Cohen's kappa", kappa),
    }


def _agree(comparison: Comparison, mask: BoolArray, clusters: Any) -> tuple[Result, Result]:
    """Accuracy and kappa of the masked items; *clusters* are their models, None within a model."""
    if mask.sum() < SMALLEST:
        few = _too_few(int(mask.sum()))
        return few, few
    truth, said = (
        comparison.codes(column, comparison.values, mask)
        for column in (comparison.truth, comparison.said)
    )
    names, q = comparison.values, len(comparison.values)
    level = comparison.computing.parameters.level
    same = accuracy(truth, said, q, clusters=clusters, level=level)
    kappa = cohen_kappa(truth, said, q, clusters=clusters, level=level, names=names)
    return same, kappa


Blocks = tuple[Sequence[Any], Sequence[str], Any]
"""Block of each row (target value and condition), its model, its value."""


def _agreement(comparison: Comparison) -> Blocks:
    data, mask = comparison.computing.data, comparison.decided
    columns = [
        [word or "" for word in data.item_column(fact)]
        for fact in ("target_value", "condition", "model")
    ]
    at = [i for i in np.nonzero(mask)[0].tolist() if columns[2][i]]
    same = (comparison.truth == comparison.said).astype(np.float64)
    blocks = [(columns[0][i], columns[1][i]) for i in at]
    return blocks, [columns[2][i] for i in at], same[at]


def _fits(computing: Computing, scorer: Automated) -> Blocks:
    """How near every scored trial came to its target, judged or not."""
    content = computing.data.content
    at = np.nonzero(~np.isnan(scorer.trial_fit))[0].tolist()
    cells = [content["cells"][content["trials"]["cell"][i]] for i in at]
    blocks = [(cell["target_value"], cell["condition"]) for cell in cells]
    return blocks, [cell["model"] for cell in cells], scorer.trial_fit[at]


def _contrasts(
    computing: Computing, what: str, blocks: Sequence[Any], models: Sequence[str], values: Any
) -> Contrasts:
    """All pairs of models on the means of their common blocks, with Holm's correction."""
    names = sorted({str(model) for model in models})
    if not 2 <= len(names) <= MAX_MODELS:
        few = "fewer than two models have values to compare"
        many = f"{len(names)} models make {len(names) * (len(names) - 1) // 2} tests: filter first"
        return {"what": what, "tests": 0, "rows": [], "reason": few if len(names) < 2 else many}
    places = {block: at for at, block in enumerate(sorted(set(blocks)))}
    sums = np.zeros((len(places), len(names)))
    held = np.zeros_like(sums)
    row = np.array([places[block] for block in blocks])
    column = np.array([names.index(model) for model in models])
    np.add.at(sums, (row, column), values)
    np.add.at(held, (row, column), 1)
    means = np.divide(sums, held, out=np.full(sums.shape, np.nan), where=held > 0)
    made = paired_contrasts(means, names, level=computing.parameters.level, within=SHARE)
    return {
        "what": what,
        "tests": made.tests,
        "reason": None,
        "rows": [
            {
                **entry("contrast", f"{pair.first} minus {pair.second}", pair.difference),
                "first": pair.first,
                "second": pair.second,
                "p": pair.p,
                "p_holm": pair.p_holm,
            }
            for pair in made.rows
        ],
    }


SECTION = Section(
    "groups", "Agreement by model, target value and condition", groups, applies, of_the_raters=True
)
