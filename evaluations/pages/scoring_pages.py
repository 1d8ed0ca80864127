"""Scorings by models as pages show them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from evaluations.background import leases
from evaluations.models import Run, Score, Scoring, Trial


@dataclass(frozen=True)
class ScoringRow:
    """A scoring with how far it is; `found` are the trials it gave each outcome, by its word.

    `waits`: no worker is at it, as nobody took it yet, or the one who did went silent.
    """

    scoring: Scoring
    waits: bool
    complete: int
    found: Sequence[tuple[str, int]]

    @property
    def done(self) -> int:
        return sum(number for _, number in self.found)

    @property
    def percent(self) -> int:
        return 100 * self.done // self.complete if self.complete else 0

    def goes_on(self) -> bool:
        """Whether somebody could have the rest scored."""
        return not self.scoring.is_under_way and self.done < self.complete


@dataclass(frozen=True)
class Scorings:
    """All scorings of a run, in the order they were asked for."""

    rows: Sequence[ScoringRow]

    @property
    def is_under_way(self) -> bool:
        return any(row.scoring.is_under_way for row in self.rows)

    @property
    def news(self) -> str:
        """What is worth saying aloud when nothing is under way any more."""
        asked = [row.scoring for row in self.rows]
        words = (f"{scoring.metric.name}: {scoring.get_state_display()}" for scoring in asked)
        return f"Scoring has ended. {', '.join(words)}."


def scorings_of(run: Run) -> Scorings:
    """What models were asked to score of *run*; counted from the scores, in three queries."""
    related = run.scorings.select_related("endpoint", "metric", "rubric")
    asked = list(related.annotate(waits=leases.is_free()))
    if not asked:
        return Scorings([])
    complete = run.trials.filter(state=Trial.State.COMPLETE).count()
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    counts = (
        Score.objects.filter(trial__run=run, metric__in={scoring.metric_id for scoring in asked})
        .order_by()
        .values_list("metric", "label")
        .annotate(trials=Count("pk"))
    )
    for metric, label, trials in counts:
        found[metric].append((label or "without a label", trials))
    return Scorings(
        [
            ScoringRow(scoring, scoring.waits, complete, sorted(found[scoring.metric_id]))
            for scoring in asked
        ]
    )
