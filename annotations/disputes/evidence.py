"""What a reviewer is shown of a disputed item: everything. Never used for a rater's page."""

from collections.abc import Sequence
from dataclasses import dataclass

from annotations.metrics.metric import metric_of
from annotations.models import AutomatedLabel, Item, Study
from evaluations.instruments.svo.scorer import FLAGS
from evaluations.models import Score, Trial
from evaluations.pages.trial_page import TurnView, trial_page
from evaluations.scoring.metrics import scores_of


@dataclass(frozen=True, slots=True)
class Evidence:
    """The automated side of an item.

    trial and turns: of a trial of this project, as its own page shows them. score: of the
    study's metric, in the version that counts. labels: what metrics elsewhere said of an imported
    item.
    """

    trial: Trial | None
    turns: Sequence[TurnView]
    score: Score | None
    labels: Sequence[AutomatedLabel]

    @property
    def flags(self) -> list[tuple[str, str]]:
        """The warnings of the score: their names and what they mean ('' for those of others)."""
        codes = self.score.flags if self.score else []
        return [(code.replace("_", " "), FLAGS.get(code, "")) for code in codes]


def evidence_of(study: Study, item: Item) -> Evidence:
    """Return the automated evidence on *item* in a fixed number of queries."""
    if item.trial_id is None:
        return Evidence(None, [], None, list(AutomatedLabel.objects.filter(item=item)))
    metric = metric_of(study)
    page = trial_page(Trial.objects.all(), item.trial_id, (metric.name, metric.version))
    if page is None:
        return Evidence(None, [], None, [])
    score = scores_of([page.trial.pk], metric.name, metric.version).get(page.trial.pk)
    return Evidence(page.trial, page.turns, score, [])
