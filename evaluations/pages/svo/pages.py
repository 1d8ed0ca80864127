"""What the slider measure adds to the pages of runs and trials (evaluations.pages.kinds)."""

from collections.abc import Mapping, Sequence
from math import hypot
from typing import Any

from evaluations.definitions.catalogue import instrument_of
from evaluations.instruments.svo import CUT_OFFS, degrees_to_cut_off
from evaluations.instruments.svo.conditions import own
from evaluations.instruments.svo.conversation import scaled
from evaluations.models import Cell, Run, Score, Trial
from evaluations.pages.cells import cell_figures
from evaluations.pages.checks import Check
from evaluations.pages.queries import ScoreRow
from evaluations.pages.svo import figures
from evaluations.pages.svo.as_published import as_published
from evaluations.pages.svo.cells import SliderFigures
from evaluations.pages.svo.lines import letter_share, straight_lines
from evaluations.pages.svo.model_radar import model_radars
from evaluations.pages.svo.ring_points import ring_points, sectors
from evaluations.pages.svo.trial_checks import checks

RADIUS_COINS = 50
"""Radius of the published ring."""


class SvoPages:
    """See `evaluations.pages.kinds.KindPages`."""

    cells = "evaluations/svo/_cells.html"
    warnings = "evaluations/svo/_lines.html"
    figures = "evaluations/svo/_run.html"
    trial_heads = "evaluations/svo/_trial_heads.html"
    trial_cells = "evaluations/svo/_trial_cells.html"
    score = "evaluations/svo/_score.html"
    options = "evaluations/svo/_options.html"
    reading = "evaluations/svo/_reading.html"
    is_free = False
    instrument = "evaluations/svo/_instrument.html"
    pack = "evaluations/svo/_pack.html"
    emblem = "evaluations/svo/_emblem.html"

    def figures_of(self, cells: Sequence[Cell], rows: Sequence[ScoreRow]) -> list[SliderFigures]:
        return cell_figures(cells, rows, SliderFigures)

    def of_run(
        self, run: Run, cells: Sequence[SliderFigures], rows: Sequence[ScoreRow]
    ) -> Mapping[str, Any]:
        labels = instrument_of(run.instrument).measure.labels
        return {
            "straight_lines": straight_lines([row.cell for row in cells], rows),
            "letter": letter_share(rows, len(labels)),
            "points": ring_points(run, rows)[0],
            "sectors": sectors(rows),
            "radars": model_radars(cells),
            "as_published": as_published(run, cells, rows),
        }

    def of_trial(self, trial: Trial, score: Score | None) -> Mapping[str, Any]:
        number = score.number if score else None
        return {
            "points": _points(trial, score),
            "boundaries": [
                f"{cut:.2f}°".replace("-", "−") for cut in sorted(CUT_OFFS, reverse=True)
            ],
            "degrees_to_boundary": None if number is None else degrees_to_cut_off(number),
        }

    def checks(self, score: Score, items: Mapping[str, Sequence[int]]) -> list[Check]:
        return checks(score, items)

    def drawing(self, run: Run, name: str, rows: Sequence[ScoreRow], notes: Sequence[str]) -> str:
        """'ring', or 'radar-' and the number of an endpoint."""
        if name == "ring":
            return figures.ring(run, rows, notes)
        cells = list(run.cells.select_related("endpoint", "frame", "prompt_pack").order_by("pk"))
        return figures.radar(run, name, self.figures_of(cells, rows), notes)

    def line(self, figures: SliderFigures) -> str:
        if figures.mean is None:
            return ""
        spread = "" if figures.sd is None else f", SD {figures.sd:.1f}"
        line = f", mean angle {figures.mean:.1f}{spread}, {figures.orientation_of_mean}"
        if figures.fit is None or figures.fit_corrected is None:
            return line
        return (
            f"{line}, hit rate {figures.hit_rate_percent} %, VR {figures.fit:.2f} "
            f"({figures.fit_corrected:.2f} corrected)"
        )


def _points(trial: Trial, score: Score | None) -> list[dict[str, Any]]:
    """The mean allocation as a vector; its length is a share of the radius of the ring."""
    if score is None or score.number is None:
        return []
    radius = None
    if "mean_self" in score.detail:
        scale = own(trial.cell.asked).payoff_scale
        measure = scaled(instrument_of(trial.run.instrument).measure, scale)
        means = (score.detail[name] - measure.centre for name in ("mean_self", "mean_other"))
        radius = hypot(*means) / (RADIUS_COINS * measure.unit)
    label = f"{score.number:.1f}°, {score.label}"
    point = {"angle": score.number, "radius": radius, "kind": "trial"}
    return [point | {"label": label, "href": None}]
