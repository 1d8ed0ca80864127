"""What is shown of the ten values: agreement on each, beside what can hide in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from analysis.render.shown import ABOVE_TRIALS, AMONG_RATERS, Headed, Piece, Shown
from analysis.render.values import alignment, sheets
from analysis.words.sheet import Part, Sheet


class ValuesShown(Shown):
    """The kind of the ten values."""

    pieces: Mapping[str, tuple[Piece, ...]] = {
        AMONG_RATERS: (
            Piece("analysis/values/_by_value.html", lambda result: bool(result.get("by_value"))),
        ),
        ABOVE_TRIALS: (
            Piece("analysis/values/_alignment.html", lambda result: bool(result.get("alignment"))),
        ),
    }
    above_raters: Headed = (
        ("Value by value", ("by_value",)),
        ("Alignment with targets", ("alignment",)),
    )

    def sheets_of_trials(self, result: Part) -> Iterator[Sheet]:
        yield from sheets.by_value(result.get("by_value"))
        yield from alignment.alignment(result.get("alignment"))
