"""Freezing a study: everything a report is computed from, as canonical JSON under one hash.

The same rows and choices give the same bytes on any day; when it was frozen is the row's
``created_at``, outside the hash. docs/reference/report-json.md describes the content.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis import queries
from analysis.canonical import canonical_bytes, sha256_of
from analysis.models import DataSet
from analysis.parameters import ParameterError, Parameters
from annotations.models import Rater, Study
from evaluations.models import Cell

FORMAT = 1
CONSENSUS_RULES: dict[str, str] = {
    Study.Scale.NOMINAL: "more than half of the judgments",
    Study.Scale.ORDINAL: "median of the judgments",
    Study.Scale.INTERVAL: "mean of the judgments",
}
"""How judgments become a consensus; the rules of ``annotations.consensus``."""
Content = dict[str, Any]


class DataSetError(Exception):
    """A stored data set that is not what it says it is."""


def freeze(study: Study, parameters: Parameters) -> DataSet:
    """The data set of *study* as it is now, a new row only when its content is new.

    Raises ParameterError when *parameters* name a scorer, rater or item that the study has not.
    """
    content = canonical_bytes(extract(study, parameters))
    data_set, _ = DataSet.objects.get_or_create(
        study=study,
        sha256=sha256_of(content),
        defaults={
            "parameters": parameters.selection(),
            "content": gzip.compress(content, compresslevel=6, mtime=0),
        },
    )
    return data_set


def thaw(data_set: DataSet) -> Content:
    """The content of a stored data set; DataSetError when its bytes no longer match the hash."""
    if not data_set.content:
        raise DataSetError(
            f"Data set {data_set.sha256[:12]} was emptied because a rater asked for their "
            "judgments to be removed. What was reported from it before stands; it cannot be "
            "computed again. Make a new report from the study."
        )
    try:
        content = gzip.decompress(bytes(data_set.content))
    except (OSError, EOFError) as error:
        raise DataSetError(_damaged(data_set, f"it cannot be unpacked ({error})")) from error
    found = sha256_of(content)
    if found != data_set.sha256:
        raise DataSetError(_damaged(data_set, f"its content hashes to {found[:12]}"))
    return json.loads(content)


def _damaged(data_set: DataSet, what: str) -> str:
    return (
        f"Data set {data_set.pk} of study {data_set.study_id} should hash to "
        f"{data_set.sha256[:12]}, but {what}: it was changed after it was frozen. "
        "Make the report again from the study, and restore the row from a backup if you cited it."
    )


def extract(study: Study, parameters: Parameters) -> Content:
    """All that a report on *study* needs, JSON-safe, in an order set by content alone."""
    # Judgments first: rows they point to exist by then, whatever is added between the reads.
    judged = queries.judgment_columns(study)
    raters = _Kept(queries.rater_rows(study), _wants_rater(parameters))
    items = _Kept(queries.item_rows(study), _wants_item(parameters))
    _refuse_unknown("rater", parameters.exclude_raters, (row[1] for row in raters.all))
    _refuse_unknown("item", parameters.exclude_items, (row[2] for row in items.all))
    judgments, active, dropped = _judgments(study, judged, items, raters)
    trials = queries.trial_rows(study)
    cells = queries.cell_rows(study)
    return {
        "format": FORMAT,
        "study": _study_facts(study),
        "choices": parameters.selection() | {"consensus": CONSENSUS_RULES[study.scale]},
        "items": _item_columns(items.rows, {row[0]: at for at, row in enumerate(trials)}),
        "raters": {
            "pseudonym": [raters.rows[at][1] for at in active],
            "kind": [raters.rows[at][2] for at in active],
        },
        "judgments": judgments,
        "cells": [_cell_facts(cell) for cell in cells],
        "trials": _trial_columns(trials, cells),
        "automated": _automated(study, parameters, items, trials),
        "adjudications": _adjudications(study, items),
        "excluded": {
            "raters": [row[1] for row in raters.left_out],
            "items": [row[2] for row in items.left_out],
            "judgments": dropped,
        },
    }


class _Kept:
    """Rows split into those kept and those left out; ``index`` maps a kept id to its row."""

    def __init__(self, rows: list[Any], wanted: Any) -> None:
        self.all = rows
        self.rows = [row for row in rows if wanted(row)]
        self.left_out = [row for row in rows if not wanted(row)]
        self.index = {row[0]: at for at, row in enumerate(self.rows)}


def _wants_rater(parameters: Parameters) -> Any:
    excluded = set(parameters.exclude_raters)

    def wanted(row: tuple[int, str, str]) -> bool:
        _, pseudonym, kind = row
        simulated = kind == Rater.Kind.SIMULATED
        return pseudonym not in excluded and (parameters.include_simulated or not simulated)

    return wanted


def _wants_item(parameters: Parameters) -> Any:
    excluded = set(parameters.exclude_items)
    return lambda row: row[2] not in excluded


def _refuse_unknown(what: str, named: Iterable[str], known: Iterable[str]) -> None:
    if missing := sorted(set(named) - set(known)):
        raise ParameterError(f"The study has no {what} {', '.join(missing)}: nothing to exclude.")


def _study_facts(study: Study) -> dict[str, Any]:
    return {
        "project": study.project.slug,
        "name": study.name,
        "slug": study.slug,
        "source": study.source,
        "question": study.question,
        "scale": study.scale,
        "categories": [str(category) for category in study.categories],
        "overlap": study.overlap,
        "scorer": study.scorer,
    }


def _item_columns(rows: list[Any], trial_at: dict[int, int]) -> dict[str, list[Any]]:
    return {
        "position": [row[1] for row in rows],
        "key": [row[2] for row in rows],
        "stratum": [row[3] for row in rows],
        "weight": [row[4] for row in rows],
        "trial": [None if row[5] is None else trial_at[row[5]] for row in rows],
    }


def _judgments(
    study: Study, judged: dict[str, Any], items: _Kept, raters: _Kept
) -> tuple[dict[str, Any], list[int], int]:
    """Judgment columns sorted by item and rater, the raters that occur in them, and the number of
    judgments left out with an excluded item or rater."""
    item = _positions(np.frombuffer(judged["item"], dtype=np.int64), items.index)
    rater = _positions(np.frombuffer(judged["rater"], dtype=np.int64), raters.index)
    kept = np.nonzero((item >= 0) & (rater >= 0))[0]
    order = kept[np.lexsort((rater[kept], item[kept]))]
    active, rater_code = np.unique(rater[order], return_inverse=True)
    labels, label_code = _labels(study, judged, order)
    number = np.frombuffer(judged["number"], dtype=np.float64)[order]
    confidence = np.frombuffer(judged["confidence"], dtype=np.int8)[order]
    columns = {
        "item": item[order].tolist(),
        "rater": rater_code.tolist(),
        "labels": labels,
        "label": label_code,
        "confidence": confidence.tolist() if confidence.any() else [],
        "number": [],
        "seconds": _or_none(judged["seconds"], order),
        "turn": [],
    }
    if study.source == Study.Source.TRIALS:  # rows of a file came in an order without a meaning
        columns["turn"] = _turns(judged["id"], order, rater_code)
    if study.scale == Study.Scale.INTERVAL:
        columns["number"] = [None if value != value else value for value in number.tolist()]
    return columns, active.tolist(), len(item) - len(kept)


def _or_none(column: Any, order: NDArray[np.int64]) -> list[float | None]:
    """A column of numbers in *order*, None for a missing one; empty when all are missing."""
    values = np.frombuffer(column, dtype=np.float64)[order]
    if np.isnan(values).all():
        return []
    return [None if value != value else value for value in values.tolist()]


def _turns(ids: Any, order: NDArray[np.int64], rater: NDArray[np.intp]) -> list[int]:
    """The place of each judgment among those of its rater, in the order they were given."""
    given = np.frombuffer(ids, dtype=np.int64)[order]
    by_time = np.lexsort((given, rater))
    starts = np.searchsorted(rater[by_time], rater[by_time])
    turn = np.empty(len(given), dtype=np.int64)
    turn[by_time] = np.arange(len(given)) - starts
    return turn.tolist()


def _positions(ids: NDArray[np.int64], index: dict[int, int]) -> NDArray[np.int64]:
    """The row of each id in *index*, -1 for an id that is not there."""
    if not len(index) or not len(ids):
        return np.full(len(ids), -1, dtype=np.int64)
    known = np.fromiter(index.keys(), dtype=np.int64, count=len(index))
    rows = np.fromiter(index.values(), dtype=np.int64, count=len(index))
    order = np.argsort(known)
    at = np.minimum(np.searchsorted(known[order], ids), len(known) - 1)
    return np.where(known[order][at] == ids, rows[order][at], -1)


def _labels(
    study: Study, judged: dict[str, Any], order: NDArray[np.int64]
) -> tuple[list[str], list[int]]:
    """Labels in the study's order, then others by name; and each judgment's code into them.

    On an interval scale the number says it all, so labels are kept only where there is no number:
    a label there is a way out ('unclear'), not a value.
    """
    code = np.frombuffer(judged["label"], dtype=f"i{judged['label'].itemsize}")[order]
    found: list[str] = judged["labels"]
    if study.scale == Study.Scale.INTERVAL:
        unnumbered = np.isnan(np.frombuffer(judged["number"], dtype=np.float64)[order])
        used = {found[at] for at in np.unique(code[unnumbered])}
    else:
        unnumbered = np.ones(len(code), dtype=bool)
        used = {found[at] for at in np.unique(code)}
    declared = [str(category) for category in study.categories]
    labels = declared + sorted(used - set(declared), key=queries.natural)
    at_label = {label: at for at, label in enumerate(labels)}
    recode = np.array([at_label.get(label, -1) for label in found] or [-1])
    return labels, np.where(unnumbered, recode[code], -1).tolist()


def _cell_facts(cell: Cell) -> dict[str, Any]:
    return {
        "run": cell.run.name,
        "model": cell.endpoint.model,
        "endpoint": cell.endpoint.name,
        "endpoint_kind": cell.endpoint.kind,
        "target_value": cell.target_value,
        "with_goal": cell.with_goal,
        "condition": cell.condition,
        "option_order": cell.option_order,
        "answer_format": cell.answer_format,
        "temperature": cell.endpoint.parameters.get("temperature"),
    }


def _trial_columns(rows: list[Any], cells: list[Cell]) -> dict[str, list[Any]]:
    cell_at = {cell.pk: at for at, cell in enumerate(cells)}
    return {
        "id": [row[0] for row in rows],
        "cell": [cell_at[row[1]] for row in rows],
        "number": [row[2] for row in rows],
        "simulated": [row[3] for row in rows],
    }


def _automated(
    study: Study, parameters: Parameters, items: _Kept, trials: list[Any]
) -> list[dict[str, Any]]:
    """What each automated metric said, by scorer; of all trials, or of imported items."""
    trial_at = {row[0]: at for at, row in enumerate(trials)}
    found = _imported_labels(study, items)
    for scorer, version in _newest(queries.scorer_versions(study), parameters):
        found.append(_scores(study, scorer, version, trial_at))
    if parameters.scorer:
        found = [entry for entry in found if entry["scorer"] == parameters.scorer_name]
        if not found:
            raise ParameterError(_no_such_scorer(study, parameters))
    return sorted(found, key=lambda entry: (entry["scorer"] != study.scorer, entry["scorer"]))


def _newest(known: list[tuple[str, str]], parameters: Parameters) -> list[tuple[str, str]]:
    """One version a scorer: the one asked for, else the highest."""
    if parameters.scorer_version:
        return [pair for pair in known if "@".join(pair) == parameters.scorer]
    newest: dict[str, str] = {}
    for scorer, version in sorted(known, key=lambda pair: queries.natural(pair[1])):
        newest[scorer] = version
    return sorted(newest.items())


def _no_such_scorer(study: Study, parameters: Parameters) -> str:
    known = [f"{scorer}@{version}" for scorer, version in queries.scorer_versions(study)]
    known += sorted({row[0] for row in queries.automated_of_items(study)})
    there = f"It has: {', '.join(known)}." if known else "It has no automated labels at all."
    return f"No scorer {parameters.scorer!r} labelled the items of study {study.name!r}. {there}"


def _imported_labels(study: Study, items: _Kept) -> list[dict[str, Any]]:
    by_scorer: dict[str, dict[str, Any]] = {}
    for scorer, item, label, number in queries.automated_of_items(study):
        if item not in items.index:
            continue
        columns = by_scorer.setdefault(scorer, _empty_automated(scorer, "", "items"))
        columns["row"].append(items.index[item])
        columns["label"].append(label)
        columns["number"].append(number)
    return list(by_scorer.values())


def _scores(study: Study, scorer: str, version: str, trial_at: dict[int, int]) -> dict[str, Any]:
    columns = _empty_automated(scorer, version, "trials") | {
        name: [] for name in ("reason", "flags", "rationality", "rationality_corrected")
    }
    for trial, orientation, angle, reason, flags, raw, corrected in queries.score_rows(
        study, scorer, version
    ):
        columns["row"].append(trial_at[trial])
        columns["label"].append(orientation)
        columns["number"].append(angle)
        columns["reason"].append(reason)
        columns["flags"].append(flags)
        columns["rationality"].append(raw)
        columns["rationality_corrected"].append(corrected)
    return columns


def _empty_automated(scorer: str, version: str, of: str) -> dict[str, Any]:
    return {"scorer": scorer, "version": version, "of": of, "row": [], "label": [], "number": []}


def _adjudications(study: Study, items: _Kept) -> dict[str, list[Any]]:
    kept = [
        (items.index[at], label) for at, label in queries.decision_rows(study) if at in items.index
    ]
    return {"item": [at for at, _ in sorted(kept)], "label": [label for _, label in sorted(kept)]}
