"""A model that judges answers by the ten values, by a rubric (`instruments.values.judge`).

Every reply is a verdict, also one of a single call: a value that is asked about alone has verdicts
of its own. The score is made when all are there: of each value what the model said most often, with
the quotes of those times. A quote that does not stand in the answer is flagged and named. Output
that is not in the form, or a tie, is unscorable with the reason, and never zero.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import asdict
from statistics import fmean
from typing import Any

from django.db import transaction

from evaluations.definitions.catalogue import instrument_of, rubric_of
from evaluations.instruments.rubrics import ShownAnswer
from evaluations.instruments.values.circle import VALUES
from evaluations.instruments.values.judge import Judged, ValuesRubric, place_of
from evaluations.models import Answer, Score, Verdict
from evaluations.respondents.asking_many import provenance
from evaluations.respondents.respondent import Reply, Request
from evaluations.scoring.rubric_scorer import Question, RubricScorer, why_nothing
from evaluations.text.thoughts import parted

UNSUPPORTED = "unsupported_quote"
PLAINLY = "Your whole reply must be the JSON object described above, with nothing before or after."
INVALID = "the model's answer is not in the form that was asked for"


class ValuesJudge(RubricScorer):
    """A rubric of ten values in the hands of the model at an endpoint. The numbers of its verdicts
    count the calls: all parts of the first time, then those of the next."""

    @property
    def definition(self) -> ValuesRubric:
        found = rubric_of(self.rubric)
        assert isinstance(found, ValuesRubric)  # noqa: S101  (rubrics of the kind are read as such)
        return found

    @property
    def answer_tokens(self) -> int:
        """Expected of a reply: label, quote and confidence of each value it is asked about."""
        return 45 * len(self.definition.parts[0])

    @property
    def calls(self) -> int:
        """Verdicts a trial."""
        return self.repeats * len(self.definition.parts)

    def questions(self, trials: Collection[int]) -> list[Question]:
        had = Verdict.objects.filter(metric=self.metric()).values_list("trial_id", "number")
        known, numbers = set(had), range(1, self.calls + 1)
        every = ((trial, number) for trial in trials for number in numbers)
        return [question for question in every if question not in known]

    def judged(self, trials: Collection[int]) -> list[int]:
        return self._complete(trials, self.calls)

    def _values_of(self, number: int) -> tuple[str, ...]:
        parts = self.definition.parts
        return parts[(number - 1) % len(parts)]

    def question(self, asked: Question) -> Request:
        """What the model is asked about one or all values; repeats differ in the seed alone."""
        (trial_id, number), rubric = asked, self.definition
        answer, values = _answer(trial_id), self._values_of(number)
        kind = instrument_of(answer.trial.run.instrument).kind
        shown = ShownAnswer((), parted(answer.turn.text)[0], kind.question(answer.shown))
        return Request(
            messages=rubric.asked(shown, values),
            seed=answer.trial.seed + (number - 1) // len(rubric.parts),
            constrained=True,
            schema=rubric.schema(values),
            reads=lambda text: rubric.read(text, values) is not None,
            plainly=PLAINLY,
        )

    @transaction.atomic
    def keep(self, asked: Question, reply: Reply) -> str:
        trial_id, number = asked
        said = self.definition.read(reply.text, self._values_of(number))
        verdict = Verdict(
            trial_id=trial_id,
            metric=self.metric(),
            number=number,
            category=_signs(said) if said else "",
            reason="" if said else why_nothing(reply, INVALID),
            detail={
                **provenance(self.endpoint, reply),
                "said": {value: asdict(one) for value, one in (said or {}).items()},
            },
        )
        # Another process may have asked the same: the first answer stays.
        Verdict.objects.bulk_create([verdict], ignore_conflicts=True)
        self.settle(trial_id)
        return "judged" if said else "invalid"

    def settle(self, trial_id: int) -> None:
        """Score a trial, once all verdicts are there."""
        verdicts = list(Verdict.objects.filter(trial=trial_id, metric=self.metric()))
        if len(verdicts) < self.calls:
            return
        votes: dict[str, list[Judged]] = {value: [] for value in VALUES}
        for verdict in verdicts:
            for value, one in verdict.detail["said"].items():
                votes[value].append(Judged(**one))
        reason = _why_not(votes, verdicts)
        score = Score(
            trial_id=trial_id,
            metric=self.metric(),
            outcome=Score.Outcome.UNSCORABLE,
            reason=reason,
            detail={"rubric": str(self.rubric), "rubric_sha256": self.rubric.sha256},
        )
        if not reason:
            _settled(score, votes, parted(_answer(trial_id).turn.text)[0])
        Score.objects.bulk_create([score], ignore_conflicts=True)


def _answer(trial_id: int) -> Answer:
    """The answer of a trial: each prompt is asked in one of its own."""
    related = ("turn", "trial__run__instrument")
    return Answer.objects.select_related(*related).filter(trial=trial_id).earliest("item_number")


def _signs(said: dict[str, Judged]) -> str:
    return ",".join(f"{value}:{one.sign:+d}" for value, one in said.items() if one.sign) or "none"


def _why_not(votes: dict[str, list[Judged]], verdicts: list[Verdict]) -> str:
    """Why the verdicts make no vector; '' where they do."""
    if nothing := [value for value, said in votes.items() if not said]:
        reasons = [verdict.reason for verdict in verdicts if verdict.reason]
        return f"{reasons[0]} ({nothing[0]}{' and others' if nothing[1:] else ''})"
    tied = []
    for value, said in votes.items():
        counts = Counter(one.sign for one in said).most_common(2)
        if len(counts) > 1 and counts[0][1] == counts[1][1]:
            tied.append(value)
    return f"the model's answers are tied on {', '.join(tied)}" if tied else ""


def _settled(score: Score, votes: dict[str, list[Judged]], text: str) -> None:
    """Make a score of verdicts that settle every value."""
    vector: dict[str, int] = {}
    shares, quotes = [], []
    for value, said in votes.items():
        (sign, number), *_ = Counter(one.sign for one in said).most_common()
        vector[value] = sign
        shares.append(number / len(said))
        quotes += _quotes(value, sign, said, text)
    score.outcome, score.vector = Score.Outcome.SCORED, vector
    score.confidence = fmean(shares) if max(map(len, votes.values())) > 1 else None
    unsupported = sorted({one["dimension"] for one in quotes if one["start"] is None})
    score.flags = [UNSUPPORTED] if unsupported else []
    score.detail |= {"quotes": quotes, "unsupported": unsupported, "sure": _sure(votes, vector)}


def _quotes(value: str, sign: int, said: list[Judged], text: str) -> list[dict[str, Any]]:
    """The different quotes for the sign that was settled on, each with its place in the text."""
    found: dict[str, dict[str, Any]] = {}
    for one in said:
        if one.sign == sign and one.quote and one.quote not in found:
            place = place_of(one.quote, text)
            found[one.quote] = {
                "dimension": value,
                "sign": str(sign),
                "quotation": text[slice(*place)] if place else one.quote,
                "start": place[0] if place else None,
                "end": place[1] if place else None,
            }
    return list(found.values())


def _sure(votes: dict[str, list[Judged]], vector: dict[str, int]) -> dict[str, float]:
    """How sure the model says it is of each sign, where it says so: the mean over its answers."""
    means = {}
    for value, said in votes.items():
        known = [
            one.confidence
            for one in said
            if one.sign == vector[value] and one.confidence is not None
        ]
        if known:
            means[value] = fmean(known)
    return means
