"""What a reviewer is shown of a disputed item: everything. Never used for a rater's page."""

from collections.abc import Sequence
from dataclasses import dataclass

from annotations.base import JudgedKind
from annotations.kinds import KINDS
from annotations.metrics.metric import metric_of
from annotations.models import AutomatedLabel, Item, Study
from evaluations.definitions.catalogue import instrument_of
from evaluations.models import Score, Trial
from evaluations.pages.runs.trial_page import TurnView, trial_page
from evaluations.scoring.metrics import scores_of


@dataclass(frozen=True, slots=True)
class Evidence:
    """The automated side of an item.

    trial and turns: of a trial of this project, as its own page shows them. score: of the
    study's metric, in the version that counts. labels: what metrics elsewhere said of an imported
    item. kind: of the instrument that the trial was asked.
    """

    trial: Trial | None
    turns: Sequence[TurnView]
    score: Score | None
    labels: Sequence[AutomatedLabel]
    kind: JudgedKind | None = None

    @property
    def flags(self) -> list[tuple[str, str]]:
        """The warnings of the score: their names and what they mean ('' for those of others)."""
        if self.score is None or self.kind is None:
            return []
        meaning = self.kind.flags
        return [(code.replace("_", " "), meaning.get(code, "")) for code in self.score.flags]


def evidence_of(study: Study, item: Item) -> Evidence:
    """Return the automated evidence on *item* in a fixed number of queries."""
    if item.trial_id is None:
        return Evidence(None, [], None, list(AutomatedLabel.objects.filter(item=item)))
    metric = metric_of(study).metric
    page = trial_page(Trial.objects.all(), item.trial_id, metric)
    if page is None:
        return Evidence(None, [], None, [])
    score = scores_of([page.trial.pk], metric).get(page.trial.pk)
    instrument = instrument_of(page.trial.run.instrument)
    return Evidence(page.trial, page.turns, score, [], KINDS[instrument.kind.key])
