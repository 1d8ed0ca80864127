"""From a data set in memory to the result of a report: the sections, then the answer in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from analysis.data.canonical import plain_numbers
from analysis.data.extreme_numbers import explain
from analysis.data.frozen import Frozen
from analysis.data.parameters import Parameters, in_words
from analysis.kinds import kind_of
from analysis.report.answer import answer
from analysis.report.grras import grras
from analysis.report.own_stack import on_own_stack
from analysis.report.ranking import add_ceilings, ranking
from analysis.sections import corrected, groups, overview, quality, trials, vectors
from analysis.sections.computing import Computing, warning
from analysis.sections.crosscheck import settled
from analysis.sections.humans import (
    agreement,
    cultures,
    further,
    latent,
    rater_by_rater,
    repeats,
)
from analysis.sections.metrics import automated
from analysis.sections.result.report import Report
from analysis.sections.result.statistic import Warning
from analysis.sections.section import Section
from analysis.statistics.core.result import json_safe
from analysis.words.thresholds import in_force
from analysis.words.verdicts import judge

FORMAT = 1
Tell = Callable[[float, str], None]
"""Called with the share done (0 to 1) and what is being done next."""

SECTIONS: tuple[Section, ...] = tuple(
    module.SECTION
    for module in (
        overview,
        agreement,
        further,
        cultures,
        automated,
        latent,
        groups,
        corrected,
        trials,
        vectors,
        repeats,
        quality,
        rater_by_rater,
    )
)
"""The sections of every kind, in the order in which they are computed; those that the kind of the
instrument adds come behind them."""


def sections_of(data: Frozen) -> tuple[Section, ...]:
    """The sections that a report of *data* has."""
    return (*SECTIONS, *kind_of(data.study).sections)


def silent(share: float, doing: str) -> None:
    """Tell nobody."""


def compute(
    data: Frozen, parameters: Parameters, versions: dict[str, str], tell: Tell = silent
) -> Report:
    """The result of a report, JSON-safe; the same arguments always give the same result.

    docs/reference/report-json.md describes it, made from its type. Every number in it comes from
    *data* alone. *tell* hears how far it is.
    """
    computing = Computing(data, parameters, kind_of(data.study))
    sections = sections_of(data)
    result: dict[str, Any] = {
        "format": FORMAT,
        "study": data.study,
        "data_set": {"sha256": data.sha256, "format": data.content["format"], "drawn": drawn(data)},
        "parameters": parameters.to_dict(),
        "choices": in_words(parameters),
        "versions": versions | {"scorers": [scorer.name for scorer in data.automated]},
        "thresholds": in_force(dict(parameters.thresholds)),
    }
    for at, section in enumerate(sections):
        tell(at / len(sections), section.doing)
        if on_own_stack(section.applies, computing):
            result[section.key] = on_own_stack(section.compute, computing)
        elif not section.optional:
            result[section.key] = None
    _explain_beyond(result, data)
    for part in filter(None, (result["humans"], result["trials"])):
        if "crosscheck" in part:
            part["crosscheck"] = settled(part["crosscheck"], parameters.crosscheck)
    for part in result["automated"]:
        part["pairs_of_raters"] = result["humans"]["pairs"]
    add_ceilings(result)
    result["ranking"] = ranking(result)
    judge(result)
    result["warnings"] = warnings(result)
    result["answer"] = answer(result)
    result["grras"] = grras(result)
    return cast(Report, plain_numbers(json_safe(result)))


def _explain_beyond(result: dict[str, Any], data: Frozen) -> None:
    """Say of what is undefined that it is so for numbers nobody can compute with."""
    for scorer, part in zip(data.automated, result["automated"], strict=False):
        if scorer.beyond:
            explain(part, scorer.beyond)
    if data.beyond:
        for section in sections_of(data):
            if section.of_the_raters:
                explain(result.get(section.key), data.beyond)


def drawn(data: Frozen) -> bool:
    """Whether the platform drew the items, at random within strata."""
    strata = data.content["items"]["stratum"]
    return data.study["source"] == "trials" and bool(strata) and all(strata)


def warnings(result: dict[str, Any]) -> list[Warning]:
    """What a reader must know before using the numbers, each once: from all sections, of the
    metrics from the study's own. Those of the others stand with them."""
    kind = kind_of(result["study"])
    found = [warning(kind.caution_code, kind.caution)] if kind.caution else []
    found += overview.overview_warnings(result["overview"]) + result["humans"]["warnings"]
    first = result["automated"][:1]
    beside = [part.get(kind.beside_key) or {} for part in first]
    others = [result.get("cultures") or {}, result["trials"] or {}, result["repeats"]]
    for part in [*first, *beside, *others]:
        found += part.get("warnings", [])
    found += quality.quality_warnings(result["quality"])
    once = {(row["code"], row["text"]): row for row in found}
    return list(once.values())
