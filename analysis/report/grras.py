"""The fifteen GRRAS items (Kottner et al. 2011), filled in from what is known.

What the platform cannot know is 'not recorded': the authors of a paper have to add it. Every item
is made of facts, each known or not, and its status follows from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from analysis.words.wording import count, inline, listed, on_scale, share

NOT_RECORDED = "not recorded"
RECORDED, PARTLY = "recorded", "partly recorded"
SOURCE = "Kottner et al. 2011, J Clin Epidemiol 64, 96-106"
ITEMS = (
    "Title or abstract names reliability or agreement",
    "Instrument named and described",
    "Subject population of interest",
    "Rater population of interest",
    "What is known already, and the reason for the study",
    "How the sample size of subjects and raters was chosen",
    "How subjects and raters were sampled",
    "The rating process (availability, time, setting)",
    "Whether ratings were independent and blind",
    "The statistical analysis",
    "Number of raters and subjects, and judgments of each",
    "Characteristics of raters and subjects",
    "Estimates of reliability and agreement, with their uncertainty",
    "Practical relevance of the results",
    "Detailed results available",
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A part of an item in words; not ``known`` where the authors have to add it."""

    text: str
    known: bool = True


def missing(what: str = "") -> Fact:
    """What the platform does not know."""
    return Fact(f"{what} {NOT_RECORDED}".strip(), known=False)


def status(facts: list[Fact]) -> str:
    """Of an item, from its facts: recorded, partly recorded or not recorded."""
    known = [fact.known for fact in facts]
    if all(known):
        return RECORDED
    return PARTLY if any(known) else NOT_RECORDED


def grras(result: dict[str, Any]) -> dict[str, Any]:
    """The checklist of a computed report: number, item, what is known of it, and
    its ``status``; ``recorded`` where nothing is missing."""
    said = _said(result)
    return {
        "source": SOURCE,
        "rows": [
            {
                "number": at,
                "item": item,
                "text": "; ".join(fact.text for fact in facts),
                "status": status(facts),
                "recorded": status(facts) == RECORDED,
            }
            for at, (item, facts) in enumerate(zip(ITEMS, said, strict=True), start=1)
        ],
    }


def _said(result: dict[str, Any]) -> list[list[Fact]]:
    study, counts = result["study"], result["overview"]["counts"]
    trials = study["source"] == "trials"
    return [
        [Fact(f"{study['name']}: agreement report")],
        _instrument(result),
        _subjects(result),
        _rater_population(result),
        [missing()],
        _sample_size(result),
        [
            Fact("subjects: seeded stratified random draw over the cells of the runs"),
            missing("raters:"),
        ]
        if trials and result["data_set"]["drawn"]
        else [missing()],
        _process(result) if trials else [missing()],
        [Fact(result["overview"]["blindness"], known=trials)],
        _analysis(result),
        [
            Fact(
                f"{count(counts['raters'], 'rater')}, {count(counts['items_judged'], 'item')} "
                f"judged of {counts['items']:,}, {count(counts['judgments'], 'judgment')}"
            )
        ],
        _characteristics(result),
        _estimates(result),
        _relevance(result),
        [
            Fact(
                f"data set {result['data_set']['sha256'][:12]}, and every table in this report's "
                "archive"
            )
        ],
    ]


def _subjects(result: dict[str, Any]) -> list[Fact]:
    """Whose responses were judged, and how many of them nobody's."""
    models = [f"'{model}'" for model in result["overview"]["models"]]
    if not models:
        return [missing()]
    simulated = result["overview"]["simulated_items"]
    beside = f"; {count(simulated, 'item')} from the simulated respondent" if simulated else ""
    return [Fact(f"responses of {listed(models)}{beside}")]


def _relevance(result: dict[str, Any]) -> list[Fact]:
    """The first sentence about the results, after what was chosen and what was simulated."""
    before = {*result["choices"], *(row["text"] for row in result["warnings"])}
    said = next((text for text in result["answer"] if text not in before), None)
    practice = missing("what that means in practice:")
    return [Fact(said.rstrip(".")), practice] if said else [practice]


def _rater_population(result: dict[str, Any]) -> list[Fact]:
    """Only that raters were simulated, or of what kind they are declared to be, is known."""
    if _only_simulated(result):
        return [Fact("none: every rater was simulated")]
    declared = result["study"].get("raters_are")
    kind = [Fact(f"declared as {KIND_WORDS[declared]}")] if declared else []
    return [*kind, missing("whom they stand for" if kind else "")]


KIND_WORDS = {"crowd": "crowd workers", "skilled": "skilled raters", "expert": "experts"}


def _only_simulated(result: dict[str, Any]) -> bool:
    return {row["kind"] for row in result["overview"]["raters_by_kind"]} == {"simulated"}


def _sample_size(result: dict[str, Any]) -> list[Fact]:
    overlap = result["overview"]["overlap"]["wanted"]
    if result["study"]["source"] != "trials":
        return [missing()]
    return [Fact(f"{count(overlap, 'judgment')} an item were planned"), missing("why so many:")]


def _process(result: dict[str, Any]) -> list[Fact]:
    """One item at a time, the same stimulus for every rater; how long, and what was repeated."""
    if _only_simulated(result):
        return [Fact("none: every judgment was simulated")]
    board = [row["median_seconds"] for row in result["raters"]["rows"]]
    timed = [seconds for seconds in board if seconds is not None]
    parts = ["in the browser, one item at a time, every rater of an item shown the same text"]
    if timed:
        low, high = f"{min(timed):.0f}", f"{max(timed):.0f}"
        span = low if low == high else f"{low} to {high}"
        parts.append(f"median time of a judgment by rater {span} s")
    if pairs := result["repeats"]["pairs"]:
        parts.append(f"{count(pairs, 'judgment')} asked for a second time")
    return [*(Fact(part) for part in parts), missing("rater training")]


def _estimates(result: dict[str, Any]) -> list[Fact]:
    defined = [row for row in result["humans"]["statistics"] if row["defined"]]
    parts = [f"{count(len(defined), 'coefficient')} among the raters"] if defined else []
    if result["automated"]:
        parts.append(f"{count(len(result['automated']), 'metric')} beside them")
    if any(row["defined"] for row in result["repeats"]["statistics"]):
        parts.append("intra-rater reliability")
    if not parts:
        return [missing()]
    return [Fact(f"{listed(parts)}, with intervals or the reason for none")]


def _instrument(result: dict[str, Any]) -> list[Fact]:
    question = result["study"]["question"]
    asked = Fact(f"question '{question}'") if question else missing("question")
    scorers = listed(result["versions"]["scorers"]) or "no automated metric"
    return [asked, Fact(f"{on_scale(result['study'])}; compared: {scorers}")]


def _analysis(result: dict[str, Any]) -> list[Fact]:
    """What was computed of the raters, and what could not be."""
    chosen, statistics = result["parameters"], result["humans"]["statistics"]
    named = {
        defined: listed([inline(row["name"]) for row in statistics if row["defined"] is defined])
        for defined in (True, False)
    }
    parts = [named[True] or "no coefficient among the raters could be computed"]
    if named[True] and named[False]:
        parts.append(f"undefined here: {named[False]}")
    parts.append(
        f"{share(chosen['level'])} intervals, {chosen['replicates']:,} bootstrap replicates, seed "
        f"{chosen['seed']}"
    )
    return [Fact(part) for part in parts]


def _characteristics(result: dict[str, Any]) -> list[Fact]:
    kinds = [
        count(row["raters"], *KINDS[row["kind"]]) for row in result["overview"]["raters_by_kind"]
    ]
    if not kinds:
        return [missing()]
    models = result["overview"]["counts"]["models"]
    subjects = Fact(f"items of {count(models, 'model')}") if models else missing("subjects")
    people = [] if _only_simulated(result) else [missing("training and background")]
    return [Fact(listed(kinds)), *people, subjects]


KINDS = {
    "person": ("person", "people"),
    "imported": ("rater of an import", "raters of an import"),
    "simulated": ("simulated rater", "simulated raters"),
}
"""How one and several raters of each kind are called."""
