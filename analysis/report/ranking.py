"""Every metric of a report in one table, and what the raters' own noise leaves of a correlation.

The words of a report speak of the study's metric; this is where the others stand. Pure, from the
computed sections.
"""

from __future__ import annotations

from typing import Any

from analysis.sections.computing import entry
from analysis.statistics.core.result import Result, Undefined, from_dict
from analysis.statistics.numbers.correlation import disattenuated, noise_ceiling

Section = dict[str, Any]
LABELS = ("kappa", "accuracy", "macro_f1")
NUMBERS = ("pearson", "spearman", "kendall", "disattenuated", "ccc")
NOT_A_NUMBER = "judgments are categories"


def add_ceilings(result: Section) -> None:
    """Put the raters' noise ceiling, and the Pearson correlation over it, to the statistics of each
    metric of numbers, in place."""
    for section in result["automated"]:
        if section["kind"] != "numbers":
            continue
        ceiling = noise_ceiling(reliability(result["humans"]))
        rows = section["statistics"]
        observed = from_dict(next(row for row in rows if row["key"] == "pearson"))
        rows += [
            entry("ceiling", "Noise ceiling: the most the raters' mean allows", ceiling),
            entry(
                "disattenuated",
                "Pearson correlation without the raters' noise (disattenuated)",
                disattenuated(observed, ceiling),
            ),
        ]


def reliability(humans: Section) -> Result:
    """The ICC of the raters' mean: consistency where every rater judged every item, since what
    they differ by is the same for all of them; agreement where raters change from item to item."""
    rows = {row["form"]: row for row in humans.get("icc", [])}
    if not rows:
        return Undefined(NOT_A_NUMBER, {})
    filled = any(row["f"]["defined"] and row["f"]["interval"] for row in rows.values())
    return from_dict(rows["ICC(C,k)" if filled else "ICC(A,k)"]["simulated"])


def ranking(result: Section) -> Section | None:
    """The metrics, best first by the first of ``keys``, each with its statistics; None for fewer
    than two."""
    vectors = result["vectors"]
    if vectors is not None:
        keys: tuple[str, ...] = ("macro",)
        rows = [_row(metric, {"macro": metric["macro"]}, keys) for metric in vectors["metrics"]]
    elif all(section["kind"] == "numbers" for section in result["automated"]):
        same = any(not part["other_scale"] for part in result["automated"])
        keys = NUMBERS if same else NUMBERS[:-1]
        rows = [_row(part, _by_key(part["statistics"]), keys) for part in result["automated"]]
    else:
        keys = LABELS
        rows = [
            _row(part | part["decided"], _by_key(part["decided"]["statistics"]), keys)
            for part in result["automated"]
        ]
    if len(rows) < 2:
        return None
    return {"keys": list(keys), "rows": sorted(rows, key=lambda row: _place(row, keys[0]))}


def _by_key(rows: list[Section]) -> dict[str, Section]:
    return {row["key"]: row for row in rows}


def _row(part: Section, found: dict[str, Section], keys: tuple[str, ...]) -> Section:
    missing = "its numbers are on another scale than the raters'"
    return {
        "name": part["name"],
        "items": part["items"],
        "statistics": [found.get(key) or entry(key, key, Undefined(missing, {})) for key in keys],
    }


def _place(row: Section, key: str) -> tuple[float, str]:
    """Best first, undefined last, equal ones by name."""
    best = next(one for one in row["statistics"] if one["key"].endswith(key))
    return (-best["value"] if best["defined"] else float("inf"), row["name"])
