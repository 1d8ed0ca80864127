"""Scores that tests make by hand, by a metric that is named on the way."""

from evaluations.models import Score, Trial
from evaluations.scoring.metrics import kept


def add_score(
    trial: Trial, name: str, version: str = "1", *, reader: str = "", **fields: object
) -> Score:
    """A score by the metric *name* in *version*, which rests on the readings of *reader*."""
    fields.setdefault("outcome", Score.Outcome.SCORED)
    return Score.objects.create(trial=trial, metric=kept(name, version, reader=reader), **fields)
