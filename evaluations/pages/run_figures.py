"""The figures of a run as files that stand on their own: SVG, and PNG and PDF made from it."""

from collections.abc import Callable, Sequence

from django.template.loader import render_to_string

from evaluations.models import Run
from evaluations.pages import queries
from evaluations.pages.queries import CellFigures, ScoreRow
from evaluations.pages.svo.model_radar import ModelRadar, model_radars
from evaluations.pages.svo.ring_points import ring_points
from evaluations.templatetags.svo.ring import drawing
from evaluations.text.storable import with_marks_shown

CONTENT_TYPES = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}
LETTER = 6.5
"""Width of a letter of the legend in units of the drawing, on the wide side."""


class NoSuchFigure(LookupError):
    """The run has no figure of that name, or figures are not written in that format."""


def run_figure(run: Run, name: str, suffix: str) -> bytes:
    """'ring', or 'radar-' and the number of an endpoint, as a file with colours of its own.

    Raises NoSuchFigure where there is nothing to draw.
    """
    if suffix not in CONTENT_TYPES:
        raise NoSuchFigure(f"Figures are written as {', '.join(CONTENT_TYPES)}, not {suffix}.")
    rows = queries.score_rows(run)
    simulated = sum(row.is_simulated for row in rows)
    scorable = sum(row.number is not None for row in rows)
    notes = [f"{scorable:,} of {len(rows):,} trials are scorable"]
    notes[0] += f", {simulated:,} are simulated" if simulated else ""
    notes.append(str(queries.metric_in_force(run) or queries.own_scorer(run)))
    if name == "ring":
        return _as(suffix, _ring(run, rows, notes))
    cells = run.cells.select_related("endpoint").order_by("pk")
    figures = queries.cell_figures(cells, rows)
    return _as(suffix, _radar(run, name, figures, notes))


def _ring(run: Run, rows: Sequence[ScoreRow], notes: Sequence[str]) -> str:
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


def _radar(run: Run, name: str, cells: Sequence[CellFigures], notes: Sequence[str]) -> str:
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


def _as(suffix: str, svg: str) -> bytes:
    svg = with_marks_shown(svg)  # some of them are no XML
    if suffix == "svg":
        return svg.encode()
    import vl_convert  # loads a megabyte of fonts: only when somebody wants a file

    convert: dict[str, Callable[[], bytes]] = {
        "png": lambda: vl_convert.svg_to_png(svg),
        "pdf": lambda: vl_convert.svg_to_pdf(svg),
    }
    return convert[suffix]()
