"""The fifteen GRRAS items (Kottner et al. 2011), filled in from what is known.

What the platform cannot know is 'not recorded': the authors of a paper have to add it.
"""

from __future__ import annotations

from typing import Any

from analysis.wording import count, inline, listed, on_scale, share

NOT_RECORDED = "not recorded"
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


def grras(result: dict[str, Any]) -> dict[str, Any]:
    """The checklist of a computed report: number, item and what is known or 'not recorded'."""
    said = _said(result)
    return {
        "source": SOURCE,
        "rows": [
            {"number": at, "item": item, "text": text, "recorded": text != NOT_RECORDED}
            for at, (item, text) in enumerate(zip(ITEMS, said, strict=True), start=1)
        ],
    }


def _said(result: dict[str, Any]) -> list[str]:
    study, counts = result["study"], result["overview"]["counts"]
    trials = study["source"] == "trials"
    return [
        f"{study['name']}: agreement report",
        _instrument(result),
        _subjects(result),
        _rater_population(result),
        NOT_RECORDED,
        _sample_size(result),
        "subjects: seeded stratified random draw over the cells of the runs; raters: "
        + NOT_RECORDED
        if trials and result["data_set"]["drawn"]
        else NOT_RECORDED,
        _process(result) if trials else NOT_RECORDED,
        result["overview"]["blindness"],
        _analysis(result),
        f"{count(counts['raters'], 'rater')}, {count(counts['items_judged'], 'item')} judged of "
        f"{counts['items']:,}, {count(counts['judgments'], 'judgment')}",
        _characteristics(result),
        _estimates(result),
        _relevance(result),
        f"data set {result['data_set']['sha256'][:12]}, and every table in this report's archive",
    ]


def _subjects(result: dict[str, Any]) -> str:
    """Whose responses were judged, and how many of them nobody's."""
    models = [f"'{model}'" for model in result["overview"]["models"]]
    if not models:
        return NOT_RECORDED
    simulated = result["overview"]["simulated_items"]
    beside = f"; {count(simulated, 'item')} from the simulated respondent" if simulated else ""
    return f"responses of {listed(models)}{beside}"


def _relevance(result: dict[str, Any]) -> str:
    """The first sentence about the results, after what was chosen and what was simulated."""
    before = {*result["choices"], *(row["text"] for row in result["warnings"])}
    said = next((text for text in result["answer"] if text not in before), NOT_RECORDED)
    return f"{said} What that means in practice: {NOT_RECORDED}"


def _rater_population(result: dict[str, Any]) -> str:
    """Only that raters were simulated is known of whom they stand for."""
    return "none: every rater was simulated" if _only_simulated(result) else NOT_RECORDED


def _only_simulated(result: dict[str, Any]) -> bool:
    return {row["kind"] for row in result["overview"]["raters_by_kind"]} == {"simulated"}


def _sample_size(result: dict[str, Any]) -> str:
    overlap = result["overview"]["overlap"]["wanted"]
    if result["study"]["source"] != "trials":
        return NOT_RECORDED
    return f"{count(overlap, 'judgment')} an item were planned; why so many: {NOT_RECORDED}"


def _process(result: dict[str, Any]) -> str:
    """One item at a time, the same stimulus for every rater; how long, and what was repeated."""
    if _only_simulated(result):
        return "none: every judgment was simulated"
    board = [row["median_seconds"] for row in result["raters"]["rows"]]
    timed = [seconds for seconds in board if seconds is not None]
    parts = ["in the browser, one item at a time, every rater of an item shown the same text"]
    if timed:
        low, high = f"{min(timed):.0f}", f"{max(timed):.0f}"
        span = low if low == high else f"{low} to {high}"
        parts.append(f"median time of a judgment by rater {span} s")
    if pairs := result["repeats"]["pairs"]:
        parts.append(f"{count(pairs, 'judgment')} asked for a second time")
    return f"{'; '.join(parts)}; rater training {NOT_RECORDED}"


def _estimates(result: dict[str, Any]) -> str:
    defined = [row for row in result["humans"]["statistics"] if row["defined"]]
    parts = [f"{count(len(defined), 'coefficient')} among the raters"] if defined else []
    if result["automated"]:
        parts.append(f"{count(len(result['automated']), 'metric')} beside them")
    if any(row["defined"] for row in result["repeats"]["statistics"]):
        parts.append("intra-rater reliability")
    if not parts:
        return NOT_RECORDED
    return f"{listed(parts)}, with intervals or the reason for none"


def _instrument(result: dict[str, Any]) -> str:
    scorers = listed(result["versions"]["scorers"]) or "no automated metric"
    question = result["study"]["question"] or NOT_RECORDED
    return f"question '{question}' {on_scale(result['study']['scale'])}; compared: {scorers}"


def _analysis(result: dict[str, Any]) -> str:
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
    return "; ".join(parts)


def _characteristics(result: dict[str, Any]) -> str:
    kinds = [
        count(row["raters"], *KINDS[row["kind"]]) for row in result["overview"]["raters_by_kind"]
    ]
    if not kinds:
        return NOT_RECORDED
    models = result["overview"]["counts"]["models"]
    subjects = f"items of {count(models, 'model')}" if models else f"subjects {NOT_RECORDED}"
    return f"{listed(kinds)}, training and background {NOT_RECORDED}; {subjects}"


KINDS = {
    "person": ("person", "people"),
    "imported": ("rater of an import", "raters of an import"),
    "simulated": ("simulated rater", "simulated raters"),
}
"""How one and several raters of each kind are called."""
