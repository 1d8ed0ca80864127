"""The second kind of scorer: a model classifies the answers of a whole trial by a rubric.

It gives a label and no number, or says why there is none. Its name holds the rubric and the
model, its version the rubric's and a digest of how the model was asked, so that scores by another
model or another wording stand beside each other.
"""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet

from accounts.models import User
from evaluations.background import ending
from evaluations.definitions.catalogue import divided, instrument_of, rubric_of
from evaluations.instruments.endings import FILTERED, LENGTH, ending_of
from evaluations.instruments.endings import REFUSAL as REFUSED
from evaluations.instruments.kinds import kind_of
from evaluations.instruments.rubrics import REFUSAL, UNCLEAR, ShownAnswer
from evaluations.models import Endpoint, Metric, Rubric, Run, Score, Trial, Verdict
from evaluations.respondents.accounts import Account
from evaluations.respondents.asking_many import Inquiry, provenance, settings_digest
from evaluations.respondents.chat.words import word_of
from evaluations.respondents.respondent import Reply, Request, Respondent
from evaluations.scoring.by_model import Task, called
from evaluations.scoring.metrics import kept
from evaluations.scoring.scorers import without_score
from evaluations.text.thoughts import parted

MOST_REPEATS = 15

Question = tuple[int, int]
"""The id of a trial, and the how manieth time it is asked about, from 1."""


@dataclass(frozen=True)
class RubricScorer:
    """A rubric in the hands of the model at an endpoint, which is asked about each trial so many
    times: more than once, the most frequent answer is the label."""

    rubric: Rubric
    endpoint: Endpoint
    repeats: int = 1

    @property
    def name(self) -> str:
        often = f" x{self.repeats}" if self.repeats > 1 else ""
        return called(f"{self.rubric.key}{often}/{self.endpoint.model}")

    @property
    def settings(self) -> str:
        often = [f"{self.repeats} times"] if self.repeats > 1 else []
        return settings_digest(self.endpoint, self.rubric.sha256, *often)

    @property
    def answer_tokens(self) -> int:
        """Expected of a reply: one word, perhaps inside a JSON object."""
        return 12

    @property
    def version(self) -> str:
        return f"{self.rubric.version}+{self.settings}"

    def metric(self) -> Metric:
        """Its row; made where it is new."""
        project, kind = self.endpoint.project, Metric.Kind.RUBRIC
        facts = {"kind": kind, "endpoint": self.endpoint, "settings": self.settings}
        return kept(self.name, self.version, project, **facts)

    def questions(self, trials: Collection[int]) -> list[Question]:
        """What is left to ask about *trials*, each of which has no score yet."""
        if self.repeats == 1:
            return [(trial, 1) for trial in trials]
        had = Verdict.objects.filter(metric=self.metric()).values_list("trial_id", "number")
        known, numbers = set(had), range(1, self.repeats + 1)
        every = ((trial, number) for trial in trials for number in numbers)
        return [question for question in every if question not in known]

    def judged(self, trials: Collection[int]) -> list[int]:
        """Those of *trials* that all verdicts are there of: two workers that each stored the last
        but one leave the score to whoever looks next."""
        return self._complete(trials, self.repeats) if self.repeats > 1 else []

    def _complete(self, trials: Collection[int], calls: int) -> list[int]:
        """Those of *trials* that have so many verdicts."""
        stored = Verdict.objects.filter(metric=self.metric()).order_by().values_list("trial_id")
        counted = stored.annotate(number=Count("pk")).filter(number__gte=calls)
        found = {trial for trial, _ in counted}
        return [trial for trial in trials if trial in found]

    def run_of(self, asked: Question) -> int:
        """The run a question is about."""
        return Trial.objects.values_list("run_id", flat=True).get(pk=asked[0])

    def question(self, asked: Question) -> Request:
        """What the model is asked about a trial: what a rater would see, and the rubric's words.
        Repeats differ in the seed alone."""
        trial_id, number = asked
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
            seed=trial.seed + number - 1,
            words=definition.words,
            constrained=True,
        )

    @transaction.atomic
    def keep(self, asked: Question, reply: Reply) -> str:
        """Store what was said of a trial, and its score once all repeats are there; return the
        label, or the word for why there is none."""
        trial_id, number = asked
        definition = rubric_of(self.rubric)
        word = word_of(reply.text, definition.words)
        category = definition.category_of(word) if word else None
        found = Verdict(
            trial_id=trial_id,
            metric=self.metric(),
            number=number,
            category=category or "",
            reason=_reason(category, reply),
            detail=provenance(self.endpoint, reply),
        )
        if self.repeats == 1:
            self._score(found, _flags(category, reply), found.detail)
        else:
            # Another process may have asked the same: the first answer stays.
            Verdict.objects.bulk_create([found], ignore_conflicts=True)
            self.settle(trial_id)
        return category or "invalid"

    def settle(self, trial_id: int) -> None:
        """Score a trial by the most frequent of its verdicts, once all are there."""
        verdicts = list(Verdict.objects.filter(trial=trial_id, metric=self.metric()))
        if len(verdicts) < self.repeats:
            return
        votes = Counter(verdict.category for verdict in verdicts)
        (most, number), *others = votes.most_common()
        voted = next(verdict for verdict in verdicts if verdict.category == most)
        if tied := [category for category, as_many in others if as_many == number]:
            named = sorted(category or "invalid" for category in (most, *tied))
            voted.category = ""
            voted.reason = f"the model's {self.repeats} answers are tied: {' and '.join(named)}"
        flags = ["refused"] if voted.category == REFUSAL else []
        named_votes = {category or "invalid": count for category, count in votes.items()}
        self._score(voted, flags, {"votes": named_votes}, number / self.repeats)

    def _score(
        self,
        verdict: Verdict,
        flags: list[str],
        detail: dict[str, Any],
        confidence: float | None = None,
    ) -> None:
        score = Score(
            trial_id=verdict.trial_id,
            metric=verdict.metric,
            outcome=Score.Outcome.UNSCORABLE,
            reason=verdict.reason,
            flags=flags,
            confidence=confidence,
            detail={
                "rubric": str(self.rubric),
                "rubric_sha256": self.rubric.sha256,
                **detail,
            },
        )
        if verdict.category not in ("", UNCLEAR, REFUSAL):
            target = Trial.objects.values_list("cell__target", flat=True).get(pk=verdict.trial_id)
            score.outcome, score.label = Score.Outcome.SCORED, verdict.category
            score.hit = verdict.category == target if target else None
        # Another process may have asked about the same trial: the first score stays.
        Score.objects.bulk_create([score], ignore_conflicts=True)


def _reason(category: str | None, reply: Reply) -> str:
    """Why there is no label; empty where there is one."""
    if category == UNCLEAR:
        return "the model found the answers unclear"
    if category == REFUSAL:
        return "the model found that the answers decline to choose"
    if category is not None:
        return ""
    return why_nothing(reply, "the model's answer is none of the rubric's words")


def why_nothing(reply: Reply, otherwise: str) -> str:
    """Why a reply says nothing to what was asked; *otherwise*: where it was answered in full."""
    ending = ending_of(reply.call)
    if ending == REFUSED:
        return "the model declined to classify the answers"
    if ending == FILTERED:
        return "a content filter withheld the model's answer"
    if not reply.text.strip() and ending != LENGTH:
        return "the model gave no answer"
    if ending == LENGTH:
        return "the model was cut off before it named a category"
    return otherwise


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
    account: Account | None = None,
) -> Inquiry:
    """Have the complete trials of *runs* classified that this scorer has not scored; blocks.

    A trial whose question fails gets no score and is asked about the next time. Raises ValueError
    when nobody can be asked at the scorer's endpoint, or the rubric is for another kind.
    """
    check_rubric(scorer.rubric, runs)
    inquiry = Inquiry(
        scorer.endpoint,
        scorer.question,
        scorer.keep,
        report,
        respondent,
        watch,
        account or Account(),
    )
    trials = without_score(runs, scorer.name, scorer.version)
    task = Task(inquiry, actor, "score with model", scorer.name, scorer.version)
    with task.told_of(runs, trials):
        for trial in scorer.judged(trials):
            scorer.settle(trial)
        inquiry.ask(scorer.questions(without_score(runs, scorer.name, scorer.version)))
    return inquiry
