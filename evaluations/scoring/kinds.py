"""How models judge trials of each kind of instrument: most by a word for the whole trial."""

from evaluations.models import Endpoint, Rubric
from evaluations.scoring.rubric_scorer import RubricScorer
from evaluations.scoring.values.judge import ValuesJudge

JUDGES: dict[str, type[RubricScorer]] = {"values": ValuesJudge}


def judge_by(rubric: Rubric, endpoint: Endpoint, repeats: int = 1) -> RubricScorer:
    """A rubric in the hands of the model at an endpoint, asked so often about each trial."""
    return JUDGES.get(rubric.kind, RubricScorer)(rubric, endpoint, repeats)
