"""From a data set in memory to the result of a report: the sections, then the answer in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from analysis.data.canonical import plain_numbers
from analysis.data.extreme_numbers import explain
from analysis.data.frozen import Frozen
from analysis.data.parameters import Parameters, in_words
from analysis.report.own_stack import deeply
from analysis.report.ranking import add_ceilings, ranking
from analysis.sections.automated import automated
from analysis.sections.common import Computing
from analysis.sections.corrected import corrected
from analysis.sections.crosscheck import settled
from analysis.sections.further import further
from analysis.sections.groups import groups
from analysis.sections.grras import grras
from analysis.sections.humans import humans
from analysis.sections.latent import latent
from analysis.sections.overview import overview, overview_warnings
from analysis.sections.quality import quality, quality_warnings
from analysis.sections.raters import raters
from analysis.sections.repeats import repeats
from analysis.sections.trials import trials
from analysis.sections.vectors import vectors
from analysis.statistics.core.result import json_safe
from analysis.svo.own_angle import own_angle
from analysis.svo.rationality import rationality
from analysis.svo.ring import ring
from analysis.words.answer import answer
from analysis.words.thresholds import in_force
from analysis.words.verdicts import judge

FORMAT = 1
Tell = Callable[[float, str], None]
"""Called with the share done (0 to 1) and what is being done next."""

STEPS: tuple[tuple[str, str, Callable[[Computing], Any]], ...] = (
    ("overview", "Counting what was judged", overview),
    ("humans", "Agreement among the raters", humans),
    ("further", "The further questions", further),
    ("automated", "The metric against the raters", automated),
    ("latent", "A second consensus (Dawid and Skene)", latent),
    ("groups", "Agreement by model, target value and condition", groups),
    ("corrected", "Correcting the results for all trials", corrected),
    ("rationality", "Value rationality", rationality),
    ("trials", "Trials of a cell among themselves", trials),
    ("ring", "The ring of angles", ring),
    ("vectors", "Value vectors, dimension by dimension", vectors),
    ("repeats", "Raters against themselves", repeats),
    ("own_angle", "The raters' own orientation", own_angle),
    ("quality", "Data quality", quality),
    ("raters", "Rater by rater", raters),
)
"""The sections in the order in which they are computed, each with what it is in words."""


def silent(share: float, doing: str) -> None:
    """Tell nobody."""


def compute(
    data: Frozen, parameters: Parameters, versions: dict[str, str], tell: Tell = silent
) -> dict[str, Any]:
    """The result of a report, JSON-safe; the same arguments always give the same result.

    docs/reference/report-json.md describes it. Every number in it comes from *data* alone. *tell*
    hears how far it is.
    """
    computing = Computing(data, parameters)
    result: dict[str, Any] = {
        "format": FORMAT,
        "study": data.study,
        "data_set": {"sha256": data.sha256, "format": data.content["format"], "drawn": drawn(data)},
        "parameters": parameters.to_dict(),
        "choices": in_words(parameters),
        "versions": versions | {"scorers": [scorer.name for scorer in data.automated]},
        "thresholds": in_force(dict(parameters.thresholds)),
    }
    for at, (name, doing, section) in enumerate(STEPS):
        tell(at / len(STEPS), doing)
        result[name] = deeply(section, computing)
    _explain_beyond(result, data)
    for section in filter(None, (result["humans"], result["trials"])):
        if "crosscheck" in section:
            section["crosscheck"] = settled(section["crosscheck"], parameters.crosscheck)
    for section in result["automated"]:
        section["pairs_of_raters"] = result["humans"]["pairs"]
    add_ceilings(result)
    result["ranking"] = ranking(result)
    judge(result)
    result["warnings"] = warnings(result)
    result["answer"] = answer(result)
    result["grras"] = grras(result)
    return plain_numbers(json_safe(result))


OF_THE_RATERS = ("humans", "automated", "groups", "corrected", "repeats", "own_angle")
"""The sections that rest on what the raters said."""


def _explain_beyond(result: dict[str, Any], data: Frozen) -> None:
    """Say of what is undefined that it is so for numbers nobody can compute with."""
    for scorer, section in zip(data.automated, result["automated"], strict=False):
        if scorer.beyond:
            explain(section, scorer.beyond)
    if data.beyond:
        for name in OF_THE_RATERS:
            explain(result[name], data.beyond)


def drawn(data: Frozen) -> bool:
    """Whether the platform drew the items, at random within strata."""
    strata = data.content["items"]["stratum"]
    return data.study["source"] == "trials" and bool(strata) and all(strata)


def warnings(result: dict[str, Any]) -> list[dict[str, str]]:
    """What a reader must know before using the numbers, each once: from all sections, of the
    metrics from the study's own. Those of the others stand with them."""
    found = overview_warnings(result["overview"]) + result["humans"]["warnings"]
    first = result["automated"][:1]
    beside = [section.get("degrees") or {} for section in first]
    for section in [*first, *beside, result["trials"] or {}, result["repeats"]]:
        found += section.get("warnings", [])
    found += quality_warnings(result["quality"])
    once = {(row["code"], row["text"]): row for row in found}
    return list(once.values())
