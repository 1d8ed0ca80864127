"""What it will take to have a run scored by a model, before anything is asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from statistics import fmean

from evaluations.costs.estimates import seconds_at_limits
from evaluations.models import Endpoint, Rubric, Run
from evaluations.respondents.limiter import CHARACTERS_A_TOKEN
from evaluations.respondents.respondent import Request
from evaluations.running.scorings import metric_of, names_of
from evaluations.running.spending import price, total_price
from evaluations.scoring.rubric_scorer import RubricScorer
from evaluations.scoring.scorers import trials_without_score

SAMPLED = 20
"""Questions that are worded to estimate the length of all."""

ANSWER_TOKENS = 12
"""Expected of an answer that is one letter, perhaps inside a JSON object."""


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


def plan_scoring(
    run: Run,
    endpoint: Endpoint,
    rubric: Rubric | None,
    repeats: int = 1,
    *,
    as_published: bool = False,
) -> ScoringPlan:
    """What scoring *run* with the model at *endpoint* will take: by *rubric*, asked so often about
    each trial, or as a reader: of the answers the rules left open, or of all as published."""
    metric = metric_of(run, endpoint, rubric, repeats, as_published=as_published)
    scorer, version = names_of(metric)
    trials = trials_without_score(Run.objects.filter(pk=run.pk), scorer, version)
    requests: Sequence[Callable[[], Request]]
    if isinstance(metric, RubricScorer):
        asked = metric.questions(list(trials.values_list("pk", flat=True)))
        requests = [partial(metric.question, one) for one in asked]
    else:
        keys = metric.unread(trials).values_list("pk", flat=True)
        requests = [partial(metric.question, key) for key in keys]
    given = round(len(requests) * _tokens_a_question(requests))
    expected = metric.answer_tokens if isinstance(metric, RubricScorer) else ANSWER_TOKENS
    answered = len(requests) * expected
    cost, currency, reason = total_price([endpoint], [price(endpoint, given, answered)])
    return ScoringPlan(
        scorer=scorer,
        version=version,
        trials=trials.count(),
        calls=len(requests),
        input_tokens=given,
        output_tokens=answered,
        cost=cost,
        currency=currency,
        reason=reason,
        seconds=seconds_at_limits([endpoint], [len(requests)], [given], [answered]),
        judges_itself=run.cells.filter(endpoint__model=endpoint.model).exists(),
    )


def _tokens_a_question(requests: Sequence[Callable[[], Request]]) -> float:
    """The mean of a few questions, evenly picked."""
    picked = requests[:: max(1, len(requests) // SAMPLED)][:SAMPLED]
    lengths = [sum(len(text) for _, text in worded().messages) for worded in picked]
    return fmean(lengths) / CHARACTERS_A_TOKEN if lengths else 0.0
