"""What a methods paragraph says of the cultures of raters, with the sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.words.wording import count, listed

Part = dict[str, Any]
REFERENCES = {
    "xrr": "Wong K, Paritosh P, Aroyo L (2021). Cross-replication reliability: an empirical "
    "approach to interpreting inter-rater reliability. ACL-IJCNLP 2021.",
    "association": "Prabhakaran V et al. (2024). GRASP: a disagreement analysis framework to "
    "assess group associations in perspectives. NAACL 2024.",
    "two_ways": "Owen AB, Eckles D (2012). Bootstrapping data arrays of arbitrary order. Ann Appl "
    "Stat 6, 895-927.",
    "permuted": "Phipson B, Smyth GK (2010). Permutation p-values should never be zero. Stat Appl "
    "Genet Mol Biol 9, 39.",
    "mantel_haenszel": "Holland PW, Thayer DT (1988). Differential item performance and the "
    "Mantel-Haenszel procedure. In: Test Validity. Erlbaum.",
    "all_labels": "Landis JR, Heyman ER, Koch GG (1978). Average partial association in three-way "
    "contingency tables. Int Stat Rev 46, 237-254.",
    "logistic": "Swaminathan H, Rogers HJ (1990). Detecting differential item functioning using "
    "logistic regression procedures. J Educ Meas 27, 361-370.",
    "jodoin_gierl": "Jodoin MG, Gierl MJ (2001). Evaluating type I error and power rates using an "
    "effect size measure with the logistic regression procedure for DIF detection. Appl Meas Educ "
    "14, 329-349.",
}


def used(result: Mapping[str, Any]) -> dict[str, bool]:
    """Whether each method gave a number in this report."""
    pairs = (result.get("cultures") or {"pairs": []})["pairs"]
    rows = [row for pair in pairs for row in pair["statistics"] if row["defined"]]
    labels = [pair["labels"] for pair in pairs if pair["labels"]]
    each = [row for part in labels for row in part["labels"]]
    keys = {row["key"] for row in rows}
    logistic = any(row["uniform"]["defined"] for row in each)
    return {
        "xrr": "cross" in keys,
        "association": bool({"association_first", "association_second"} & keys),
        "two_ways": any(
            "items and raters" in row["interval"]["method"] for row in rows if row["interval"]
        ),
        "permuted": any(pair["p_cross"] is not None for pair in pairs),
        "mantel_haenszel": any(row["delta"]["defined"] for row in each),
        "all_labels": any(part["together"]["defined"] for part in labels),
        "logistic": logistic,
        "jodoin_gierl": logistic,
    }


def sentences(result: Mapping[str, Any]) -> str:
    """Which cultures were compared on what; '' where fewer than two are known."""
    section = result.get("cultures")
    if not section:
        return ""
    raters = [f"{row['culture']} ({row['raters']:,})" for row in section["rows"]]
    said = [f"Raters came from {count(len(raters), 'culture')}: {listed(raters)}."]
    if pairs := section["pairs"]:
        said.append(
            f"{count(len(pairs), 'pair')} of cultures {'was' if len(pairs) == 1 else 'were'} "
            "compared on the items that both judged, by cross-replication reliability (xRR), xRR "
            "normalised by the alphas within, association indices and the difference of the "
            "alphas; p by dealing the cultures out to the raters "
            f"{count(pairs[0]['permutations'], 'time')}."
        )
    if section["apart"]:
        said.append(f"{count(len(section['apart']), 'pair')} shared too few items.")
    by = {pair["labels"]["metric"] for pair in pairs if pair["labels"]}
    if by:
        said.append(
            f"Each label was compared at an equal number by {listed(sorted(by))}, by "
            "Mantel-Haenszel in strata and by logistic regression (uniform and non-uniform), with "
            "Holm's correction over labels and pairs."
        )
    return " ".join(said)


def tests(result: Mapping[str, Any]) -> bool:
    """Whether anything here was corrected by Holm."""
    return used(result)["mantel_haenszel"] or used(result)["logistic"]
