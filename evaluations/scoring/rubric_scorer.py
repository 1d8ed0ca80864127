"""The second kind of scorer: a model classifies the answers of a whole trial by a rubric.

It gives a label and no number, or says why there is none. Its name holds the rubric and the
model, its version the rubric's and a digest of how the model was asked, so that scores by another
model or another wording stand beside each other.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import User
from evaluations.background import ending
from evaluations.definitions.catalogue import divided, instrument_of, rubric_of
from evaluations.instruments.endings import FILTERED, LENGTH, ending_of
from evaluations.instruments.endings import REFUSAL as REFUSED
from evaluations.instruments.kinds import kind_of
from evaluations.instruments.rubrics import REFUSAL, UNCLEAR, ShownAnswer
from evaluations.models import Endpoint, Metric, Rubric, Run, Score, Trial
from evaluations.respondents.asking_many import Inquiry, provenance, settings_digest
from evaluations.respondents.chat.words import word_of
from evaluations.respondents.respondent import Reply, Request, Respondent
from evaluations.scoring.by_model import called, conclude
from evaluations.scoring.metrics import kept
from evaluations.scoring.scorers import without_score
from evaluations.text.thoughts import parted


@dataclass(frozen=True)
class RubricScorer:
    """A rubric in the hands of the model at an endpoint."""

    rubric: Rubric
    endpoint: Endpoint

    @property
    def name(self) -> str:
        return called(f"{self.rubric.key}/{self.endpoint.model}")

    @property
    def settings(self) -> str:
        return settings_digest(self.endpoint, self.rubric.sha256)

    @property
    def version(self) -> str:
        return f"{self.rubric.version}+{self.settings}"

    def metric(self) -> Metric:
        """Its row; made where it is new."""
        project, kind = self.endpoint.project, Metric.Kind.RUBRIC
        facts = {"kind": kind, "endpoint": self.endpoint, "settings": self.settings}
        return kept(self.name, self.version, project, **facts)

    def question(self, trial_id: int) -> Request:
        """What the model is asked about a trial: what a rater would see, and the rubric's words."""
        related = ("cell__prompt_pack", "cell__frame", "run__instrument")
        trial = Trial.objects.select_related(*related).get(pk=trial_id)
        trial.cell.run = trial.run
        own, instrument = trial.cell.asked.own, instrument_of(trial.run.instrument)
        answers = [
            ShownAnswer(
                instrument.options(own, answer.item_number, answer.shown),
                parted(answer.turn.text)[0],
                instrument.kind.question(answer.shown),
            )
            for answer in trial.answers.select_related("turn").order_by("item_number")
        ]
        definition = rubric_of(self.rubric)
        return Request(
            messages=definition.messages(
                answers, divided(trial.cell.prompt_pack, trial.cell.frame).resource
            ),
            seed=trial.seed,
            words=definition.words,
            constrained=True,
        )

    def keep(self, trial_id: int, reply: Reply) -> str:
        """Store the score of a trial; return its label, or the word for why it has none."""
        definition = rubric_of(self.rubric)
        word = word_of(reply.text, definition.words)
        category = definition.category_of(word) if word else None
        score = Score(
            trial_id=trial_id,
            metric=self.metric(),
            outcome=Score.Outcome.UNSCORABLE,
            reason=_reason(category, reply),
            flags=_flags(category, reply),
            detail={
                "rubric": str(self.rubric),
                "rubric_sha256": self.rubric.sha256,
                **provenance(self.endpoint, reply),
            },
        )
        if category not in (None, UNCLEAR, REFUSAL):
            target = Trial.objects.values_list("cell__target", flat=True).get(pk=trial_id)
            score.outcome, score.label = Score.Outcome.SCORED, category or ""
            score.hit = category == target if target else None
        # Another process may have asked about the same trial: the first score stays.
        Score.objects.bulk_create([score], ignore_conflicts=True)
        return category or "invalid"


def _reason(category: str | None, reply: Reply) -> str:
    """Why there is no label; empty where there is one."""
    if category == UNCLEAR:
        return "the model found the answers unclear"
    if category == REFUSAL:
        return "the model found that the answers decline to choose"
    if category is not None:
        return ""
    ending = ending_of(reply.call)
    if ending == REFUSED:
        return "the model declined to classify the answers"
    if ending == FILTERED:
        return "a content filter withheld the model's answer"
    if not reply.text.strip() and ending != LENGTH:
        return "the model gave no answer"
    if ending == LENGTH:
        return "the model was cut off before it named a category"
    return "the model's answer is none of the rubric's words"


def _flags(category: str | None, reply: Reply) -> list[str]:
    truncated = category is None and ending_of(reply.call) == LENGTH
    return [*(["refused"] if category == REFUSAL else []), *(["truncated"] if truncated else [])]


def check_rubric(rubric: Rubric, runs: QuerySet[Run]) -> None:
    """Raise ValueError where the rubric is for another kind of instrument than one of *runs*."""
    others = runs.exclude(instrument__kind=rubric.kind).select_related("instrument")
    if (other := others.order_by("pk").first()) is not None:
        raise ValueError(
            f"the rubric {rubric.key} is for {kind_of(rubric.kind).name}, and {other.name} asked "
            f"{kind_of(other.instrument.kind).name}: choose a rubric of that kind"
        )


def score_with_rubric(
    runs: QuerySet[Run],
    scorer: RubricScorer,
    *,
    actor: User | None = None,
    respondent: Respondent | None = None,
    report: Callable[[str], None] = lambda outcome: None,
    watch: Callable[[], str] = ending.why,
) -> Inquiry:
    """Have the complete trials of *runs* classified that this scorer has not scored; blocks.

    A trial whose question fails gets no score and is asked about the next time. Raises ValueError
    when nobody can be asked at the scorer's endpoint, or the rubric is for another kind.
    """
    check_rubric(scorer.rubric, runs)
    inquiry = Inquiry(scorer.endpoint, scorer.question, scorer.keep, report, respondent, watch)
    inquiry.ask(without_score(runs, scorer.name, scorer.version))
    done = {"trials": inquiry.kept.total(), "scorer": scorer.name, "version": scorer.version}
    return conclude(inquiry, runs, actor, "score with model", **done)
