"""Freezing a study: everything a report is computed from, as canonical JSON under one hash.

The same rows and choices give the same bytes on any day; when it was frozen is the row's
``created_at``, outside the hash. docs/reference/report-json.md describes the content.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from analysis.data import queries
from analysis.data.automated_columns import automated_columns
from analysis.data.canonical import Content, canonical_bytes, sha256_of
from analysis.data.declared import (
    NONE,
    Properties,
    culture_column,
    has,
    property_columns,
    ways_out_of,
    words_of,
)
from analysis.data.further_columns import further_columns
from analysis.data.judged_columns import Kept, categories_of, given_on_by_rater, judgments_of
from analysis.data.kinds import columns_of_raters, parts_of
from analysis.data.parameters import ParameterError, Parameters
from analysis.data.whose_judgments import reason_left_out
from analysis.models import DataSet
from annotations.kinds import own_questions, scale_of_study
from annotations.models import Study
from annotations.scales.scale import ANGLE
from evaluations.instruments.kinds import DEFAULT_KIND, all_labels
from evaluations.models import Cell
from evaluations.text.natural_order import natural

FORMAT = 1
MODEL_PROPERTIES = ("family", "parameter_count", "tuning_method", "reasoning_mode", "release")


class DataSetError(Exception):
    """A stored data set that is not what it says it is."""


def freeze(study: Study, parameters: Parameters) -> DataSet:
    """The data set of *study* as it is now, kept; a new row only when its content is new.

    Raises ParameterError when *parameters* name a scorer, rater or item that the study has not.
    """
    content = canonical_bytes(extract(study, parameters))
    return keep(study, parameters, sha256_of(content), packed(content))


def keep(study: Study, parameters: Parameters, sha256: str, content: bytes) -> DataSet:
    """The stored data set of *study* with that hash; *content* is packed."""
    data_set, _ = DataSet.objects.get_or_create(
        study=study,
        sha256=sha256,
        defaults={"parameters": parameters.selection(), "content": content},
    )
    return data_set


def packed(content: bytes) -> bytes:
    """Canonical bytes as they are stored. Level 1: six times faster than 6 and a quarter larger."""
    return gzip.compress(content, compresslevel=1, mtime=0)


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
    raters = Kept(queries.rater_rows(study), lambda row: not reason_left_out(row, parameters))
    properties = queries.item_properties(study)
    cells = _cells(study, properties, parameters)
    trials = _trials(study, cells)
    scope = _scope(queries.item_rows(study), trials, properties, parameters)
    items = Kept(scope, lambda row: row[2] not in parameters.exclude_items)
    named = {row.pseudonym for row in raters.all}
    _refuse_unknown("rater", parameters.exclude_raters + parameters.raters, named)
    _refuse_unknown("item", parameters.exclude_items, {row[2] for row in items.all})
    judgments, active, dropped = judgments_of(study, judged, items, raters)
    who = [raters.rows[at].id for at in active]
    rater_at = {rater: at for at, rater in enumerate(who)}
    facts = study_facts(study)
    further = further_columns(study, items.index, rater_at)
    content = {
        "format": FORMAT,
        "study": facts,
        "choices": parameters.selection() | {"consensus": scale_of_study(study).how()},
        "items": _item_columns(items.rows, {row[0]: at for at, row in enumerate(trials)})
        | property_columns([row[0] for row in items.rows], properties),
        "raters": {
            "pseudonym": [raters.rows[at].pseudonym for at in active],
            "kind": [raters.rows[at].kind for at in active],
        }
        | culture_column(who, queries.cultures(study))
        | columns_of_raters(facts.get("instrument", DEFAULT_KIND), study, who),
        "repeats": _repeats(study, items, rater_at),
        "judgments": judgments,
        "cells": [cell_facts(cell) for cell in cells],
        "trials": _trial_columns(trials, cells),
        "automated": automated_columns(study, parameters, items.index, trials),
        "adjudications": _adjudications(study, items),
        "excluded": _excluded(
            [(row.pseudonym, reason_left_out(row, parameters)) for row in raters.left_out],
            [row[2] for row in items.left_out],
            dropped,
            given_on_by_rater(queries.given_on(study), items, raters),
        ),
    }
    content |= parts_of(facts.get("instrument", DEFAULT_KIND), study)
    # A study that asks nothing further keeps the hash it had before there was this part.
    return content | ({"further": further} if further else {})


def _cells(study: Study, properties: Properties, parameters: Parameters) -> list[Cell]:
    """The cells that the choices among items keep; ParameterError for a fact that nothing has."""
    cells = queries.cell_rows(study)
    for choice, wanted in parameters.of_items.items():
        fact, what, name = FACTS[choice]
        there = {fact(cell) for cell in cells} | words_of(name, properties)
        if missing := sorted(set(wanted) - there):
            raise ParameterError(
                f"The study has no {what} {', '.join(missing)}. "
                f"It has: {', '.join(sorted(there)) or 'no trials at all'}."
            )
    for name, wanted in parameters.of_properties.items():
        there = words_of(name, properties)
        if missing := sorted(set(wanted) - there):
            known = ", ".join(sorted(there)[:20]) or f"no {name} at all"
            raise ParameterError(f"No item has the {name} {', '.join(missing)}. There is: {known}.")
    if parameters.of_properties:
        return []
    return [
        cell
        for cell in cells
        if all(FACTS[choice][0](cell) in wanted for choice, wanted in parameters.of_items.items())
    ]


def _trials(study: Study, cells: list[Cell]) -> list[Any]:
    kept = {cell.pk for cell in cells}
    return [row for row in queries.trial_rows(study) if row[1] in kept]


def _scope(
    rows: list[Any], trials: list[Any], properties: Properties, parameters: Parameters
) -> list[Any]:
    """The items that the report is about; excluding some of these is another matter."""
    wanted = {FACTS[name][2]: chosen for name, chosen in parameters.of_items.items()}
    wanted |= parameters.of_properties
    if not wanted:
        return rows
    kept = {row[0] for row in trials}
    return [
        row
        for row in rows
        if (row[5] in kept if row[5] is not None else has(properties.get(row[0], {}), wanted))
    ]


def _refuse_unknown(what: str, named: Iterable[str], known: set[str]) -> None:
    if missing := sorted(set(named) - known):
        raise ParameterError(f"The study has no {what} {', '.join(missing)}: nothing to choose.")


def study_facts(study: Study) -> dict[str, Any]:
    """What a report says of the study. A vector is one label of a nominal scale as a whole; its
    dimensions are named apart. The kind is told of angles alone: of other numbers the unit is not
    known.
    """
    is_vector = study.scale == Study.Scale.VECTOR
    named = [str(category) for category in study.categories]
    told: dict[str, Any] = {}
    if scale_of_study(study).name == ANGLE:
        told["kind"] = study.kind
    if study.scale == Study.Scale.INTERVAL and study.tolerance is not None:
        told["tolerance"] = study.tolerance
    facts = told | {
        "project": study.project.slug,
        "name": study.name,
        "slug": study.slug,
        "source": study.source,
        "question": study.question,
        "unit": study.unit,
        "scale": Study.Scale.NOMINAL.value if is_vector else study.scale,
        "categories": categories_of(study),
        "dimensions": named if is_vector else [],
        "scores_answer": _scores_answer(study, named),
        "overlap": study.overlap,
        "scorer": study.metric_name,
        **_instrument(study),
        # A study that pins no version keeps the hash it had before one could.
        **({"scorer_version": study.metric_version} if study.metric_version else {}),
        # One that declares no ranges, or no kind of raters, keeps its hash as well.
        **({"ranges": study.ranges} if study.ranges else {}),
        **({"raters_are": study.raters_are} if study.raters_are else {}),
    }
    # A data set that declares what went by name before keeps the hash it had then.
    declared = list(study.ways_out)
    return facts if ways_out_of(facts, named) == declared else facts | {"ways_out": declared}


def _instrument(study: Study) -> dict[str, str]:
    """The kind of the instrument of its trials. The first kind is not named: its data sets keep the
    hash they had before there were others."""
    kind = queries.kind_of_instrument(study)
    return {} if kind == DEFAULT_KIND else {"instrument": kind}


def _scores_answer(study: Study, categories: list[str]) -> bool:
    """Whether the score of a trial is an answer to what raters were asked of an item."""
    if study.unit != Study.Unit.TRIAL:
        return False
    if study.scale == Study.Scale.VECTOR:
        return queries.has_vectors(study)
    asked = own_questions().get(study.kind)
    return bool(asked and asked.is_scored) or bool(set(categories) & set(all_labels()))


def _repeats(study: Study, items: Kept, rater_at: dict[int, int]) -> dict[str, list[Any]]:
    """What raters said the first time and again, on the items and of the raters that are kept."""
    rows = queries.repeat_rows(study) if study.repeat_share else []
    kept = [row for row in rows if row[0] in items.index and row[1] in rater_at]
    is_interval = study.scale == Study.Scale.INTERVAL
    return {
        "item": [items.index[row[0]] for row in kept],
        "rater": [rater_at[row[1]] for row in kept],
        "first": [row[3] if is_interval else row[2] for row in kept],
        "again": [row[5] if is_interval else row[4] for row in kept],
    }


def _item_columns(rows: list[Any], trial_at: dict[int, int]) -> dict[str, list[Any]]:
    return {
        "position": [row[1] for row in rows],
        "key": [row[2] for row in rows],
        "stratum": [row[3] for row in rows],
        "weight": [row[4] for row in rows],
        "trial": [None if row[5] is None else trial_at[row[5]] for row in rows],
    }


def _excluded(
    raters: list[tuple[str, str]], items: list[str], dropped: int, given_on: Counter[str]
) -> dict[str, Any]:
    """What is left out and why, whatever became of the places. ``given_on`` is of raters who count
    again but lost places meanwhile."""
    lost = {name: n for name, n in given_on.items() if name}
    found: dict[str, Any] = {
        "raters": [name for name, _ in raters],
        "reasons": [reason for _, reason in raters],
        "items": items,
        "judgments": dropped + given_on.total(),
    }
    # A study in which nobody lost a place keeps the hash it had before there was this part.
    names = sorted(lost, key=natural)
    places = {"raters": names, "judgments": [lost[name] for name in names]}
    return found | ({"given_on": places} if lost else {})


def condition_of(cell: Cell) -> str:
    """The condition of a cell without its target value: 'with goal', 'without goal, ...'."""
    return cell.words.partition(", ")[2]


def language_of(cell: Cell) -> str:
    """The language of the words around the items, else that of the items."""
    return (cell.prompt_pack or cell.run.instrument).language


FACTS: dict[str, tuple[Callable[[Cell], str], str, str]] = {
    "models": (lambda cell: cell.endpoint.model, "model", "model"),
    "target_values": (lambda cell: cell.target or NONE, "target value", "target_value"),
    "conditions": (condition_of, "condition", "condition"),
    "languages": (language_of, "language", "language"),
}
"""What each choice among items looks at in a cell, its name in words, and the property that an
imported item has instead."""


def cell_facts(cell: Cell) -> dict[str, Any]:
    return {
        "run": cell.run.name,
        "model": cell.endpoint.model,
        "endpoint": cell.endpoint.name,
        "endpoint_kind": cell.endpoint.kind,
        "target_value": cell.target,
        "with_goal": cell.with_goal,
        "condition": cell.words,
        "language": language_of(cell),
        "option_order": cell.condition.get("option_order", ""),
        "answer_format": cell.condition.get("answer_format", ""),
        "temperature": cell.endpoint.parameters.get("temperature"),
    } | {name: getattr(cell.endpoint, name) for name in MODEL_PROPERTIES}


def _trial_columns(rows: list[Any], cells: list[Cell]) -> dict[str, list[Any]]:
    cell_at = {cell.pk: at for at, cell in enumerate(cells)}
    prompts = [row[4] for row in rows]
    return {
        "id": [row[0] for row in rows],
        "cell": [cell_at[row[1]] for row in rows],
        "number": [row[2] for row in rows],
        "simulated": [row[3] for row in rows],
        # Trials of a measure that is one conversation have no prompt, and keep their hash.
    } | ({"prompt": prompts} if any(prompts) else {})


def _adjudications(study: Study, items: Kept) -> dict[str, list[Any]]:
    kept = [
        (items.index[at], label) for at, label in queries.decision_rows(study) if at in items.index
    ]
    return {"item": [at for at, _ in sorted(kept)], "label": [label for _, label in sorted(kept)]}
