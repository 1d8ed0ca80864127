"""What the automated metrics said of a study's items and trials, as columns of its data set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from analysis import queries
from analysis.parameters import ParameterError, Parameters
from annotations.models import Study
from evaluations.models import Extraction
from evaluations.natural import natural

Columns = dict[str, Any]


def automated_columns(
    study: Study, parameters: Parameters, item_at: dict[int, int], trials: list[Any]
) -> list[Columns]:
    """One entry a metric, the study's own first: ``scorer``, ``version``, ``of`` (items or trials)
    and equally long columns ``row`` (place among these), ``label`` and ``number``.

    *item_at*: place of each item by id; *trials*: rows of ``queries.trial_rows``. Scores of trials
    have ``reason``, ``flags`` and both value rationalities besides. Raises ParameterError for a
    scorer that labelled nothing of the study.
    """
    trial_at = {row[0]: at for at, row in enumerate(trials)}
    found = _imported_labels(study, item_at) + _readings(study, item_at, parameters)
    for scorer, version in _chosen(queries.scorer_versions(study), parameters):
        found.append(_scores(study, scorer, version, trial_at))
    if parameters.scorer:
        found = [entry for entry in found if entry["scorer"] == parameters.scorer_name]
        if not found:
            raise ParameterError(_no_such_scorer(study, parameters))
    return sorted(found, key=lambda entry: (entry["scorer"] != study.scorer, entry["scorer"]))


def _chosen(known: Mapping[tuple[str, str], int], parameters: Parameters) -> list[tuple[str, str]]:
    """One version a scorer: the one asked for, else the one a study goes by."""
    if parameters.scorer_version:
        return [pair for pair in known if "@".join(pair) == parameters.scorer]
    return sorted(in_force(known).items())


def in_force(known: Mapping[tuple[str, str], int]) -> dict[str, str]:
    """The version of each scorer that a study goes by: the highest of those that scored the most.

    *known*: how many trials each (scorer, version) has scored. A version that is only just being
    scored does not empty the report meanwhile.
    """
    order = sorted(known, key=lambda pair: (known[pair], natural(pair[1])))
    return dict(order)


def _no_such_scorer(study: Study, parameters: Parameters) -> str:
    known = [f"{scorer}@{version}" for scorer, version in queries.scorer_versions(study)]
    known += sorted({row[0] for row in queries.automated_of_items(study)})
    there = f"It has: {', '.join(known)}." if known else "It has no automated labels at all."
    return f"No scorer {parameters.scorer!r} labelled the items of study {study.name!r}. {there}"


def _imported_labels(study: Study, item_at: dict[int, int]) -> list[Columns]:
    by_scorer: dict[str, Columns] = {}
    for scorer, item, label, number in queries.automated_of_items(study):
        if item not in item_at:
            continue
        columns = by_scorer.setdefault(scorer, _empty(scorer, "", "items"))
        columns["row"].append(item_at[item])
        columns["label"].append(label)
        columns["number"].append(number)
    return list(by_scorer.values())


def _readings(study: Study, item_at: dict[int, int], parameters: Parameters) -> list[Columns]:
    """Which option was read from each answer, where that is what raters are asked."""
    if (study.unit, study.kind) != (Study.Unit.ANSWER, Study.Kind.OPTION):
        return []
    rows = [row for row in queries.reading_rows(study) if row[2] in item_at]
    found = []
    for extractor, version in _chosen(Counter(row[:2] for row in rows), parameters):
        columns = _empty(extractor, version, "items")
        for *named, item, outcome, letter in rows:
            if named == [extractor, version]:
                columns["row"].append(item_at[item])
                columns["label"].append(_option(outcome, letter))
                columns["number"].append(None)
        found.append(columns)
    return found


def _option(outcome: str, letter: str) -> str:
    """The option in the words raters have; empty where several could be meant."""
    if outcome == Extraction.Outcome.CHOICE:
        return letter
    return "none" if outcome == Extraction.Outcome.NONE else ""


def _scores(study: Study, scorer: str, version: str, trial_at: dict[int, int]) -> Columns:
    columns = _empty(scorer, version, "trials") | {
        name: [] for name in ("reason", "flags", "rationality", "rationality_corrected")
    }
    for trial, orientation, angle, reason, flags, raw, corrected in queries.score_rows(
        study, scorer, version
    ):
        if trial not in trial_at:
            continue
        columns["row"].append(trial_at[trial])
        columns["label"].append(orientation)
        columns["number"].append(angle)
        columns["reason"].append(reason)
        columns["flags"].append(flags)
        columns["rationality"].append(raw)
        columns["rationality_corrected"].append(corrected)
    return columns


def _empty(scorer: str, version: str, of: str) -> Columns:
    return {"scorer": scorer, "version": version, "of": of, "row": [], "label": [], "number": []}
