"""What is shown of the slider measure: the ring of angles, value rationality, the raters' own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from analysis.render.shown import ABOVE_TRIALS, BELOW_TRIALS, OF_RATERS, Headed, Piece, Shown
from analysis.render.svo import radar, ring, sheets
from analysis.render.theme import Drawing
from analysis.words.sheet import Part, Sheet

DRAWINGS = {
    "ring": Drawing(
        "Automated against human angles on the SVO ring.",
        "Part of a circle from competitive below to altruistic above, divided at the cut-offs. A "
        "mark on the outer arc for each trial's automated angle is joined with one on the inner "
        "arc for the raters' angle; colour and shape say what the raters call it.",
        ring.rows,
        ring.chart,
    ),
    "radar": Drawing(
        "Value rationality by target value, with and without the goal named.",
        "For each model a web with one spoke a target value, raw and chance-corrected; values "
        "below 0 lie at the centre.",
        radar.rows,
        radar.chart,
    ),
}


class SvoShown(Shown):
    """The kind of the slider measure."""

    drawings: Mapping[str, Drawing] = DRAWINGS
    pieces: Mapping[str, tuple[Piece, ...]] = {
        ABOVE_TRIALS: (
            Piece("analysis/svo/_ring.html", lambda result: bool(_part(result, "ring", "points"))),
        ),
        BELOW_TRIALS: (
            Piece(
                "analysis/svo/_rationality.html",
                lambda result: bool(_part(result, "rationality", "rows")),
            ),
        ),
        OF_RATERS: (
            Piece("analysis/svo/_own_angle.html", lambda result: bool(result.get("own_angle"))),
        ),
    }
    above_raters: Headed = (("Value rationality", ("rationality",)),)
    with_raters = ("own_angle",)
    at_the_end: Headed = (("Automated and human angles", ("ring",)),)

    def sheets_of_trials(self, result: Part) -> Iterator[Sheet]:
        yield from sheets.rationality(result.get("rationality"))
        yield from sheets.ring(result.get("ring"))

    def sheets_of_raters(self, result: Part) -> Iterator[Sheet]:
        return sheets.own_angle(result.get("own_angle"))

    def remarks_on_corrected(self, section: Part) -> Iterator[str]:
        if section.get("no_angle"):
            yield f"No corrected mean angle: {section['no_angle']}."

    def facts(self, result: Part, address_of: Callable[[int], str]) -> Mapping[str, Any]:
        return {"ring": ring.on_page(result.get("ring"), address_of)}


def _part(result: Part, section: str, key: str) -> list[Any]:
    return (result.get(section) or {}).get(key, [])
