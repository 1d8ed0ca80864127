"""The table of two reports side by side."""

from __future__ import annotations

from analysis.words.sheet import Cell, Part, Sheet, how
from analysis.words.wording import count, number, share


def comparison(result: Part) -> Sheet:
    """A statistic a row: on each side, and the difference over the items of both."""
    return Sheet(
        "comparison",
        "comparison",
        "Each side on all its items; the difference, first minus second, over shared items "
        f"resampled together ({share(result['level'])} intervals)",
        ("Statistic", "First side", "Second side", "Difference", "Of the difference"),
        [_row(row) for row in result["rows"]],
        remarks=[
            "An interval of the difference that holds 0 leaves open which side is higher. No "
            "correction is made for looking at several statistics at once."
        ],
        how=True,
    )


def _row(row: Part) -> list[Cell]:
    of_metric = "Metric against raters: " if row["part"] == "automated" else ""
    gap = row["difference"]
    return [
        f"{of_metric}{row['name']}",
        row["first"] or "none",
        row["second"] or "none",
        gap if gap["defined"] else "none",
        _of_the_difference(gap),
    ]


def _of_the_difference(gap: Part) -> str:
    if not gap["defined"]:
        return how(gap)
    there = [number(gap["details"][side], 3) for side in ("first", "second")]
    made = how(gap) if gap["interval"] else f"no interval: {how(gap)}"
    return f"over {count(gap['n']['units'], 'item')}: {' and '.join(there)}; {made}"
