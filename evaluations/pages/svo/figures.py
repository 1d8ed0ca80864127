"""The ring and the radars of a run as SVG that stands on its own."""

from collections.abc import Sequence

from django.template.loader import render_to_string

from evaluations.models import Run
from evaluations.pages.figure_files import NoSuchFigure
from evaluations.pages.queries import ScoreRow
from evaluations.pages.svo.cells import SliderFigures
from evaluations.pages.svo.model_radar import ModelRadar, model_radars
from evaluations.pages.svo.ring_drawing import drawing
from evaluations.pages.svo.ring_points import ring_points

LETTER = 6.5
"""Width of a letter of the legend in units of the drawing, on the wide side."""


def ring(run: Run, rows: Sequence[ScoreRow], notes: Sequence[str]) -> str:
    points, left_out = ring_points(run, rows)
    if not points:
        raise NoSuchFigure("No trial of this run is scorable, so there is nothing to draw.")
    drawn = drawing([point | {"href": None} for point in points])
    x = 0.0
    for entry in drawn["legend"]:
        entry["x"] = x
        x += 36 + LETTER * len(entry["word"])
    thinned = f" {left_out:,} marks are not drawn." if left_out else ""
    context = drawn | {
        "title": f"Angles of the scorable trials of {run.name}",
        "heading": run.name,
        "desc": f"{drawn['desc']}{thinned}",
        "notes": notes,
    }
    return render_to_string("evaluations/svo/figures/ring.svg", context)


def radar(run: Run, name: str, cells: Sequence[SliderFigures], notes: Sequence[str]) -> str:
    found = {f"radar-{figure.endpoint.pk}": figure for figure in model_radars(cells)}
    if name not in found:
        raise NoSuchFigure(f"This run has no figure {name!r}.")
    figure = found[name]
    context = {
        "figure": figure,
        "title": f"Value rationality of {figure.endpoint.model} by target value",
        "heading": figure.endpoint.model,
        "desc": in_words(figure),
        "notes": [
            f"{'Simulated respondent, no model, in ' if figure.endpoint.is_simulated else ''}{run}",
            f"Value rationality by {notes[1]}: 0 at the centre, 1 at the edge",
        ],
        "legend": [(series, 130 * at) for at, series in enumerate(figure.series)],
    }
    return render_to_string("evaluations/svo/figures/radar.svg", context)


def in_words(figure: ModelRadar) -> str:
    """Every number of a radar in a sentence, for those who do not see it."""
    parts = []
    for at, series in enumerate(figure.series):
        known = [(target, means[at]) for target, means in figure.table if means[at] is not None]
        parts.append(f"{series}: " + ", ".join(f"{target} {mean:.2f}" for target, mean in known))
    return f"{'; '.join(parts)}."
