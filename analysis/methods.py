"""A methods paragraph and its references, made from what a report really computed."""

from __future__ import annotations

from typing import Any

from analysis.wording import count, listed, share

Part = dict[str, Any]
REFERENCES = {
    "alpha": "Krippendorff K (2019). Content Analysis: An Introduction to Its Methodology, 4th "
    "ed. Sage.",
    "gwet_ac": "Gwet KL (2008). Computing inter-rater reliability and its variance in the presence "
    "of high agreement. Br J Math Stat Psychol 61, 29-48.",
    "fleiss": "Fleiss JL (1971). Measuring nominal scale agreement among many raters. Psychol Bull "
    "76, 378-382.",
    "brennan_prediger": "Brennan RL, Prediger DJ (1981). Coefficient kappa: some uses, misuses, "
    "and alternatives. Educ Psychol Meas 41, 687-699.",
    "kappa": "Cohen J (1960). A coefficient of agreement for nominal scales. Educ Psychol Meas 20, "
    "37-46.",
    "icc": "McGraw KO, Wong SP (1996). Forming inferences about some intraclass correlation "
    "coefficients. Psychol Methods 1, 30-46.",
    "bland_altman": "Bland JM, Altman DG (1986). Statistical methods for assessing agreement "
    "between two methods of clinical measurement. Lancet 327, 307-310.",
    "ccc": "Lin LI (1989). A concordance correlation coefficient to evaluate reproducibility. "
    "Biometrics 45, 255-268.",
    "alt_test": "Calderon N, Reichart R, Dror R (2025). The alternative annotator test for "
    "LLM-as-a-judge: how to statistically justify replacing human annotators with LLMs. ACL 2025.",
    "latent": "Dawid AP, Skene AM (1979). Maximum likelihood estimation of observer error-rates "
    "using the EM algorithm. Appl Stat 28, 20-28.",
    "ppi": "Angelopoulos AN, Duchi JC, Zrnic T (2023). PPI++: efficient prediction-powered "
    "inference. arXiv:2311.01453.",
    "holm": "Holm S (1979). A simple sequentially rejective multiple test procedure. Scand J Stat "
    "6, 65-70.",
    "grras": "Kottner J et al. (2011). Guidelines for Reporting Reliability and Agreement Studies "
    "(GRRAS) were proposed. J Clin Epidemiol 64, 96-106.",
}


def methods(result: Part) -> dict[str, Any]:
    """``paragraph`` and ``references``: a reference is listed when its method gave a number."""
    used = [key for key, there in _used(result).items() if there]
    sentences = [
        _material(result),
        _raters(result),
        _metrics(result),
        _further(used),
        _intervals(result),
    ]
    return {
        "paragraph": " ".join(filter(None, sentences)),
        "references": [REFERENCES[key] for key in used],
    }


def _used(result: Part) -> dict[str, bool]:
    humans = {row["key"] for row in result["humans"]["statistics"] if row["defined"]}
    sections = result["automated"]
    labels = [part for part in sections if part["kind"] == "labels"]
    beside = {
        row["key"] for part in sections for row in part.get("statistics", []) if row["defined"]
    }
    return {
        **{key: key in humans for key in ("alpha", "gwet_ac", "fleiss", "brennan_prediger")},
        "kappa": any(row["defined"] for row in result["humans"]["pairs"])
        or any(
            row["key"] == "kappa" and row["defined"]
            for part in labels
            for row in part["decided"]["statistics"]
        ),
        "icc": "icc_a_1" in humans or bool(result["trials"]),
        "bland_altman": "bias" in beside,
        "ccc": "ccc" in beside,
        "alt_test": any(part["substitute"]["advantage"]["defined"] for part in sections),
        "latent": bool(result["latent"] and result["latent"]["defined"]),
        "ppi": any(part["defined"] for part in result["corrected"]),
        "holm": any(
            part["tests"]
            for metric in (result["groups"] or {"metrics": []})["metrics"]
            for part in metric["contrasts"]
        ),
        "grras": True,
    }


def _material(result: Part) -> str:
    counts = result["overview"]["counts"]
    kinds = {row["kind"] for row in result["overview"]["raters_by_kind"]}
    who = "simulated raters" if kinds == {"simulated"} else "raters"
    text = (
        f"{count(counts['items_judged'], 'item')} of {counts['items']:,} were judged by "
        f"{counts['raters']:,} {who} ({count(counts['judgments'], 'judgment')}) on a "
        f"{result['study']['scale']} scale."
    )
    return text + (
        " The items were drawn at random within the cells of the runs."
        if result["data_set"]["drawn"]
        else ""
    )


def _raters(result: Part) -> str:
    names = [row["name"] for row in result["humans"]["statistics"] if row["defined"]]
    return f"Agreement among the raters is given as {listed(names)}." if names else ""


def _metrics(result: Part) -> str:
    found = []
    for part in result["automated"]:
        rule = result["overview"]["consensus_rule"]
        rows = part["decided"]["statistics"] if part["kind"] == "labels" else part["statistics"]
        names = listed([row["name"] for row in rows if row["defined"]])
        if names:
            found.append(
                f"{part['name']} was compared with the human consensus ({rule}), of which it was "
                f"no part, by {names}."
            )
    return " ".join(found)


def _further(used: list[str]) -> str:
    names = {
        "alt_test": "the alternative annotator test",
        "latent": "the consensus of Dawid and Skene beside the majority",
        "ppi": "prediction-powered inference (PPI++) for all scored trials",
        "holm": "paired contrasts of models with Holm's correction",
    }
    there = [text for key, text in names.items() if key in used]
    return f"Further: {listed(there)}." if there else ""


def _intervals(result: Part) -> str:
    chosen, versions = result["parameters"], result["versions"]
    return (
        f"Intervals are at {share(chosen['level'])}; resampled ones rest on "
        f"{chosen['replicates']:,} replicates (seed {chosen['seed']}). Computed with valuecheck "
        f"{versions['valuecheck']} (NumPy {versions['numpy']}, SciPy {versions['scipy']})."
    )
