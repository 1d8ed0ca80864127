"""The rows behind a number: the items, or the trials, that a cell of a report counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from django.db.models import Prefetch

from analysis.data.dataset import thaw
from analysis.data.frozen import UNSCORABLE, Automated, Frozen, in_memory
from analysis.data.parameters import DEFAULTS
from analysis.data.whose_judgments import EXCLUDED_FROM_STUDY, GIVEN_ON, REPEAT
from analysis.kinds import kind_of
from analysis.models import Computed
from analysis.pages.row_filters import conditions_of, met
from analysis.sections.behind import NoSuchNumber
from analysis.sections.computing import Computing
from analysis.sections.kind import Kind
from annotations.models import Item, Judgment, Study

MATRIX = {"metric", "consensus", "automated", "decided"}


def positions_behind(report: Computed, query: Mapping[str, str]) -> tuple[str, list[int]]:
    """What the number is, in words, and the positions of the items it counts.

    *query* names what the report itself lists: ``quality=CODE``, ``at=PATH`` of positions, what its
    kind lists, a cell, row or column of a confusion matrix (``metric`` with ``consensus``,
    ``automated`` or both, and ``decided`` for values alone); or conditions
    (``analysis.pages.row_filters``). Without any of these it is every item of the report.
    NoSuchNumber for what the report has not.
    """
    if "quality" in query:
        return _of_quality(report.result, query["quality"])
    if "at" in query:
        return _at(report.result, query["at"])
    kind = kind_of(report.result["study"])
    for word, listed in kind.listed.items():
        if word in query:
            return listed(report.result, query[word])
    conditions = set(conditions_of(kind))
    asked = (MATRIX | conditions) & set(query)
    if asked & {"metric", "automated"} and asked <= MATRIX and asked & {"consensus", "automated"}:
        return _of_matrix(report.result, query)
    if not asked:
        return "All items.", list(_frozen(report).positions)
    if not asked & conditions:
        raise NoSuchNumber("This names no number of the report.")
    computing = Computing(_frozen(report), DEFAULTS, kind)
    words, mask = met(computing, query)
    return " ".join(words), computing.data.positions_where(mask)


def _at(result: dict[str, Any], path: str) -> tuple[str, list[int]]:
    """The items of a part of the report that lists them, by its keys and places: 'a.0.b'."""
    part: Any = result
    for step in path.split("."):
        if isinstance(part, list) and step.isdecimal() and int(step) < len(part):
            part = part[int(step)]
        elif isinstance(part, dict) and step in part:
            part = part[step]
        else:
            raise NoSuchNumber(f"The report has nothing at {path!r}.")
        if isinstance(part, list) and step.endswith("positions"):
            return AT.get(step, "Items behind this number."), part
    raise NoSuchNumber(f"What the report has at {path!r} lists no items.")


AT = {
    "settled_positions": "Items without a majority that the model settles.",
    "differ_positions": "Items on which the majority and the model differ.",
    "tied_positions": "Items that stay tied in the model.",
}


def _frozen(report: Computed) -> Frozen:
    """The data set that the report was computed from."""
    return in_memory(report.data_set.sha256, thaw(report.data_set))


def _of_quality(result: dict[str, Any], code: str) -> tuple[str, list[int]]:
    for row in result["quality"]["items"]:
        if row["code"] == code:
            return row["text"], row["positions"]
    raise NoSuchNumber(f"The report has no data quality row {code!r}.")


def _of_matrix(result: dict[str, Any], query: Mapping[str, str]) -> tuple[str, list[int]]:
    """A cell of a confusion matrix, or the whole row or column of one label; with ``decided`` only
    the cells in which both sides gave a value."""
    metric, row, column = query.get("metric", ""), query.get("consensus"), query.get("automated")
    for section in result["automated"]:
        if section["kind"] != "labels" or metric not in ("", section["name"]):
            continue
        matrix = section["matrix"]
        rows, columns = matrix["rows"], matrix["columns"]
        if row is column is None or row not in (None, *rows) or column not in (None, *columns):
            continue
        usable = section["values"] if "decided" in query else [*rows, *columns]
        cells = [
            matrix["positions"][at][to]
            for at, one in enumerate(rows)
            for to, other in enumerate(columns)
            if row in (None, one) and column in (None, other) and {one, other} <= set(usable)
        ]
        who = "" if row is None else f"Raters: {row}."
        said = "" if column is None else f" {section['name']}: {column}."
        return f"{who}{said}".strip(), sorted(chain.from_iterable(cells))
    raise NoSuchNumber(f"No confusion matrix has the cell {row!r}, {column!r}.")


def items_at(report: Computed, study: Study, positions: list[int]) -> list[Item]:
    """The items at *positions* with their trial and current judgments, by position. Each judgment
    that the report does not count says ``why_not``."""
    current = Judgment.objects.current().with_counted().select_related("rater", "assignment")
    ordered = current.order_by("rater__pseudonym", "assignment__round")
    items = (
        Item.objects.filter(study=study, position__in=positions)
        .select_related("trial")
        .prefetch_related(Prefetch("judgments", queryset=ordered, to_attr="current_judgments"))
        .order_by("position")
    )
    excluded = report.result["quality"]["excluded"]
    reasons = dict(zip(excluded["raters"], excluded["reasons"], strict=True))
    for item in items:
        for judgment in item.current_judgments:
            judgment.why_not = _why_not(judgment, reasons)
    return list(items)


def _why_not(judgment: Judgment, reasons: Mapping[str, str]) -> str:
    """Why the report does not count it; *reasons* by rater, as the report gives them."""
    if not judgment.is_regular:
        return REPEAT
    if reason := reasons.get(judgment.rater.pseudonym):
        return reason
    if judgment.is_counted:
        return ""
    excluded = judgment.rater.excluded_reason
    return f"{EXCLUDED_FROM_STUDY.format(excluded)}, after this report" if excluded else GIVEN_ON


@dataclass(frozen=True, slots=True)
class TrialRow:
    """A trial behind a number, with what the metric says of it; ``value``: its number with the
    unit, '' where it has none."""

    pk: int
    number: int
    cell: str
    simulated: bool
    label: str
    value: str


def _trials_counted(kind: Kind) -> dict[str, str]:
    """By what trials are counted, in words."""
    found = {"all": "Every trial", "label": "With a label"}
    found[kind.unit.value] = f"With {kind.unit.a_value}"
    return found | ({kind.fit_key: f"With a {kind.fit.lower()}"} if kind.fit else {})


def trials_behind(report: Computed, query: Mapping[str, str]) -> tuple[str, list[TrialRow]]:
    """As ``positions_behind``, of trials: ``trials``: one of ``_trials_counted``, by ``metric`` or
    the first that says anything of trials; ``cell`` (its place), or ``of_model``, ``of_target`` and
    ``of_goal``, keep those of some cells."""
    data, wanted = _frozen(report), query["trials"]
    kind = kind_of(data.study)
    counted = _trials_counted(kind)
    if wanted not in counted:
        raise NoSuchNumber(f"Trials are not counted by {wanted!r}.")
    scorer = _scorer_of_trials(data, query.get("metric"))
    cells = data.content["cells"]
    kept = [at for at in range(len(cells)) if _cell_is_meant(at, cells[at], query)]
    here = np.isin(data.content["trials"]["cell"], kept) & _there(scorer, kind, wanted)
    found = [_trial(data, scorer, kind, at) for at in np.nonzero(here)[0].tolist()]
    of = f" of {found[0].cell}" if "cell" in query and found else ""
    return f"{counted[wanted]}{of}.", found


def _scorer_of_trials(data: Frozen, name: str | None) -> Automated:
    for scorer in data.automated:
        if scorer.trial_label and name in (None, scorer.name):
            return scorer
    raise NoSuchNumber("No metric says anything of trials.")


def _cell_is_meant(at: int, facts: dict[str, Any], query: Mapping[str, str]) -> bool:
    said = {
        "cell": str(at),
        "of_model": facts["model"],
        "of_target": facts["target_value"] or "",
        "of_goal": str(int(facts["with_goal"])),
    }
    return all(query[name] == value for name, value in said.items() if name in query)


def _there(scorer: Automated, kind: Kind, wanted: str) -> Any:
    if wanted == kind.unit.value:
        return ~np.isnan(scorer.trial_number)
    if wanted == kind.fit_key:
        return ~np.isnan(scorer.trial_fit)
    ends = ("", UNSCORABLE) if wanted == "label" else ()
    return np.array([label not in ends for label in scorer.trial_label], dtype=bool)


def _trial(data: Frozen, scorer: Automated, kind: Kind, at: int) -> TrialRow:
    trials, number = data.content["trials"], float(scorer.trial_number[at])
    facts = data.content["cells"][trials["cell"][at]]
    return TrialRow(
        pk=trials["id"][at],
        number=trials["number"][at],
        cell=f"{facts['model']}, {facts['condition']}",
        simulated=trials["simulated"][at],
        label=scorer.trial_label[at],
        value="" if np.isnan(number) else kind.unit.text(number),
    )
