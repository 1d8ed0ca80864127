"""What of a report is simulated, in the words that every output carries.

Nobody may take simulated raters for people or a simulated respondent for a model, wherever a table
or a figure ends up.
"""

from __future__ import annotations

from typing import Any

from analysis.words.wording import count, listed

Part = dict[str, Any]


def simulated_counts(result: Part) -> list[tuple[str, int, int]]:
    """(what, how many are simulated, of how many) of judgments and items; none of what is real."""
    overview = result["overview"]
    by_kind = {row["kind"]: row["judgments"] for row in overview["raters_by_kind"]}
    counts = overview["counts"]
    found = [
        ("judgment", by_kind.get("simulated", 0), counts["judgments"]),
        ("item", overview["simulated_items"], counts["items"]),
    ]
    return [row for row in found if row[1]]


def simulated_note(result: Part) -> str:
    """'Simulated: 216 of 216 judgments and 32 of 72 items.'; empty where nothing is."""
    parts = [f"{n:,} of {count(total, what)}" for what, n, total in simulated_counts(result)]
    return f"Simulated: {listed(parts)}." if parts else ""


def model_name(row: Part) -> str:
    """The model of a row, said to be simulated where its trials are, unless its name says so."""
    is_told = "simulated" in row["model"].lower()
    return row["model"] + (" (simulated)" if row["simulated"] and not is_told else "")
