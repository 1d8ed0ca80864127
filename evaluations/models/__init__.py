"""What was asked of which model, what it said, and what was concluded from that.

What a model said (Turn) is append-only. What was concluded (Reading, Score) is named by the reader
or the metric and its version, and kept beside older conclusions.
"""

from evaluations.models.experiments import (
    Budget,
    Cell,
    Endpoint,
    EndpointMeter,
    Frame,
    Instrument,
    PromptPack,
    Rubric,
    Run,
    VersionedFile,
)
from evaluations.models.scores import Evaluator, Metric, Score, Scoring, Verdict
from evaluations.models.spending import GrantedCalls, JudgeCalls
from evaluations.models.trials import Answer, Evidence, LostCalls, Reading, Trial, Turn
from evaluations.models.work import Work

__all__ = [
    "Answer",
    "Budget",
    "Cell",
    "Endpoint",
    "EndpointMeter",
    "Evaluator",
    "Evidence",
    "Frame",
    "GrantedCalls",
    "Instrument",
    "JudgeCalls",
    "LostCalls",
    "Metric",
    "PromptPack",
    "Reading",
    "Rubric",
    "Run",
    "Score",
    "Scoring",
    "Trial",
    "Turn",
    "Verdict",
    "VersionedFile",
    "Work",
]
