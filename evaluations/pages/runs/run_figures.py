"""The figures of a run as files that stand on their own: SVG, and PNG and PDF made from it."""

from collections.abc import Callable

from evaluations.models import Run, Score
from evaluations.pages import queries
from evaluations.pages.figure_files import NoSuchFigure
from evaluations.pages.kinds import pages_of
from evaluations.scoring.scorers import own_scorer
from evaluations.text.storable import with_marks_shown

CONTENT_TYPES = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}


def run_figure(run: Run, name: str, suffix: str) -> bytes:
    """A figure of the run's kind, by its name there, as a file with colours of its own.

    Raises NoSuchFigure where there is nothing to draw.
    """
    if suffix not in CONTENT_TYPES:
        raise NoSuchFigure(f"Figures are written as {', '.join(CONTENT_TYPES)}, not {suffix}.")
    rows = queries.score_rows(run)
    simulated = sum(row.is_simulated for row in rows)
    scorable = sum(row.outcome == Score.Outcome.SCORED for row in rows)
    notes = [f"{scorable:,} of {len(rows):,} trials are scorable"]
    notes[0] += f", {simulated:,} are simulated" if simulated else ""
    notes.append(str(queries.metric_in_force(run) or own_scorer(run)))
    return _as(suffix, pages_of(run).drawing(run, name, rows, notes))


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
