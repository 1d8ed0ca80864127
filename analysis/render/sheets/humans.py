"""Tables of the raters among themselves."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.words.sheet import SHARE, Counted, Figure, Part, Sheet, listing
from analysis.words.wording import count, listed


def humans(section: Part) -> Iterator[Sheet]:
    yield listing("humans", "humans", "Agreement among the raters", section["statistics"])
    if other := section.get("ways_out"):
        yield listing("humans-ways-out", "ways_out", _other_way(other), other["statistics"])
    yield Sheet(
        "humans-icc",
        "icc",
        "The intraclass correlation in all six forms",
        ("Form", "What it speaks of", "Value, simulated limits", "Value, F limits"),
        [[row["form"], row["says"], row["simulated"], row["f"]] for row in section.get("icc", [])],
        remarks=[
            "The simulated limits draw the variances of raters, items and rest; they are the ones "
            "this report speaks of. F limits are what other software prints: those of ICC(A,1) "
            "and ICC(A,k) are too narrow where raters differ or items are many."
        ],
        text_columns=2,
    )
    confidence = section.get("confidence", [])
    yield listing("humans-confidence", "confidence", "Are raters equally sure?", confidence)
    yield Sheet(
        "humans-categories",
        "categories",
        "By category: when one rater chose it, how often did another?",
        ("Category", "Judgments", "Items", "Specific agreement"),
        [
            [
                row["category"],
                Counted(row["judgments"], {"category": row["category"]}),
                Counted(row["items"], {"category": row["category"]}),
                row,
            ]
            for row in section["categories"]
        ],
    )
    yield Sheet(
        "humans-pairs",
        "pairs",
        "Pairs of raters",
        ("Raters", "Items both judged", section["pairs"][0]["name"] if section["pairs"] else ""),
        [
            [
                listed(row["raters"]),
                Counted(row["n"]["units"], dict(zip(("by", "also"), row["raters"], strict=True))),
                row,
            ]
            for row in section["pairs"]
        ],
    )


def _other_way(ways_out: Part) -> str:
    """What the agreement that counts ways out the other way rests on."""
    rests = (
        f"{count(ways_out['judgments'], 'judgment')}, {ways_out['taken']:,} of which took a way "
        "out, as categories without an order"
        if ways_out["are"] == "categories"
        else f"{count(ways_out['judgments'], 'judgment')} that are values, without the "
        f"{ways_out['taken']:,} that took a way out"
    )
    return f"Agreement among the raters over {rests}"


def vectors(section: Part | None) -> Iterator[Sheet]:
    if section is None:
        return
    # By number: PostgreSQL keeps the keys of a stored result in an order of its own.
    steps = sorted(section["used"][0]["counts"], key=int) if section["used"] else []
    yield Sheet(
        "vectors-used",
        "vectors",
        "How often each dimension was given which value",
        ("Dimension", *steps),
        [
            [
                row["dimension"],
                *(
                    Counted(row["counts"][value], {"dimension": row["dimension"], "value": value})
                    for value in steps
                ),
            ]
            for row in section["used"]
        ],
        remarks=[section["note"]],
    )
    for at, metric in enumerate(section["metrics"], start=1):
        yield Sheet(
            f"vectors-metric{at}",
            "vectors",
            f"{metric['name']} and the raters' mean vector",
            ("Statistic", "Items", "Value and interval"),
            [
                [
                    row["name"],
                    Counted(metric["items"], {"at": f"vectors.metrics.{at - 1}.positions"}),
                    row,
                ]
                for row in (metric["macro"], *metric["rows"])
            ],
        )


def repeats(section: Part | None) -> Iterator[Sheet]:
    if section is None:
        return
    yield listing("repeats", "repeats", "The same item a second time", section["statistics"])
    names = [row["name"] for row in section["statistics"]]
    yield Sheet(
        "repeats-raters",
        "repeats",
        "The same item a second time, rater by rater",
        ("Rater", "Pairs", *names),
        [
            [
                row["rater"],
                Counted(row["pairs"], {"at": f"repeats.raters.{at}.positions"}),
                *row["statistics"],
            ]
            for at, row in enumerate(section["raters"])
        ],
    )


def further(sections: list[Part]) -> Iterator[Sheet]:
    yield Sheet(
        "further",
        "further",
        "Agreement of the raters on the further questions",
        (
            "Question",
            "Statistic",
            "Judgments",
            "Items",
            "Judged twice or more",
            "Value and interval",
        ),
        [
            [
                section["question"],
                row["name"],
                Counted(section["judgments"], {"at": f"further.{at}.positions"}),
                Counted(section["items"], {"at": f"further.{at}.positions"}),
                Counted(section["twice"], {"at": f"further.{at}.twice_positions"}),
                row,
            ]
            for at, section in enumerate(sections)
            for row in section["statistics"]
        ],
        text_columns=2,
    )


def latent(section: Part | None) -> Iterator[Sheet]:
    if section is None or not section["defined"]:
        return
    remarks = [*section["remarks"], f"{section['source']}."]
    yield Sheet(
        "latent-prevalence",
        "latent",
        "Share of each category, by the majority and by the model",
        ("Category", "Items by majority", "Majority", "Dawid-Skene"),
        [
            [
                row["category"],
                Counted(row["items"], {"consensus": row["category"]}),
                Figure(row["majority"], SHARE),
                Figure(row["latent"], SHARE),
            ]
            for row in section["prevalence"]
        ],
        remarks=remarks,
    )
    yield Sheet(
        "latent-sensitivity",
        "latent",
        "How often each rater finds each category, by the model",
        ("Rater", *(row["category"] for row in section["prevalence"])),
        [
            [row["rater"], *(Figure(value, SHARE) for value in row["sensitivity"])]
            for row in section["raters"]
        ],
        remarks=["A dash: the rater met hardly any item of that category."],
    )
    yield Sheet(
        "latent-metrics",
        "latent",
        "Cohen's kappa of each metric with either consensus",
        ("Metric", "With the majority", "With Dawid-Skene"),
        [[row["name"], row["majority"], row["latent"]] for row in section["metrics"]],
    )
