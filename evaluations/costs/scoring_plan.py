"""What it will take to have a run scored by a model, before anything is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import fmean

from evaluations.costs.estimates import seconds_at_limits
from evaluations.models import Endpoint, Rubric, Run
from evaluations.respondents.limiter import CHARACTERS_A_TOKEN
from evaluations.running.scorings import metric_of, names_of
from evaluations.running.spending import price, total_price
from evaluations.scoring.rubric_scorer import RubricScorer
from evaluations.scoring.scorers import trials_without_score
from evaluations.scoring.second_reader import SecondReader, left_open

SAMPLED = 20
"""Questions that are worded to estimate the length of all."""

ANSWER_TOKENS = 12
"""Expected of an answer that is one word or one letter, perhaps inside a JSON object."""


@dataclass(frozen=True)
class ScoringPlan:
    """Expectations, not promises: tokens from the lengths of some of the questions, and answers
    without reasoning. `cost` is None where it cannot be known, for a `reason`; `seconds` is the
    time the limits per minute alone require, None without such limits. `judges_itself`: the model
    answered trials of this run."""

    scorer: str
    version: str
    trials: int
    calls: int
    input_tokens: int
    output_tokens: int
    cost: Decimal | None
    currency: str
    reason: str
    seconds: float | None
    judges_itself: bool


def plan_scoring(run: Run, endpoint: Endpoint, rubric: Rubric | None) -> ScoringPlan:
    """What scoring *run* with the model at *endpoint* will take: by *rubric*, or as the second
    reader of the answers the rules left open."""
    metric = metric_of(run, endpoint, rubric)
    scorer, version = names_of(metric)
    trials = trials_without_score(Run.objects.filter(pk=run.pk), scorer, version)
    asked_about = trials if isinstance(metric, RubricScorer) else left_open(trials, metric)
    keys = list(asked_about.values_list("pk", flat=True))
    given = round(len(keys) * _tokens_a_question(metric, keys))
    answered = len(keys) * ANSWER_TOKENS
    cost, currency, reason = total_price([endpoint], [price(endpoint, given, answered)])
    return ScoringPlan(
        scorer=scorer,
        version=version,
        trials=trials.count(),
        calls=len(keys),
        input_tokens=given,
        output_tokens=answered,
        cost=cost,
        currency=currency,
        reason=reason,
        seconds=seconds_at_limits([endpoint], [len(keys)], [given], [answered]),
        judges_itself=run.cells.filter(endpoint__model=endpoint.model).exists(),
    )


def _tokens_a_question(metric: RubricScorer | SecondReader, keys: Sequence[int]) -> float:
    """The mean of a few questions, evenly picked."""
    picked = keys[:: max(1, len(keys) // SAMPLED)][:SAMPLED]
    lengths = [sum(len(text) for _, text in metric.question(key).messages) for key in picked]
    return fmean(lengths) / CHARACTERS_A_TOKEN if lengths else 0.0
