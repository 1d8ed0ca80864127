"""Where does the metric agree with the raters, and which models differ?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from analysis.frozen import Automated, BoolArray
from analysis.sections.automated import Comparison
from analysis.sections.common import Computing, Section, entry
from analysis.statistics.confusion import classification
from analysis.statistics.contrasts import paired_contrasts
from analysis.statistics.kappa import cohen_kappa
from analysis.statistics.result import Result, Undefined

SMALLEST = 10
"""Items below which a group gets a reason instead of a number."""

BY = {"model": "Model", "target_value": "Target value", "condition": "Condition"}
MAX_MODELS = 20


def groups(computing: Computing) -> Section | None:
    """Agreement of each metric with the consensus by model, target value and condition, and paired
    contrasts between the models. None for items that are no trials."""
    data = computing.data
    if data.is_interval or not any(at is not None for at in data.content["items"]["trial"]):
        return None
    return {
        "smallest": SMALLEST,
        "metrics": [_metric(computing, scorer) for scorer in data.automated],
    }


def _metric(computing: Computing, scorer: Automated) -> dict[str, Any]:
    comparison = Comparison(computing, scorer)
    return {
        "name": scorer.name,
        "by": [
            {"fact": fact, "title": title, "rows": _rows(comparison, fact)}
            for fact, title in BY.items()
        ],
        "contrasts": [
            _contrasts(computing, "Agreement with the consensus", *_agreement(comparison)),
            _contrasts(computing, "Value rationality", *_rationality(computing, scorer)),
        ],
    }


def _rows(comparison: Comparison, fact: str) -> list[dict[str, Any]]:
    facts = np.array([value or "" for value in comparison.computing.data.item_column(fact)])
    judged = comparison.truth >= 0
    found = []
    for name in sorted(set(facts[judged].tolist()) - {""}):
        mask = comparison.decided & (facts == name)
        clusters = None if fact == "model" else comparison.computing.clusters_where(mask)
        accuracy, kappa = _agree(comparison, mask, clusters)
        found.append(
            {
                "group": name,
                "judged": int((judged & (facts == name)).sum()),
                "items": int(mask.sum()),
                "accuracy": entry("accuracy", "Agreement with the consensus", accuracy),
                "kappa": entry("kappa", "Cohen's kappa", kappa),
            }
        )
    return found


def _agree(comparison: Comparison, mask: BoolArray, clusters: Any) -> tuple[Result, Result]:
    """Accuracy and kappa of the masked items; *clusters* are their models, None within a model."""
    n = int(mask.sum())
    if n < SMALLEST:
        few = Undefined(f"fewer than {SMALLEST} items to compare", {"units": n})
        return few, few
    truth, said = (
        comparison.codes(column, comparison.values, mask)
        for column in (comparison.truth, comparison.said)
    )
    names, q = comparison.values, len(comparison.values)
    scores = classification(
        truth, said, q, clusters=clusters, names=names, **comparison.computing.bootstrapped
    )
    level = comparison.computing.parameters.level
    kappa = cohen_kappa(truth, said, q, clusters=clusters, level=level, names=names)
    return scores.accuracy, kappa


Blocks = tuple[Sequence[Any], Sequence[str], Any]
"""Block of each row (target value and condition), its model, its value."""


def _agreement(comparison: Comparison) -> Blocks:
    data, mask = comparison.computing.data, comparison.decided
    columns = [data.item_column(fact) for fact in ("target_value", "condition", "model")]
    at = np.nonzero(mask)[0].tolist()
    same = (comparison.truth == comparison.said).astype(np.float64)
    blocks = [(columns[0][i], columns[1][i]) for i in at]
    return blocks, [columns[2][i] for i in at], same[mask]


def _rationality(computing: Computing, scorer: Automated) -> Blocks:
    """Value rationality of every scored trial, judged or not."""
    content = computing.data.content
    at = np.nonzero(~np.isnan(scorer.trial_rationality))[0].tolist()
    cells = [content["cells"][content["trials"]["cell"][i]] for i in at]
    blocks = [(cell["target_value"], cell["condition"]) for cell in cells]
    return blocks, [cell["model"] for cell in cells], scorer.trial_rationality[at]


def _contrasts(
    computing: Computing, what: str, blocks: Sequence[Any], models: Sequence[str], values: Any
) -> dict[str, Any]:
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
    made = paired_contrasts(means, names, level=computing.parameters.level)
    return {
        "what": what,
        "tests": made.tests,
        "reason": None,
        "rows": [
            entry("contrast", f"{pair.first} minus {pair.second}", pair.difference)
            | {"first": pair.first, "second": pair.second, "p": pair.p, "p_holm": pair.p_holm}
            for pair in made.rows
        ],
    }
