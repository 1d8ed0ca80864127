"""Which figures a report has, and their bytes as SVG, PNG or PDF."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.core.cache import cache

from analysis.models import Computed
from analysis.render.csv import written
from analysis.render.figures import data, specs
from analysis.render.figures.pdf import settled
from analysis.render.kinds import shown_of
from analysis.render.theme import THEMES, Drawing
from analysis.versions.versions import code_of, libraries
from analysis.words.simulated import simulated_note
from evaluations.text.storable import values_with_marks_shown

CONTENT_TYPES = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
}
PNG_SCALE = 2
KEPT = 24 * 60 * 60


class NoSuchFigure(LookupError):
    """The report has no figure of that name, or figures are not drawn in that format."""


DRAWINGS = {
    "confusion": Drawing(
        "Automated label by human consensus.",
        "Grid of counts: a row for each label of the human consensus, a column for each automated "
        "label, darker where more of the row lies.",
        data.confusion,
        specs.confusion,
    ),
    "forest": Drawing(
        "Agreement of the metric with the raters by group.",
        "A point with a line for its interval for each group, and the number of items behind it.",
        data.forest,
        specs.forest,
    ),
    "forest-humans": Drawing(
        "Agreement among the raters by group.",
        "A point with a line for its interval for each group: Krippendorff's alpha, 1 is perfect "
        "and 0 is chance.",
        data.forest_humans,
        specs.forest_humans,
    ),
    "corrected": Drawing(
        "Results for all that was scored, as the metric gives them and corrected by the raters.",
        "For each quantity between 0 and 1 a diamond for what the metric says and a circle with a "
        "line for its interval for what the raters would have said.",
        data.corrected,
        specs.corrected,
    ),
    "bland-altman": Drawing(
        "Difference between metric and raters against their mean (Bland-Altman).",
        "A point for each item, with lines at the bias and at both limits of agreement and bands "
        "for their intervals.",
        data.bland_altman,
        specs.bland_altman,
    ),
    "calibration": Drawing(
        "Does being sure go with agreeing?",
        "Agreement with the other raters for each confidence from 1 to 5; larger points rest on "
        "more judgments.",
        data.calibration,
        specs.calibration,
    ),
    "disagreement": Drawing(
        "What the raters mix up.",
        "Grid: when one rater said the label of the row, how often another said that of the "
        "column.",
        data.disagreement,
        specs.disagreement,
    ),
}


def drawings_of(result: dict[str, Any]) -> dict[str, Drawing]:
    """The figures for which *result* has something to draw, by name: those of every report, and
    those of the kind of its instrument."""
    known = {**DRAWINGS, **shown_of(result["study"]).drawings}
    return {name: drawing for name, drawing in known.items() if drawing.rows(result)}


def figure(report: Computed, name: str, suffix: str, theme: str = "light") -> bytes:
    """The figure as a file; equal reports give equal bytes, and it is drawn once a day at most.

    NoSuchFigure for a name the report has not, an unknown suffix or an unknown theme.
    """
    if name not in drawings_of(report.result) or suffix not in CONTENT_TYPES or theme not in THEMES:
        raise NoSuchFigure(f"This report has no figure {name}.{suffix} ({theme}).")
    drawn_with = f"{code_of(__name__)}:{libraries(__name__)}"
    asked = f"{report.key}:{name}:{suffix}:{theme}:{drawn_with}"
    known = hashlib.sha256(asked.encode()).hexdigest()
    found = cache.get(f"figure:{known}")
    if found is None:
        found = drawn(report.result, name, suffix, theme)
        cache.set(f"figure:{known}", found, KEPT)
    return found


def table_of(result: dict[str, Any], drawing: Drawing) -> tuple[list[str], list[list[Any]]]:
    """What the figure draws, as a table: names of the columns, and rows."""
    rows = drawing.rows(result)
    head = [key for key in rows[0] if key not in ("x", "y", "spoke")]
    return head, [[row[key] for key in head] for row in rows]


def drawn(result: dict[str, Any], name: str, suffix: str, theme: str) -> bytes:
    """Render one chart; vl-convert brings Vega with it and needs no network."""
    drawing, note = drawings_of(result)[name], simulated_note(result)
    if suffix == "csv":
        head, rows = table_of(result, drawing)
        more = [note] if note else []
        return written(
            [[*head, *("note" for _ in more)], *([*row, *more] for row in rows)]
        ).encode()
    import vl_convert

    look = THEMES[theme]
    chart = drawing.chart(result, look)
    if note:
        chart = chart.properties(title=specs.noted(note, look))
    spec = chart.configure(**look.config()).to_dict()
    text = json.dumps(values_with_marks_shown(spec))
    if suffix == "png":
        return vl_convert.vegalite_to_png(text, scale=PNG_SCALE)
    if suffix == "pdf":
        return settled(vl_convert.vegalite_to_pdf(text))
    return vl_convert.vegalite_to_svg(text).encode()
