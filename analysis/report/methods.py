"""A methods paragraph and its references, made from what a report really computed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from analysis.kinds import kind_of
from analysis.report import methods_of_cultures as cultures
from analysis.statistics.agreement.alt_test import FDR, MIN_ITEMS
from analysis.words.earlier import with_later_parts
from analysis.words.simulated import simulated_note
from analysis.words.wording import count, inline, listed, on_scale, share

Part = dict[str, Any]
REFERENCES = {
    "alpha": "Krippendorff K (2019). Content Analysis: An Introduction to Its Methodology, 4th "
    "ed. Sage.",
    "gwet_ac": "Gwet KL (2008). Computing inter-rater reliability and its variance in the presence "
    "of high agreement. Br J Math Stat Psychol 61, 29-48.",
    "fleiss": "Fleiss JL (1971). Measuring nominal scale agreement among many raters. Psychol Bull "
    "76, 378-382.",
    "conger": "Conger AJ (1980). Integration and generalization of kappas for multiple raters. "
    "Psychol Bull 88, 322-328.",
    "brennan_prediger": "Brennan RL, Prediger DJ (1981). Coefficient kappa: some uses, misuses, "
    "and alternatives. Educ Psychol Meas 41, 687-699.",
    "kappa": "Cohen J (1960). A coefficient of agreement for nominal scales. Educ Psychol Meas 20, "
    "37-46.",
    "sem": "de Vet HCW, Terwee CB, Knol DL, Bouter LM (2006). When to use agreement versus "
    "reliability measures. J Clin Epidemiol 59, 1033-1039.",
    "f1": "Opitz J, Burst S (2019). Macro F1 and macro F1. arXiv:1911.03347.",
    "icc": "McGraw KO, Wong SP (1996). Forming inferences about some intraclass correlation "
    "coefficients. Psychol Methods 1, 30-46.",
    "pivots": "Burdick RK, Borror CM, Montgomery DC (2005). Design and Analysis of Gauge R&R "
    "Studies: Making Decisions with Confidence Intervals in Random and Mixed ANOVA Models. SIAM.",
    "bland_altman": "Bland JM, Altman DG (1986). Statistical methods for assessing agreement "
    "between two methods of clinical measurement. Lancet 327, 307-310.",
    "repeated_limits": "Bland JM, Altman DG (2007). Agreement between methods of measurement with "
    "multiple observations per individual. J Biopharm Stat 17, 571-582.",
    "exact_limits": "Carkeet A (2015). Exact parametric confidence intervals for Bland-Altman "
    "limits of agreement. Optom Vis Sci 92, e71-e80.",
    "mover": "Zou GY (2013). Confidence interval estimation for the Bland-Altman limits of "
    "agreement with multiple observations per individual. Stat Methods Med Res 22, 630-642.",
    "ccc": "Lin LI (1989). A concordance correlation coefficient to evaluate reproducibility. "
    "Biometrics 45, 255-268.",
    "alt_test": "Calderon N, Reichart R, Dror R (2025). The alternative annotator test for "
    "LLM-as-a-judge: how to statistically justify replacing human annotators with LLMs. ACL 2025.",
    "noise": "Spearman C (1904). The proof and measurement of association between two things. Am J "
    "Psychol 15, 72-101.",
    "by": "Benjamini Y, Yekutieli D (2001). The control of the false discovery rate in multiple "
    "testing under dependency. Ann Stat 29, 1165-1188.",
    "latent": "Dawid AP, Skene AM (1979). Maximum likelihood estimation of observer error-rates "
    "using the EM algorithm. Appl Stat 28, 20-28.",
    "ppi": "Angelopoulos AN, Duchi JC, Zrnic T (2023). PPI++: efficient prediction-powered "
    "inference. arXiv:2311.01453.",
}
LAST = {
    "holm": "Holm S (1979). A simple sequentially rejective multiple test procedure. Scand J Stat "
    "6, 65-70.",
    "grras": "Kottner J et al. (2011). Guidelines for Reporting Reliability and Agreement Studies "
    "(GRRAS) were proposed. J Clin Epidemiol 64, 96-106.",
}


def _references(result: Part) -> dict[str, str]:
    """Every reference there could be, in the order in which they are listed."""
    return {**REFERENCES, **cultures.REFERENCES, **kind_of(result["study"]).references, **LAST}


def methods(result: Part) -> dict[str, Any]:
    """``paragraph`` and ``references``: a reference is listed when its method gave a number."""
    result = with_later_parts(result)
    used = [key for key, there in _used(result).items() if there]
    references, kind = _references(result), kind_of(result["study"])
    sentences = [
        _material(result),
        *result["choices"],
        _left_out(result),
        _raters(result),
        _ways_out(result),
        _forms(result),
        _again(result),
        _other_questions(result),
        cultures.sentences(result),
        _metrics(result),
        kind.on_units(result),
        _stand_in(result),
        _further(used, kind.further, _contrasted(result)),
        _sampled(result),
        _intervals(result),
    ]
    return {
        "paragraph": " ".join(filter(None, sentences)),
        "references": [references[key] for key in used],
    }


def _used(result: Part) -> dict[str, bool]:
    """Whether each method gave a number in this report, in the order of the list."""
    humans = _defined(result["humans"]["statistics"])
    sections = result["automated"]
    labels = [part for part in sections if part["kind"] == "labels"]
    decided = _defined(row for part in labels for row in part["decided"]["statistics"])
    limits = [row for part in _in_units(result) for row in _limits(part)]
    simulated = [row["simulated"] for row in result["humans"].get("icc", [])]
    ways = _ways(limits)
    repeated = any("t on units" in way for way in ways)
    trials = result["trials"]
    used = {
        **{key: key in humans for key in ("gwet_ac", "fleiss", "conger", "brennan_prediger")},
        "alpha": bool({"alpha", "alpha_macro"} & humans) or bool(_other_questions(result)),
        "kappa": "kappa" in decided or any(row["defined"] for row in result["humans"]["pairs"]),
        "f1": "macro_f1" in decided,
        "icc": "icc_a_1" in humans or bool(trials),
        "sem": "sem" in humans or bool(trials),
        "pivots": any("pivots" in way for way in ways | _ways(simulated)),
        "bland_altman": "bias" in _defined(limits) or "within_sd" in _repeated(result),
        "repeated_limits": repeated,
        "exact_limits": any("noncentral" in way for way in ways),
        "mover": "MOVER" in ways,
        "ccc": "ccc" in _defined(limits)
        or bool(result["vectors"] and result["vectors"]["metrics"]),
        "alt_test": any(row["defined"] for part in sections for row in part["substitute"]["rates"]),
        "by": any(row["defined"] for part in sections for row in part["substitute"]["rates"]),
        "noise": any(
            row["key"] == "ceiling" and row["defined"]
            for part in sections
            if part["kind"] == "numbers"
            for row in part["statistics"]
        ),
        "latent": bool(result["latent"] and result["latent"]["defined"]),
        "ppi": any(part["defined"] for part in result["corrected"]),
        **cultures.used(result),
        **kind_of(result["study"]).used(result),
        "holm": cultures.tests(result) or _contrasted(result),
        "grras": True,
    }
    return {key: used[key] for key in _references(result)}


def _contrasted(result: Part) -> bool:
    """Whether models were tested against each other."""
    metrics = (result["groups"] or {"metrics": []})["metrics"]
    return any(part["tests"] for metric in metrics for part in metric["contrasts"])


def _defined(rows: Iterable[Part]) -> set[str]:
    return {row["key"] for row in rows if row["defined"]}


def _in_units(result: Part) -> list[Part]:
    """The parts that compare a metric with the raters in units of the scale."""
    beside = kind_of(result["study"]).beside_key
    found = [
        part if part["kind"] == "numbers" else part.get(beside) for part in result["automated"]
    ]
    return [part for part in found if part]


def _limits(part: Part) -> list[Part]:
    """Every bias and limit of such a part, those of groups too."""
    groups = [row for by in part["by"] for row in by["rows"]]
    return [
        *part["statistics"],
        *part["one_rater"],
        *(row[key] for row in groups for key in ("bias", "lower", "upper")),
    ]


def _ways(rows: Iterable[Part]) -> set[str]:
    return {row["interval"]["method"] for row in rows if row["defined"] and row["interval"]}


def _repeated(result: Part) -> set[str]:
    return _defined(result["repeats"]["statistics"])


def _material(result: Part) -> str:
    counts = result["overview"]["counts"]
    kinds = {row["kind"] for row in result["overview"]["raters_by_kind"]}
    who = "simulated rater" if kinds == {"simulated"} else "rater"
    sentences = [
        f"{count(counts['items_judged'], 'item')} of {counts['items']:,} were judged by "
        f"{count(counts['raters'], who)} ({count(counts['judgments'], 'judgment')}) "
        f"{on_scale(result['study'])}.",
        simulated_note(result),
    ]
    if result["data_set"]["drawn"]:
        sentences.append("The items were drawn at random within the cells of the runs.")
    return " ".join(filter(None, sentences))


def _left_out(result: Part) -> str:
    """Whose judgments, and on which items, are no part of the numbers."""
    gone = result["quality"]["excluded"]
    if not gone["judgments"]:
        return ""
    who = [count(len(gone[kind]), kind[:-1]) for kind in ("raters", "items") if gone[kind]]
    if lost := gone.get("given_on", {}).get("raters", []):
        who.append(f"{count(len(lost), 'rater')} whose places had been given on")
    return f"Left out were {count(gone['judgments'], 'judgment')} with {listed(who)}."


def _raters(result: Part) -> str:
    names = [inline(row["name"]) for row in result["humans"]["statistics"] if row["defined"]]
    return f"Agreement among the raters is given as {listed(names)}." if names else ""


def _ways_out(result: Part) -> str:
    """Which categories say that an item cannot be judged, and where they count."""
    declared = result["overview"]["ways_out"]
    if not declared:
        return ""
    rows = [f"'{row['category']}' ({count(row['judgments'], 'judgment')})" for row in declared]
    what = "a way out" if len(rows) == 1 else "ways out"
    return (
        f"Of the answers {listed(rows)} {'is' if len(rows) == 1 else 'are'} declared {what}, by "
        "which a rater says that an item cannot be judged: agreement is given with every answer "
        "counted as a category and with the values alone."
    )


def _metrics(result: Part) -> str:
    found = []
    for part in result["automated"][:1]:
        rule = result["overview"]["consensus_rule"]
        rows = part["decided"]["statistics"] if part["kind"] == "labels" else part["statistics"]
        names = listed([inline(row["name"]) for row in rows if row["defined"]])
        people = f"human consensus ({rule})" if part["kind"] == "labels" else "raters' mean"
        if names:
            found.append(
                f"{part['name']} was compared with the {people}, of which it was no part, by "
                f"{names}{_on_items(part)}."
            )
    if result["vectors"]:
        found += [
            f"{metric['name']} was compared with the raters' mean vector, one dimension at a time, "
            "by Lin's concordance correlation."
            for metric in result["vectors"]["metrics"][:1]
        ]
    parts = result["automated"] or (result["vectors"] or {"metrics": []})["metrics"]
    if others := [part["name"] for part in parts[1:]]:
        found.append(f"{count(len(others), 'further metric')} stood beside it: {listed(others)}.")
    return " ".join(found)


def _on_items(part: Part) -> str:
    """On how many items, and how many have no place there because the raters are split."""
    if part["kind"] != "labels":
        return f" on {count(part['items'], 'item')}"
    split = part["matrix"]["split"]
    without = f"; the raters came to none on {split:,}" if split else ""
    return f" on the {count(part['decided']['items'], 'item')} to which both gave a value{without}"


def _forms(result: Part) -> str:
    """Which limits the intraclass correlations have."""
    rows = [row for row in result["humans"].get("icc", []) if row["f"]["defined"]]
    if not rows:
        return ""
    filled = any(row["f"]["interval"] for row in rows)
    beside = "; F limits stand beside them in the table of the six forms" if filled else ""
    return (
        "Intervals of the intraclass correlations ICC(A,1) and ICC(A,k) are simulated from the "
        f"pivots of the variance components{beside}."
    )


def _again(result: Part) -> str:
    pairs = result["repeats"]["pairs"]
    if not pairs:
        return ""
    names = listed(
        [inline(row["name"]) for row in result["repeats"]["statistics"] if row["defined"]]
    )
    return f"{count(pairs, 'judgment')} were asked for a second time: {names}."


def _other_questions(result: Part) -> str:
    asked = result.get("further", [])
    defined = sum(part["statistics"][0]["defined"] for part in asked)
    if not defined:
        return ""
    return f"Agreement on {count(defined, 'further question')} is given as Krippendorff's alpha."


def _stand_in(result: Part) -> str:
    """The alternative annotator test with all that decides it: epsilon and since when, the least
    number of items, the false discovery rate and the number of tests."""
    parts = [part["substitute"] for part in result["automated"]]
    tested = [part for part in parts if part["rates"][0]["defined"]]
    if not tested:
        return ""
    rate = tested[0]["rates"][0]
    tests = rate["details"].get("tests", 0)
    fixed = (
        f"the one for {rate['raters']} raters, which the study declares"
        if tested[0].get("declared")
        else "the most demanding one, since no kind of raters was declared before the data"
    )
    return (
        "Whether a metric may stand in for a rater was asked by the alternative annotator test at "
        f"an epsilon of {rate['epsilon']:g} ({fixed}), of raters with at least {MIN_ITEMS} items "
        f"that another rater judged too, at a false discovery rate of {FDR:g} over "
        f"{count(tests, 'test')} of {count(len(tested), 'metric')} (Benjamini and Yekutieli)."
    )


def _further(used: list[str], of_the_kind: Mapping[str, str], contrasted: bool) -> str:
    names = {
        "latent": "the consensus of Dawid and Skene beside the majority",
        "ppi": "prediction-powered inference (PPI++) for all that the metrics scored",
        **of_the_kind,
    }
    there = [text for key, text in names.items() if key in used]
    if contrasted:
        there.append("paired contrasts of models with Holm's correction")
    return f"Further: {listed(there)}." if there else ""


def _sampled(result: Part) -> str:
    """What the intervals take for sampled, and how they were made."""
    clusters = result["overview"]["clusters"]
    if clusters["by"]:
        what = f"{clusters['by']}s"
        made = [row["interval"] for row in result["humans"]["statistics"] if row["defined"]]
        exact = any(way and "exact binomial" in way["method"] for way in made)
        return (
            f"The {clusters['number']:,} {what} are what was sampled: intervals of what rests on "
            f"the judged items are t over {what}"
            + (
                f"; of alpha, whose items show no exception, exact binomial on {what}." * exact
                or "."
            )
        )
    rows = [*result["humans"]["statistics"]]
    for part in result["automated"]:
        rows += part["decided"]["statistics"] if part["kind"] == "labels" else part["statistics"]
    ways = [_way(row["interval"]["method"]) for row in rows if row["defined"] and row["interval"]]
    if not ways:
        return ""
    return f"Items are what was sampled: intervals are by {'; '.join(dict.fromkeys(ways))}."


def _way(method: str) -> str:
    """'t on 72 units, linearised variance' as 't over items with linearised variance'."""
    words = re.sub(r"on \d+ units", "over items", method).replace("units", "items")
    return words.replace(", ", " with ")


def _intervals(result: Part) -> str:
    chosen, versions = result["parameters"], result["versions"]
    return (
        f"Intervals are at {share(chosen['level'])}; resampled ones rest on "
        f"{chosen['replicates']:,} replicates (seed {chosen['seed']}). Computed with valuecheck "
        f"{versions['valuecheck']} (NumPy {versions['numpy']}, SciPy {versions['scipy']})."
    )
