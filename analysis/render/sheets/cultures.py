"""Tables of the raters by culture: each by itself, two by two, and label by label."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.words.sheet import P_VALUE, Cell, Counted, Figure, Part, Sheet
from analysis.words.wording import count, listed

PAIR = ("Cultures", "Items both judged")
CLASSES = "A is negligible, B moderate, C large"


def cultures(section: Part | None) -> Iterator[Sheet]:
    if section is None:
        return
    yield _each(section)
    yield _across(section)
    yield _within(section)
    yield Sheet(
        "cultures-apart",
        "cultures",
        "Cultures that share too few items to be compared",
        PAIR,
        [[_named(row), row["items"]] for row in section["apart"]],
    )
    compared = [
        (at, pair) for at, pair in enumerate(section["pairs"]) if pair["labels"] is not None
    ]
    yield _together(compared)
    yield _strata(compared)
    yield _logistic(compared)


def _each(section: Part) -> Sheet:
    rows: list[list[Cell]] = [
        [
            row["culture"],
            row["raters"],
            Counted(row["items"], {"at": f"cultures.rows.{at}.positions"}),
            row["judgments"],
            row["alpha"],
        ]
        for at, row in enumerate(section["rows"])
    ]
    pooled = section["pooled"]
    total = [sum(row[name] for row in section["rows"]) for name in ("raters", "judgments")]
    return Sheet(
        "cultures",
        "cultures",
        "The raters of each culture among themselves",
        ("Culture", "Raters", "Items", "Judgments", "Krippendorff's alpha"),
        [*rows, ["all as one", total[0], None, total[1], pooled]],
        remarks=[
            "Alphas in this table rest on all that a culture judged, which need not be the same "
            "items: two cultures are compared below, on the items that both judged."
        ],
    )


def _across(section: Part) -> Sheet:
    return Sheet(
        "cultures-across",
        "cultures",
        "Agreement across two cultures, on the items that both judged",
        (
            *PAIR,
            *("xRR", "xRR, items alone drawn", "p", "Normalised xRR"),
            *("Association, first", "Association, second"),
        ),
        [
            [
                *_pair(at, pair),
                found["cross"],
                _over_items(found["cross"]),
                Figure(pair["p_cross"], P_VALUE, none="undefined"),
                *(found[name] for name in ("normalised", "association_first")),
                found["association_second"],
            ]
            for at, pair in enumerate(section["pairs"])
            for found in [_by_key(pair)]
        ],
        remarks=[
            "Intervals draw items and raters together, where a culture has at least five raters. "
            f"p: how often an xRR as low was found when cultures were dealt out {_dealt(section)}. "
            "The pairs are not corrected for one another.",
            *_said(section["pairs"]),
        ],
    )


def _within(section: Part) -> Sheet:
    return Sheet(
        "cultures-within",
        "cultures",
        "Agreement within two cultures, on the items that both judged",
        (
            *PAIR,
            *("Alpha, first", "Alpha, second", "Alpha, both as one"),
            *("First minus second", "The same, items alone drawn", "p"),
        ),
        [
            [
                *_pair(at, pair),
                *(found[name] for name in ("alpha_first", "alpha_second", "pooled")),
                found["difference"],
                _over_items(found["difference"]),
                Figure(pair["p_difference"], P_VALUE, none="undefined"),
            ]
            for at, pair in enumerate(section["pairs"])
            for found in [_by_key(pair)]
        ],
    )


def _dealt(section: Part) -> str:
    times = max([pair["permutations"] for pair in section["pairs"]], default=0)
    return f"to the raters at random {count(times, 'time')}"


def _named(pair: Part) -> str:
    return listed(pair["cultures"])


def _pair(at: int, pair: Part) -> list[Cell]:
    return [
        _named(pair),
        Counted(pair["items"], {"at": f"cultures.pairs.{at}.positions"}),
    ]


def _by_key(pair: Part) -> dict[str, Part]:
    return {row["key"]: row for row in pair["statistics"]}


def _over_items(row: Part) -> Part:
    """The statistic with the interval that draws items alone."""
    if not row["defined"]:
        return row
    found = row["details"]["over_items"]
    if isinstance(found, str):
        return row | {"interval": None, "interval_reason": found}
    return row | {"interval": found, "interval_reason": None}


def _said(parts: list[Part]) -> list[str]:
    """The warnings of pairs, each with the cultures it speaks of."""
    return [f"{_named(pair)}: {text}." for pair in parts for text in pair["warnings"]]


def _together(compared: list[tuple[int, Part]]) -> Sheet:
    rows: list[list[Cell]] = []
    for at, pair in compared:
        labels = pair["labels"]
        details = labels["together"].get("details", {})
        rows.append(
            [
                _named(pair),
                Counted(labels["items"], {"at": f"cultures.pairs.{at}.labels.positions"}),
                *labels["judgments"],
                len(labels["edges"]) + 1,
                labels["together"],
                details.get("df"),
                Figure(details.get("p"), P_VALUE, none="undefined"),
            ]
        )
    metric = compared[0][1]["labels"]["metric"] if compared else ""
    return Sheet(
        "cultures-together",
        "cultures",
        f"All labels at an equal number by {metric}: generalised Mantel-Haenszel",
        (
            *("Cultures", "Items with a number", "Judgments, first", "Judgments, second"),
            *("Strata", "M²", "df", "p"),
        ),
        rows,
        remarks=[
            f"{_named(pair)}: {text}."
            for _, pair in compared
            for text in pair["labels"]["warnings"]
        ],
    )


def _strata(compared: list[tuple[int, Part]]) -> Sheet:
    return Sheet(
        "cultures-labels",
        "cultures",
        "Label by label at an equal number: Mantel-Haenszel in strata",
        (
            *("Cultures", "Label", "Judgments", "Delta", "Shares, second minus first"),
            *("p", "p, Holm", "Class"),
        ),
        [
            [
                _named(pair),
                row["label"],
                row["judgments"],
                row["delta"],
                row["standardised"],
                Figure(row["p"], P_VALUE, none="undefined"),
                Figure(row["p_holm"], P_VALUE, none="undefined"),
                row["size"] or "undefined",
            ]
            for _, pair in compared
            for row in pair["labels"]["labels"]
        ],
        remarks=[
            "Delta is below zero where the second culture uses the label less than the first at "
            f"the same number. {CLASSES}. p with continuity correction; Holm over all labels of "
            "all pairs."
        ],
        text_columns=2,
    )


def _logistic(compared: list[tuple[int, Part]]) -> Sheet:
    apart = [
        f"{_named(pair)}, {row['label']}: the classes do not agree "
        f"({row['size'] or 'none'} by delta, {_sizes(row['uniform'])} by the change)."
        for _, pair in compared
        for row in pair["labels"]["labels"]
        if row["disagree"]
    ]
    return Sheet(
        "cultures-logistic",
        "cultures",
        "Label by label at an equal number: logistic regressions",
        (
            *("Cultures", "Label", "R² by culture", "p, Holm", "Classes"),
            *("R² by culture x number", "p, Holm (product)", "Classes (product)"),
        ),
        [
            [
                _named(pair),
                row["label"],
                row["uniform"],
                Figure(row["p_uniform_holm"], P_VALUE, none="undefined"),
                _sizes(row["uniform"]),
                row["non_uniform"],
                Figure(row["p_non_uniform_holm"], P_VALUE, none="undefined"),
                _sizes(row["non_uniform"]),
            ]
            for _, pair in compared
            for row in pair["labels"]["labels"]
        ],
        remarks=[
            "Changes of Nagelkerke's R squared, the number and its square held. Classes by "
            f"Zumbo-Thomas / Jodoin-Gierl: {CLASSES}.",
            *apart,
        ],
        text_columns=2,
    )


def _sizes(change: Part) -> str:
    if not change["defined"]:
        return "undefined"
    return f"{change['details']['zumbo_thomas']} / {change['details']['jodoin_gierl']}"
