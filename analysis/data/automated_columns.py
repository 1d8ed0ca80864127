"""What the automated metrics said of a study's items and trials, as columns of its data set."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from analysis.data import queries
from analysis.data.parameters import ParameterError, Parameters
from annotations.kinds import asked_by, own_questions, question_kind, scale_of_study
from annotations.metrics.metric import metric_of, trials_of
from annotations.models import Study
from evaluations.models import Metric
from evaluations.scoring import metrics

Columns = dict[str, Any]

OTHER_VECTOR = "its vector is of other dimensions, or on another scale"


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
    known = {(metric.name, metric.version): metric for metric in queries.metrics_of(study)}
    counting = _counting(study) if known else {}
    found += [_scores(study, known[p], trial_at) for p in _chosen(known, parameters, counting)]
    if parameters.scorer:
        found = [entry for entry in found if entry["scorer"] == parameters.scorer_name]
        if not found:
            raise ParameterError(_no_such_scorer(study, parameters))
    own = _names_of(study)
    place = {name: at for at, name in enumerate(own)}
    return sorted(found, key=lambda row: (place.get(row["scorer"], len(own)), row["scorer"]))


def _chosen(
    known: Collection[tuple[str, str]], parameters: Parameters, counting: Mapping[str, str]
) -> list[tuple[str, str]]:
    """One version a scorer: the one asked for, else the one that counts."""
    if parameters.scorer_version:
        return [pair for pair in known if "@".join(pair) == parameters.scorer]
    return sorted(pair for pair in known if counting.get(pair[0]) == pair[1])


def _counting(study: Study) -> dict[str, str]:
    """The version of each metric that counts: the one in force, or the study's own pinned one."""
    pinned = {study.metric_name: study.metric_version} if study.metric_version else {}
    in_force = metrics.all_in_force(trials_of(study))
    return {name: metric.version for name, metric in in_force.items()} | pinned


def _names_of(study: Study) -> list[str]:
    """What the study's metric is called: where answers are judged, by the reader it rests on."""
    if study.unit != Study.Unit.ANSWER:
        return [study.metric_name]
    return [metric_of(study).reader.name, study.metric_name]


def _no_such_scorer(study: Study, parameters: Parameters) -> str:
    known = [f"{metric.name}@{metric.version}" for metric in queries.metrics_of(study)]
    known += sorted({row[0] for row in queries.automated_of_items(study)})
    there = f"It has: {', '.join(known)}." if known else "It has no automated labels at all."
    return f"No scorer {parameters.scorer!r} labelled the items of study {study.name!r}. {there}"


def _imported_labels(study: Study, item_at: dict[int, int]) -> list[Columns]:
    by_scorer: dict[str, Columns] = {}
    reasons: dict[str, list[str]] = {}
    for scorer, item, label, number, reason in queries.automated_of_items(study):
        if item not in item_at:
            continue
        columns = by_scorer.setdefault(scorer, _empty(scorer, "", "items"))
        columns["row"].append(item_at[item])
        columns["label"].append(label)
        columns["number"].append(number)
        reasons.setdefault(scorer, []).append(reason)
    for scorer, said in reasons.items():  # of valid labels alone there is none to tell
        by_scorer[scorer] |= {"reason": said} if any(said) else {}
    return list(by_scorer.values())


def _readings(study: Study, item_at: dict[int, int], parameters: Parameters) -> list[Columns]:
    """What was read from each answer, where that answers what raters are asked."""
    asked = own_questions().get(study.kind)
    if study.unit != Study.Unit.ANSWER or not (asked and asked.is_read):
        return []
    rows = [row for row in queries.reading_rows(study) if row[2] in item_at]
    found = []
    counting = metrics.readers_in_force(trials_of(study)) | _own_reader(study)
    for reader in _chosen({row[:2] for row in rows}, parameters, counting):
        columns = _empty(*reader, "items")
        for *named, item, outcome, label in rows:
            if tuple(named) == reader:
                columns["row"].append(item_at[item])
                columns["label"].append(asked.label_of_reading(outcome, label) or "")
                columns["number"].append(None)
        found.append(columns)
    return found


def _own_reader(study: Study) -> dict[str, str]:
    """The reader of a study whose metric is pinned to a version."""
    reader = metric_of(study).reader
    return {reader.name: reader.version} if study.metric_version else {}


def _scores(study: Study, metric: Metric, trial_at: dict[int, int]) -> Columns:
    columns = _empty(metric.name, metric.version, "trials") | {
        name: [] for name in ("reason", "flags", "rationality", "rationality_corrected")
    }
    asked, scale = question_kind(asked_by(study.kind, study.scale)), scale_of_study(study)
    for row in queries.score_rows(study, metric):
        if row.trial_id not in trial_at:
            continue
        label, reason = row.label, row.reason
        if asked.is_vector:
            label = asked.label_of_score(row, scale) or ""
            reason = reason or ("" if label else OTHER_VECTOR)
        columns["row"].append(trial_at[row.trial_id])
        columns["label"].append(label)
        columns["number"].append(row.number)
        columns["reason"].append(reason)
        columns["flags"].append(row.flags)
        columns["rationality"].append(row.fit)
        columns["rationality_corrected"].append(row.fit_corrected)
    return columns


def _empty(scorer: str, version: str, of: str) -> Columns:
    return {"scorer": scorer, "version": version, "of": of, "row": [], "label": [], "number": []}
