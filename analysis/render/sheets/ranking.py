"""The table of all metrics of a report, best first."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.words.sheet import Part, Sheet

HEADS = {
    "kappa": "Cohen's kappa",
    "accuracy": "Agreement with the consensus",
    "macro_f1": "Macro F1",
    "pearson": "Pearson",
    "spearman": "Spearman",
    "kendall": "Kendall's tau-b",
    "disattenuated": "Pearson, without the raters' noise",
    "ccc": "Lin's concordance",
    "macro": "Lin's concordance, macro mean",
}
REMARK = (
    "In the order of the first statistic. Where two intervals overlap, these data may leave open "
    "which metric is better: the differences are not tested here."
)


def ranking(section: Part | None) -> Iterator[Sheet]:
    """Nothing for a study with a single metric."""
    if section is None:
        return
    yield Sheet(
        "ranking",
        "ranking",
        "Every metric against the raters",
        ("Metric", "Items", *(HEADS[key] for key in section["keys"])),
        [[row["name"], row["items"], *row["statistics"]] for row in section["rows"]],
        remarks=[REMARK],
    )
