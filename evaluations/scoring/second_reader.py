"""The third step of reading answers, on request: a model is asked only which letter was chosen.

It is asked about answers the rules left open, and no others. What it says counts when it is one
of the letters, and one that the answer itself points to wherever it points to any; otherwise the
answer stays open. The readings and the scores made with them carry names and versions of their
own, so that those without a second reader stay beside them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django.db.models import Exists, OuterRef, QuerySet

from accounts import audit
from accounts.models import User
from evaluations.background import ending
from evaluations.definitions.catalogue import instrument_of
from evaluations.instruments.readings import Reading
from evaluations.instruments.svo import READER, READER_VERSION, ShownOptions, read_prose, shown
from evaluations.instruments.svo.conditions import own
from evaluations.instruments.svo.conversation import scaled
from evaluations.instruments.svo.scoring.scorer import SvoSliderScorer
from evaluations.models import Answer, Endpoint, Metric, Run, Trial
from evaluations.models import Reading as StoredReading
from evaluations.respondents.asking_many import Inquiry, settings_digest, word_of
from evaluations.respondents.respondent import Reply, Request, Respondent
from evaluations.scoring.metrics import kept, scored
from evaluations.scoring.readings import evidence_of, store
from evaluations.scoring.scorers import BATCH, score_trials, score_with, without_score

WORDS_VERSION = "1"
"""Changes with the words below and with what of a reply is believed."""

SYSTEM = (
    "You read answers to a question with lettered options and say which option was chosen. "
    "You never choose yourself."
)
QUESTION = """The options were:
{options}

This was the answer, between the lines:
----------
{answer}
----------

Which option does this answer choose? Reply with one letter from {first} to {last}, or with \
{nothing} if it does not settle on exactly one of them. Reply with nothing else."""
NOTHING = "none"

NOT_ASKED = tuple(
    f"rule:{name}"
    for name in ("empty", "outside_list", "unfinished_thought", "cut_off", "too_long")
)
"""Readings nobody can mend: the letter is not there. Refusals are not asked about either."""


@dataclass(frozen=True)
class SecondReader:
    """The model at an endpoint as a reader of single answers."""

    endpoint: Endpoint

    @property
    def digest(self) -> str:
        return f"r{WORDS_VERSION}.{settings_digest(self.endpoint)}"

    @property
    def name(self) -> str:
        return f"{READER}+{self.endpoint.model}".replace("@", "-")[:60]

    @property
    def version(self) -> str:
        return f"{READER_VERSION}+{self.digest}"

    @property
    def scorer(self) -> SvoSliderScorer:
        """The slider scorer under the name and version of what it rests on."""
        rules = SvoSliderScorer()
        return SvoSliderScorer(
            name=f"{rules.name}+{self.endpoint.model}".replace("@", "-")[:60],
            version=f"{rules.version}+{self.digest}",
            reader=f"{self.name} {self.version}",
        )

    def metric(self) -> Metric:
        """The row of the metric that rests on its readings; made where it is new."""
        scorer, endpoint = self.scorer, self.endpoint
        facts = {"kind": Metric.Kind.READER, "settings": self.digest, "reader": scorer.reader}
        return kept(scorer.name, scorer.version, endpoint.project, endpoint=endpoint, **facts)

    def question(self, answer_id: int) -> Request:
        answer = _answer(answer_id)
        options = _options(answer)
        lines = (
            f"{label}: you get {option.self_:g}, the other person gets {option.other:g}"
            for label, option in zip(options.labels, options.allocations, strict=True)
        )
        text = QUESTION.format(
            options="\n".join(lines),
            answer=answer.turn.text,
            first=options.labels[0],
            last=options.labels[-1],
            nothing=NOTHING,
        )
        return Request(
            messages=[("system", SYSTEM), ("user", text)],
            seed=answer.trial.seed,
            words=(*options.labels, NOTHING),
            constrained=True,
        )

    def keep(self, answer_id: int, reply: Reply) -> str:
        """Store how the answer reads now; return 'choice', or 'open' where it stays as it was."""
        answer = _answer(answer_id)
        options = _options(answer)
        rules = StoredReading.objects.get(answer=answer, reader=READER, version=READER_VERSION)
        letter = word_of(reply.text, (*options.labels, NOTHING))
        refused = _why_not(letter, answer.turn.text, options)
        said = f"{self.endpoint.model} was asked and said {(letter or reply.text[:60])!r}"
        read = Reading(
            outcome=rules.outcome,
            value=None,
            label="",
            method=f"model:{self.endpoint.model}",
            refused=False,
            evidence=evidence_of(rules),
            note=f"{said}{f', {refused}' if refused else ''}; the rules found: {rules.note}",
        )
        if letter and not refused:
            option = answer.shown[options.labels.index(letter)]
            read = replace(read, outcome=StoredReading.Outcome.CHOICE, value=option, label=letter)
        store({answer: read}, self.name, self.version)
        return "open" if refused else "choice"


def _why_not(letter: str | None, text: str, options: ShownOptions) -> str:
    """Why a letter is not believed; empty when it is."""
    if letter is None:
        return "which is no letter of the list"
    if letter == NOTHING:
        return "so it stays open"
    possible = {options.labels[index] for index in read_prose(text, options).candidates}
    if possible and letter not in possible:
        return f"which is none of those it may mean ({', '.join(sorted(possible))})"
    return ""


def _answer(answer_id: int) -> Answer:
    related = ("turn", "trial__cell", "trial__run__instrument")
    return Answer.objects.select_related(*related).get(pk=answer_id)


def _options(answer: Answer) -> ShownOptions:
    measure = instrument_of(answer.trial.run.instrument).measure
    answer.trial.cell.run = answer.trial.run
    measure = scaled(measure, own(answer.trial.cell.asked).payoff_scale)
    return shown(answer.item_number, answer.shown, measure=measure)


def left_open(trials: Sequence[int] | QuerySet[Trial], reader: SecondReader) -> QuerySet[Answer]:
    """The answers of *trials* the rules left open and this reader has not read."""
    open_to_rules = StoredReading.objects.filter(
        answer=OuterRef("pk"),
        reader=READER,
        version=READER_VERSION,
        value__isnull=True,
        refused=False,
    ).exclude(method__in=NOT_ASKED)
    read = StoredReading.objects.filter(
        answer=OuterRef("pk"), reader=reader.name, version=reader.version
    )
    found = Answer.objects.filter(Exists(open_to_rules), ~Exists(read), trial__in=trials)
    return found.order_by("pk")


def score_with_reader(
    runs: QuerySet[Run],
    reader: SecondReader,
    *,
    actor: User | None = None,
    respondent: Respondent | None = None,
    report: Callable[[str], None] = lambda outcome: None,
    watch: Callable[[], str] = ending.why,
) -> Inquiry:
    """Have the open answers of the complete trials of *runs* read, and score these trials; blocks.

    A trial is scored when all its open answers were read. Raises ValueError when nobody can be
    asked at the reader's endpoint.
    """
    scorer = reader.scorer
    trials = without_score(runs, scorer.name, scorer.version)
    inquiry = Inquiry(reader.endpoint, reader.question, reader.keep, report, respondent, watch)
    for start in range(0, len(trials), BATCH):
        if reason := watch():
            inquiry.stopped = reason
            break
        batch = trials[start : start + BATCH]
        score_trials(batch)
        if not inquiry.stopped:
            inquiry.ask(list(left_open(batch, reader).values_list("pk", flat=True)))
        unread = set(left_open(batch, reader).values_list("trial_id", flat=True))
        read = [trial for trial in batch if trial not in unread]
        score_with(scorer, reader.metric(), read, (reader.name, reader.version))
    if kept := inquiry.kept.total():
        endpoint = reader.endpoint
        detail = {"scorer": scorer.name, "answers": kept}
        audit.record(endpoint.project, actor, "read with model", endpoint, **detail)
    scored.send(Run, runs=runs)
    return inquiry
