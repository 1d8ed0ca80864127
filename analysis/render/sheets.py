"""The tables of a report, once for page, Markdown, LaTeX and CSV."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.data.counted import what_is_left_out
from analysis.render.group_sheets import groups
from analysis.render.human_sheets import further, humans, latent, repeats, vectors
from analysis.render.metric_sheets import metric
from analysis.render.ranking_sheets import ranking
from analysis.render.rater_sheets import calibration, mixed_up, own_angle, raters
from analysis.render.sheet import Cell, Counted, Part, Sheet
from analysis.render.trial_sheets import corrected, rationality, trials
from analysis.words.simulated import simulated_counts


def sheets(result: Part) -> list[Sheet]:
    """Every table of a computed report, in the order of its sections; empty ones are left out."""
    found = [_simulated(result), *humans(result["humans"])]
    found += ranking(result.get("ranking"))
    for at, section in enumerate(result["automated"], start=1):
        found += metric(section, f"metric{at}")
    found += further(result.get("further", []))
    found += [*vectors(result.get("vectors")), *repeats(result.get("repeats"))]
    found += [*latent(result["latent"]), *corrected(result["corrected"])]
    found += [*groups(result["groups"]), *rationality(result["rationality"])]
    found += trials(result["trials"])
    found += [made(result["raters"]) for made in (raters, calibration, mixed_up)]
    found += own_angle(result.get("own_angle"))
    found += [*_quality(result["quality"]), _grras(result["grras"])]
    return [sheet for sheet in found if sheet.rows]


def by_section(result: Part) -> dict[str, list[Sheet]]:
    """The sheets by the part of the report they belong to."""
    found: dict[str, list[Sheet]] = {}
    for sheet in sheets(result):
        found.setdefault(sheet.section, []).append(sheet)
    return found


def _simulated(result: Part) -> Sheet:
    return Sheet(
        "simulated",
        "simulated",
        "What is simulated: no judgments of people, no responses of a language model",
        ("What", "Simulated", "In all"),
        [[f"{what}s", n, total] for what, n, total in simulated_counts(result)],
    )


def _quality(section: Part) -> Iterator[Sheet]:
    rows: list[list[Cell]] = [
        [row["text"], Counted(row["items"], {"quality": row["code"]})] for row in section["items"]
    ]
    title, remarks = "What is missing or unsettled", what_is_left_out(section["excluded"])
    yield Sheet("quality", "quality", title, ("What", "Items"), rows, remarks)


def _grras(section: Part) -> Sheet:
    return Sheet(
        "grras",
        "grras",
        "GRRAS: what a report of reliability and agreement has to say",
        ("No.", "Item", "Status", "This study"),
        [[str(row["number"]), row["item"], _status(row), row["text"]] for row in section["rows"]],
        remarks=[f"{section['source']}. 'Not recorded' is for the authors to add."],
        text_columns=4,
    )


def _status(row: Part) -> str:
    """A report kept before items had a status says only whether something is recorded."""
    return row.get("status") or ("recorded" if row["recorded"] else "not recorded")
