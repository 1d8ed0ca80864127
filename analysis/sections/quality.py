"""What is missing, thin or odd in the data, with the items and raters concerned."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from analysis.data.whose_judgments import how_many_are_left_out
from analysis.sections.computing import Computing, warning
from analysis.sections.result.overview import (
    Adjudicated,
    GivenConfidence,
    Quality,
    QualityRow,
    Steadiness,
)
from analysis.sections.result.statistic import Warning
from analysis.sections.section import Section
from analysis.words.wording import count, listed

MIN_FOR_CONSTANT = 3
MAX_NAMED = 10


def quality(computing: Computing) -> Quality:
    """Items without judgments or below the overlap, disagreement, exclusions, constant raters."""
    data = computing.data
    per_item = np.bincount(data.item, minlength=data.n_items)
    wanted = data.study["overlap"]
    raters = rater_board(computing)
    few = f"Items judged, by fewer than the {count(wanted, 'rater')} wanted"
    if data.study["source"] == "import":
        few = f"Items judged, less often than the one judged most ({wanted})"
    return {
        "planned": data.study["source"] == "trials",
        "items": [
            _row("unjudged", "Items without a judgment", computing, per_item == 0),
            _row(
                "below_overlap",
                few,
                computing,
                (per_item > 0) & (per_item < wanted),
            ),
            _row(
                "split",
                "Items on which raters came to no consensus",
                computing,
                computing.consensus.split,
            ),
        ],
        "off_scale": data.off_scale,
        "excluded": data.content["excluded"],
        "confidence": _confidence(data.confidence),
        "raters": raters,
        "constant_raters": [row["rater"] for row in raters if row["constant"]],
        "adjudicated": _adjudicated(computing),
    }


def _row(code: str, text: str, computing: Computing, mask: Any) -> QualityRow:
    return {
        "code": code,
        "text": text,
        "items": int(np.count_nonzero(mask)),
        "positions": computing.data.positions_where(mask),
    }


def rater_board(computing: Computing) -> list[Steadiness]:
    """Each rater's judgments, distribution over the categories, and whether it is one value."""
    data = computing.data
    ratings, kinds = data.ratings, data.content["raters"]["kind"]
    order = np.argsort(ratings.rater, kind="stable")
    parts = np.split(ratings.value[order], np.cumsum(ratings.per_rater())[:-1])
    return [
        {
            "rater": name,
            "kind": kind,
            "judgments": len(values),
            "constant": len(values) >= MIN_FOR_CONSTANT and bool(np.ptp(values) == 0),
            "used": _used(values, data.categories),
            "mean": float(values.mean()) if data.is_interval and len(values) else None,
        }
        for name, kind, values in zip(data.pseudonyms, kinds, parts, strict=False)
    ]


def _used(values: Any, categories: list[str]) -> dict[str, int]:
    if not categories:
        return {}
    counts = np.bincount(values.astype(np.int64), minlength=len(categories)).tolist()
    return dict(zip(categories, counts, strict=True))


def _confidence(confidence: Any) -> list[GivenConfidence]:
    """How many judgments were given with which confidence, 1 to 5."""
    counts = Counter(confidence.tolist())
    return [{"confidence": sure, "judgments": counts[sure]} for sure in range(1, 6) if counts[sure]]


def _adjudicated(computing: Computing) -> Adjudicated:
    """Reviewers' decisions beside the consensus and beside each metric; they change neither."""
    data, consensus = computing.data, computing.consensus
    decided, same = data.content["adjudications"], data.asked.same
    pairs = list(zip(decided["item"], decided["label"], strict=True))
    agreed = [consensus.label[at] for at, _ in pairs]
    labels = [label for _, label in pairs]
    return {
        "items": len(pairs),
        "positions": [data.positions[at] for at, _ in pairs],
        "labels": labels,
        "confirm_consensus": sum(
            a is not None and same(a, b) for a, b in zip(agreed, labels, strict=True)
        ),
        "against_consensus": sum(
            a is not None and not same(a, b) for a, b in zip(agreed, labels, strict=True)
        ),
        "confirm_metric": {
            scorer.name: sum(same(scorer.said(at), label) for at, label in pairs)
            for scorer in data.automated
        },
    }


def quality_warnings(section: Quality) -> list[Warning]:
    found = []
    thin = {"unjudged", "below_overlap"} if section["planned"] else {"unjudged"}
    for row in section["items"]:
        if row["items"] and row["code"] in thin:
            found.append(warning(row["code"], f"{row['text']}: {row['items']:,}."))
    if names := section["constant_raters"]:
        shown = listed(names[:MAX_NAMED])
        more = f" ({len(names)} in all)" if len(names) > MAX_NAMED else ""
        found.append(warning("constant_raters", f"Gave the same value every time: {shown}{more}."))
    if off := section["off_scale"]:
        said = listed([f"'{label}' ({n})" for label, n in off.items()])
        found.append(
            warning(
                "off_scale", f"Judgments that have no place on the scale were left out: {said}."
            )
        )
    if section["excluded"]["judgments"]:
        found.append(warning("excluded", how_many_are_left_out(section["excluded"])))
    return found


SECTION = Section("quality", "Data quality", quality)
