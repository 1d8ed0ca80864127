"""What the kinds of instruments add to the pages of runs and trials, by the key of the kind.

A kind without an entry has `Plain` pages: counts, labels and numbers, as every score has them.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from evaluations.models import Cell, Run, Score, Trial
from evaluations.pages.cells import CellFigures, cell_figures
from evaluations.pages.checks import Check, raised
from evaluations.pages.figure_files import NoSuchFigure
from evaluations.pages.queries import ScoreRow
from evaluations.pages.svo.pages import SvoPages


class KindPages(Protocol):
    """Pieces of pages, as templates with what fills them. A template '' is no piece."""

    cells: str
    """The table of cells; gets the page of the run."""
    warnings: str
    """What stands above it; gets `page.own`."""
    figures: str
    """What is drawn of the run; gets `page.own`."""
    trial_heads: str
    """Headings of the columns that the table of trials has of a score."""
    trial_cells: str
    """A row of these columns; gets the `trial` (`run_page.TrialRow`)."""
    score: str
    """A trial's score; gets `page.score` and `page.own`."""
    options: str
    """What an answer could choose from; gets the `view` (`trial_page.TurnView`)."""
    reading: str
    """What was read from an answer, behind its label; gets the `view`."""
    instrument: str
    """What an instrument asks; gets the `measure` and its `targets`."""
    pack: str
    """What a prompt pack says beside its steps; gets the `pack`."""
    is_free: bool
    """Whether answers are free texts, so that what is read of one is no choice."""
    emblem: str
    """A picture that the kind is known by, of no run; gets nothing."""

    def figures_of(self, cells: Sequence[Cell], rows: Sequence[ScoreRow]) -> list[Any]:
        """The figures of each cell over its trials: `CellFigures`, or more than these."""
        ...

    def of_run(self, run: Run, cells: Sequence[Any], rows: Sequence[ScoreRow]) -> Mapping[str, Any]:
        """What warnings and figures of a run need; *cells* are `figures_of`."""
        ...

    def of_trial(self, trial: Trial, score: Score | None) -> Mapping[str, Any]:
        """What the score of a trial needs."""
        ...

    def checks(self, score: Score, items: Mapping[str, Sequence[int]]) -> list[Check]:
        """The quality flags of a score; *items*: flag -> the items whose answers raise it."""
        ...

    def drawing(self, run: Run, name: str, rows: Sequence[ScoreRow], notes: Sequence[str]) -> str:
        """A figure of a run as SVG that stands on its own. Raises NoSuchFigure."""
        ...

    def line(self, figures: Any) -> str:
        """A cell in one line of a console, after its name and its counts."""
        ...


class Plain:
    """See `KindPages`."""

    cells = "evaluations/runs/partials/_cells.html"
    warnings = ""
    figures = ""
    trial_heads = "evaluations/runs/partials/_trial_heads.html"
    trial_cells = "evaluations/runs/partials/_trial_cells.html"
    score = "evaluations/trials/_plain_score.html"
    options = ""
    reading = ""
    is_free = False
    instrument = "evaluations/definitions/_targets.html"
    pack = ""
    emblem = ""

    def figures_of(self, cells: Sequence[Cell], rows: Sequence[ScoreRow]) -> list[CellFigures]:
        return cell_figures(cells, rows, CellFigures)

    def of_run(
        self, run: Run, cells: Sequence[CellFigures], rows: Sequence[ScoreRow]
    ) -> Mapping[str, Any]:
        return {}

    def of_trial(self, trial: Trial, score: Score | None) -> Mapping[str, Any]:
        return {}

    def checks(self, score: Score, items: Mapping[str, Sequence[int]]) -> list[Check]:
        return raised(score)

    def drawing(self, run: Run, name: str, rows: Sequence[ScoreRow], notes: Sequence[str]) -> str:
        raise NoSuchFigure(f"This run has no figure {name!r}.")

    def line(self, figures: CellFigures) -> str:
        return "" if figures.mean is None else f", mean {figures.mean:.2f}"


class Free(Plain):
    """A kind of free answers, of which nothing is known besides."""

    is_free = True


PAGES: dict[str, KindPages] = {"svo": SvoPages(), "values": Free()}


def pages_of(run: Run) -> KindPages:
    """The pages of the kind of a run's instrument."""
    return pages_with(run.instrument.kind)


def pages_with(kind: str) -> KindPages:
    """The pages of the kind of that key."""
    return PAGES.get(kind, Plain())
