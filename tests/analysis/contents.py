"""Data sets in memory, without a database: the content of a frozen study made from rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from analysis.data.frozen import in_memory
from analysis.data.parameters import Parameters
from analysis.report.report import compute

Row = tuple[str, str, str]
"""item, rater, value"""
CONSENSUS = {
    "nominal": "more than half of the judgments",
    "ordinal": "median of the judgments",
    "interval": "mean of the judgments",
}


def content_of(
    rows: Iterable[Row],
    *,
    scale: str = "nominal",
    categories: Sequence[str] = (),
    automated: Mapping[str, Mapping[str, str]] | None = None,
    **study: Any,
) -> dict[str, Any]:
    """The content of an imported study: *automated* maps scorer to item to value, *study* adds
    facts of the study such as ``raters_are``."""
    held, said = list(rows), dict(automated or {})
    keys = [row[0] for row in held] + [key for one in said.values() for key in one]
    items = list(dict.fromkeys(keys))
    raters = sorted({row[1] for row in held})
    held.sort(key=lambda row: (items.index(row[0]), row[1]))
    numeric = scale == "interval"
    labels = list(categories) + sorted({row[2] for row in held} - set(categories))
    return {
        "format": 1,
        "study": {
            **{"project": "lab", "name": "Made", "slug": "made", "source": "import"},
            **{"question": "Which stance?", "unit": "trial", "scale": scale},
            **{"categories": list(categories), "dimensions": [], "scores_answer": False},
            **{"overlap": 2, "scorer": next(iter(said), "")},
            **study,
        },
        "choices": {"consensus": CONSENSUS[scale]},
        "items": {
            "position": list(range(1, len(items) + 1)),
            "key": items,
            "stratum": [""] * len(items),
            "weight": [1.0] * len(items),
            "trial": [None] * len(items),
        },
        "raters": {"pseudonym": raters, "kind": ["imported"] * len(raters), "own_angle": []},
        "repeats": {name: [] for name in ("item", "rater", "first", "again")},
        "judgments": {
            "item": [items.index(row[0]) for row in held],
            "rater": [raters.index(row[1]) for row in held],
            "labels": [] if numeric else labels,
            "label": [-1 if numeric else labels.index(row[2]) for row in held],
            "confidence": [],
            "number": [float(row[2]) for row in held] if numeric else [],
            "seconds": [],
            "turn": [],
        },
        "cells": [],
        "trials": {name: [] for name in ("id", "cell", "number", "simulated")},
        "automated": [
            {
                **{"scorer": name, "version": "", "of": "items"},
                "row": [items.index(key) for key in one],
                "label": [] if numeric else list(one.values()),
                "number": [float(value) for value in one.values()] if numeric else [],
            }
            for name, one in said.items()
        ],
        "adjudications": {"item": [], "label": []},
        "excluded": {"raters": [], "reasons": [], "items": [], "judgments": 0},
    }


QUICK = Parameters(replicates=200)
VERSIONS = {"valuecheck": "0", "numpy": "2", "scipy": "1"}


def report_of(content: dict[str, Any], parameters: Parameters = QUICK) -> dict[str, Any]:
    """The whole result of a report on *content*."""
    return compute(in_memory("0" * 64, content), parameters, VERSIONS)


def labelled(
    truth: Sequence[str],
    metric: Sequence[str] | None,
    raters: str = "abc",
    errs: Mapping[str, int] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """The report of raters who say *truth*; a rater in *errs* says 'no' for 'yes', and the other
    way round, on every so manieth item."""
    turned = {"yes": "no", "no": "yes"}
    rows = [
        (f"i{at:03}", rater, turned.get(label, label) if _errs(errs, rater, at) else label)
        for at, label in enumerate(truth)
        for rater in raters
    ]
    said = None if metric is None else {"m": {f"i{at:03}": x for at, x in enumerate(metric)}}
    categories = more.pop("categories", ["yes", "no"])
    return report_of(content_of(rows, categories=categories, automated=said, **more))


def _errs(errs: Mapping[str, int] | None, rater: str, at: int) -> bool:
    step = (errs or {}).get(rater)
    return step is not None and at % step == 0
