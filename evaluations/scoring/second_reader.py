"""The third step of reading answers, on request: a model is asked only which letter was chosen.

It is asked about answers the rules left open, and no others. What it says counts when it is one
of the letters, and one that the answer's own words can bear; otherwise the answer stays open. The
readings and the scores made with them carry names and versions of their own, so that those without
a second reader stay beside them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from evaluations.background import ending
from evaluations.definitions.catalogue import instrument_of
from evaluations.instruments.base import InstrumentDefinition, Kind
from evaluations.instruments.conditions import Condition
from evaluations.instruments.conversation import Option
from evaluations.instruments.readings import FILTERED, AnswerText, Reading
from evaluations.instruments.scored import Scorer
from evaluations.models import Answer, Endpoint, Metric, Run, Trial
from evaluations.models import Reading as StoredReading
from evaluations.respondents.accounts import Account
from evaluations.respondents.asking_many import Inquiry, settings_digest
from evaluations.respondents.chat.words import word_of
from evaluations.respondents.respondent import Reply, Request, Respondent
from evaluations.scoring.by_model import Task, called
from evaluations.scoring.metrics import kept
from evaluations.scoring.readings import evidence_of, store
from evaluations.scoring.scorers import BATCH, score_trials, score_with, without_score
from evaluations.text.thoughts import parted

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


@dataclass(frozen=True)
class SecondReader:
    """The model at an endpoint as a reader of single answers to instruments of a kind, beside the
    rules that the kind has."""

    endpoint: Endpoint
    kind: Kind

    words: ClassVar[str] = QUESTION
    words_version: ClassVar[str] = f"r{WORDS_VERSION}"
    beside: ClassVar[tuple[str, ...]] = (NOTHING,)
    """What it may say beside the letters of the options."""
    tries: ClassVar[int] = 1
    """How often it is asked about an answer of which it said nothing to keep."""
    metric_kind: ClassVar[Metric.Kind] = Metric.Kind.READER

    @property
    def digest(self) -> str:
        return f"{self.words_version}.{settings_digest(self.endpoint)}"

    @property
    def name(self) -> str:
        return called(f"{self.kind.reader.name}+{self.endpoint.model}")

    @property
    def version(self) -> str:
        return f"{self.kind.reader.version}+{self.digest}"

    @property
    def metric_name(self) -> str:
        return called(f"{self.kind.scorers[0].name}+{self.endpoint.model}")

    @property
    def scorer(self) -> Scorer:
        """The kind's own scorer under the name and version of what it rests on."""
        rules = self.kind.scorers[0]
        version = f"{rules.version}+{self.digest}"
        return rules.resting_on(
            f"{self.name} {self.version}", name=self.metric_name, version=version
        )

    def metric(self) -> Metric:
        """The row of the metric that rests on its readings; made where it is new."""
        scorer, endpoint = self.scorer, self.endpoint
        facts = {"kind": self.metric_kind, "settings": self.digest, "reader": scorer.reader}
        return kept(scorer.name, scorer.version, endpoint.project, endpoint=endpoint, **facts)

    def question(self, answer_id: int, attempt: int = 0) -> Request:
        asked = asked_about(answer_id)
        labels = [option.label for option in asked.options]
        text = self.words.format(
            options="\n".join(map(self.kind.option_line, asked.options)),
            answer=parted(asked.row.turn.text)[0],
            first=labels[0],
            last=labels[-1],
            nothing=NOTHING,
        )
        return Request(
            messages=[("system", SYSTEM), ("user", text)],
            seed=asked.row.trial.seed + attempt,
            words=(*labels, *self.beside),
            constrained=True,
        )

    def run_of(self, answer_id: int) -> int:
        """The run a question is about."""
        return Answer.objects.values_list("trial__run_id", flat=True).get(pk=answer_id)

    def keep(self, answer_id: int, reply: Reply) -> str:
        """Store how the answer reads now; return 'choice', or 'open' where it stays as it was."""
        asked = asked_about(answer_id)
        by_label = {option.label: option for option in asked.options}
        own = {"reader": self.kind.reader.name, "version": self.kind.reader.version}
        rules = StoredReading.objects.get(answer=asked.row, **own)
        label = word_of(reply.text, (*by_label, NOTHING))
        refused = asked.why_not(label)
        said = f"{self.endpoint.model} was asked and said {(label or reply.text[:60])!r}"
        read = Reading(
            outcome=rules.outcome,
            value=None,
            label="",
            method=f"model:{self.endpoint.model}",
            refused=False,
            evidence=evidence_of(rules),
            note=f"{said}{f', {refused}' if refused else ''}; the rules found: {rules.note}",
        )
        if label and not refused:
            value = by_label[label].number
            read = replace(read, outcome=StoredReading.Outcome.CHOICE, value=value, label=label)
        store({asked.row: read}, self.name, self.version)
        return "open" if refused else "choice"

    def unread(self, trials: Sequence[int] | QuerySet[Trial]) -> QuerySet[Answer]:
        """The answers of *trials* the rules left open and this reader has not read. Refusals are
        not asked about, nor what nobody can mend."""
        rules = self.kind.reader
        open_to_rules = StoredReading.objects.filter(
            answer=OuterRef("pk"),
            reader=rules.name,
            version=rules.version,
            value__isnull=True,
            refused=False,
        ).exclude(method__in=(*rules.final, FILTERED))
        return self._without_reading(trials).filter(Exists(open_to_rules))

    def _without_reading(self, trials: Sequence[int] | QuerySet[Trial]) -> QuerySet[Answer]:
        """The answers of *trials* to lettered options of which this reader stored nothing."""
        read = StoredReading.objects.filter(
            answer=OuterRef("pk"), reader=self.name, version=self.version
        )
        # A free answer, beside which nothing was shown, chose none of anything.
        found = Answer.objects.filter(~Exists(read), trial__in=trials, shown__isnull=False)
        return found.order_by("pk")


@dataclass(frozen=True)
class _Asked:
    """An answer a model is asked about, with what stood to choose from as it was shown."""

    row: Answer
    instrument: InstrumentDefinition
    condition: Condition

    @property
    def options(self) -> tuple[Option, ...]:
        return self.instrument.options(self.condition.own, self.row.item_number, self.row.shown)

    def why_not(self, label: str | None) -> str:
        """Why what a model named is not believed; empty when it is."""
        if label is None:
            return "which is no letter of the list"
        if label == NOTHING:
            return "so it stays open"
        said = AnswerText(self.row.turn.text, self.row.item_number, self.row.shown)
        reader, measure = self.instrument.kind.reader, self.instrument.measure
        borne = {option.label for option in reader.candidates(said, measure, self.condition)}
        if label not in borne:
            may = (
                f"none of those it may mean ({', '.join(sorted(borne))})" if borne else "not in it"
            )
            return f"which is {may}"
        return ""


def asked_about(answer_id: int) -> _Asked:
    related = ("turn", "trial__cell", "trial__run__instrument")
    row = Answer.objects.select_related(*related).get(pk=answer_id)
    row.trial.cell.run = row.trial.run
    return _Asked(row, instrument_of(row.trial.run.instrument), row.trial.cell.asked)


def score_with_reader(
    runs: QuerySet[Run],
    reader: SecondReader,
    *,
    actor: User | None = None,
    respondent: Respondent | None = None,
    report: Callable[[str], None] = lambda outcome: None,
    watch: Callable[[], str] = ending.why,
    account: Account | None = None,
) -> Inquiry:
    """Have the open answers of the complete trials of *runs* of the reader's kind read, and score
    these trials; blocks.

    A trial is scored when all its open answers were read. Raises ValueError when nobody can be
    asked at the reader's endpoint.
    """
    runs = runs.filter(instrument__kind=reader.kind.key)
    scorer = reader.scorer
    trials = without_score(runs, scorer.name, scorer.version)
    inquiry = Inquiry(
        reader.endpoint,
        reader.question,
        reader.keep,
        report,
        respondent,
        watch,
        account or Account(),
    )
    task = Task(inquiry, actor, "read with model", scorer.name, scorer.version)
    with task.told_of(runs, trials):
        for start in range(0, len(trials), BATCH):
            if reason := watch():
                inquiry.stopped = reason
                break
            _read(inquiry, reader, trials[start : start + BATCH])
    return inquiry


def _read(inquiry: Inquiry, reader: SecondReader, batch: list[int]) -> None:
    """Have the open answers of these trials read, and score those that have none left."""
    score_trials(batch)
    for attempt in range(reader.tries):
        asked = list(reader.unread(batch).values_list("pk", flat=True))
        if inquiry.stopped or not asked:
            break
        inquiry.question = partial(reader.question, attempt=attempt)
        inquiry.ask(asked)
    unread = set(reader.unread(batch).values_list("trial_id", flat=True))
    read = [trial for trial in batch if trial not in unread]
    score_with(reader.scorer, reader.metric(), read, (reader.name, reader.version))
