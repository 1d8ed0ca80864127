"""The tables of a report, once for page, Markdown, LaTeX and CSV."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.kinds import kind_of
from analysis.render.kinds import shown_of
from analysis.render.sheets.corrected import corrected
from analysis.render.sheets.crosscheck import crosscheck
from analysis.render.sheets.cultures import cultures
from analysis.render.sheets.groups import groups
from analysis.render.sheets.humans import further, humans, latent, repeats, vectors
from analysis.render.sheets.metric import metric
from analysis.render.sheets.overview import overview
from analysis.render.sheets.quality import grras, quality
from analysis.render.sheets.ranking import ranking
from analysis.render.sheets.raters import calibration, mixed_up, raters
from analysis.render.sheets.trials import trials
from analysis.words.earlier import with_later_parts
from analysis.words.sheet import Part, Sheet


def sheets(result: Part) -> list[Sheet]:
    """Every table of a computed report, in the order of its sections; empty ones are left out."""
    return [sheet for sheet in _sheets(with_later_parts(result)) if sheet.rows]


def by_section(result: Part) -> dict[str, list[Sheet]]:
    """The sheets by the part of the report they belong to."""
    found: dict[str, list[Sheet]] = {}
    for sheet in sheets(result):
        found.setdefault(sheet.section, []).append(sheet)
    return found


def _sheets(result: Part) -> Iterator[Sheet]:
    kind, own = kind_of(result["study"]), shown_of(result["study"])
    yield from overview(result)
    yield from humans(result["humans"])
    yield from crosscheck(result["humans"].get("crosscheck"), "humans")
    yield from ranking(result.get("ranking"))
    for at, section in enumerate(result["automated"], start=1):
        yield from metric(section, f"metric{at}", kind.beside_key)
    yield from further(result.get("further", []))
    yield from cultures(result.get("cultures"))
    yield from vectors(result.get("vectors"))
    yield from repeats(result.get("repeats"))
    yield from latent(result["latent"])
    yield from corrected(result["corrected"], own)
    yield from groups(result["groups"])
    yield from own.sheets_of_trials(result)
    yield from trials(result["trials"], kind.unit)
    yield from crosscheck((result["trials"] or {}).get("crosscheck"), "trials")
    yield from (made(result["raters"]) for made in (raters, calibration, mixed_up))
    yield from own.sheets_of_raters(result)
    yield from quality(result["quality"])
    yield grras(result["grras"])
