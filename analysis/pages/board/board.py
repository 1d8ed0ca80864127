"""The quality board of a study: how far it is, and how each rater judges, while it runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from accounts import clock
from analysis.pages.board.figures import Figures, RaterFigures, figures
from analysis.pages.board.quality import SAME_IN_A_ROW, TOO_FAST_SHARE
from annotations.models import Judgment, Rater, Study
from annotations.studies.counts import Stratum, strata_of

USUAL_THRESHOLD = 3.0
"""Seconds under which a judgment is too fast, unless the page is asked for another threshold."""


@dataclass(frozen=True, slots=True)
class RaterRow:
    """One rater on the board. ``notes``: what to look at, in words."""

    rater: Rater
    figures: RaterFigures
    notes: Sequence[str]


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the page shows. ``last_hour``: those of the judgments that were made in it."""

    strata: Sequence[Stratum]
    rows: Sequence[RaterRow]
    figures: Figures
    threshold: float
    last_hour: int
    judged: int
    places: int


def rater_board(study: Study, threshold: float = USUAL_THRESHOLD) -> Board:
    """The board as it is now, in a fixed number of queries, however many judgments there are."""
    raters = list(Rater.objects.filter(study=study).order_by("pseudonym"))
    strata = strata_of(study)
    found = figures(study, threshold)
    # Whoever came or went since the raters were read is on the board when it is renewed.
    rows = [_row(rater, found.raters[rater.pk]) for rater in raters if rater.pk in found.raters]
    since = clock.now() - timedelta(hours=1)
    recent = Judgment.objects.counted().filter(item__study=study, created_at__gte=since)
    return Board(
        strata=strata,
        rows=sorted(rows, key=lambda row: (not row.notes, row.rater.pseudonym)),
        figures=found,
        threshold=threshold,
        last_hour=recent.count(),
        judged=sum(stratum.judged for stratum in strata),
        places=sum(stratum.places for stratum in strata),
    )


def _row(rater: Rater, found: RaterFigures) -> RaterRow:
    notes = []
    if found.pace.too_fast is not None and found.pace.too_fast >= TOO_FAST_SHARE:
        notes.append(f"{found.pace.too_fast:.0%} of {found.pace.judgments:,} too fast")
    if found.longest_run >= SAME_IN_A_ROW:
        notes.append(f"the same answer {found.longest_run} times in a row")
    if missed := found.known.attention.missed:
        notes.append(f"{missed} attention check{'' if missed == 1 else 's'} missed")
    if found.known.gold.missed * 2 > found.known.gold.of:
        gold = found.known.gold
        notes.append(f"{gold.missed} of {gold.of} gold item{'' if gold.of == 1 else 's'} wrong")
    return RaterRow(rater, found, notes)
