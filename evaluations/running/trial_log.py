"""The stored conversation of a trial: read as the protocol wants it, written turn by turn."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Prefetch

from accounts import clock
from evaluations.definitions.catalogue import frame_of, instrument_of, pack_of
from evaluations.instruments.base import InstrumentDefinition
from evaluations.instruments.conversation import Ask, Dialogue, Said
from evaluations.models import Answer, LostCalls, Run, Trial, Turn
from evaluations.respondents.endpoints import parameters_used
from evaluations.respondents.metering import Meter
from evaluations.respondents.respondent import Reply, Request
from evaluations.running.answer_store import as_stored, is_worth_keeping
from evaluations.running.trial_leases import hold
from evaluations.scoring.scorers import score_trials
from evaluations.text.storable import LARGEST_COUNT


@dataclass
class OpenTrial:
    """A claimed trial: its conversation, the turns stored so far, and the calls since the last."""

    id: int
    run_id: int
    target: str
    instrument: InstrumentDefinition
    conversation: Dialogue
    said: list[Said]
    parameters: dict[str, Any]
    attempts: int = 1
    number: int = 1
    answered_by: tuple[str, str] = ("", "")
    meter: Meter = field(default_factory=Meter)
    thoughts: dict[int, str] = field(default_factory=dict)

    def request(self, ask: Ask) -> Request:
        """What the respondent gets to answer *ask*, whose messages are stored by now."""
        return Request(
            messages=[(said.role, said.text) for said in self.said],
            seed=self.conversation.seed,
            words=tuple(option.label for option in ask.options),
            constrained=ask.constrained,
            ask=ask,
            target=self.target,
            thoughts=[self.thoughts.get(place, "") for place in range(len(self.said))],
            meter=self.meter,
        )


def open_trials(trial_ids: Collection[int]) -> list[OpenTrial]:
    """Read trials and their turns; raises ValueError when a run has no prompt pack.

    The definitions of instrument and pack are large, and parsed once a process: they are left in
    the database unless they are new.
    """
    trials = (
        Trial.objects.filter(pk__in=trial_ids)
        .select_related("cell__endpoint", "cell__prompt_pack", "cell__frame", "run__instrument")
        .defer("run__instrument__definition", "cell__prompt_pack__definition")
        .prefetch_related(Prefetch("turns", Turn.objects.order_by("position")))
        .order_by("pk")
    )
    return [_opened(trial) for trial in trials]


def _opened(trial: Trial) -> OpenTrial:
    cell = trial.cell
    if cell.prompt_pack is None:
        raise ValueError("there is no prompt pack: an imported trial cannot be continued here")
    cell.run = trial.run
    condition, instrument = cell.asked, instrument_of(trial.run.instrument)
    conversation = instrument.dialogue(
        condition,
        pack_of(cell.prompt_pack),
        trial.seed,
        prompt=trial.prompt,
        frame=frame_of(cell.frame, cell.prompt_pack.language),
    )
    said = [Said(turn.role, turn.step, turn.text, turn.item_number) for turn in trial.turns.all()]
    return OpenTrial(
        trial.pk,
        trial.run_id,
        condition.target,
        instrument,
        conversation,
        said,
        _parameters(trial),
        trial.attempts,
        trial.number,
        thoughts={turn.position: turn.reasoning for turn in trial.turns.all() if turn.reasoning},
    )


def _parameters(trial: Trial) -> dict[str, Any]:
    """What is written into the trial; who was asked first, where another endpoint took it over."""
    used = parameters_used(trial.cell.endpoint, trial.seed)
    begun = trial.parameters.get("begun_at")
    return {**used, "begun_at": begun} if begun else used


@dataclass(frozen=True)
class Answered:
    """An answer that is not stored yet, with the question it belongs to."""

    ask: Ask
    reply: Reply
    key: str = ""

    @property
    def said(self) -> Said:
        return Said("assistant", self.ask.step, self.reply.text, self.ask.item_number)


@dataclass(frozen=True)
class Exchange:
    """The last answer of a trial and its next question: None before the first, after the last."""

    trial: OpenTrial
    answered: Answered | None
    ask: Ask | None

    @property
    def new(self) -> list[Said]:
        answer = [self.answered.said] if self.answered else []
        return [*answer, *(self.ask.messages if self.ask else ())]


@transaction.atomic
def store(exchanges: Sequence[Exchange], owner: str) -> dict[int, bool]:
    """Append exchanges of different trials in one transaction; all or none of them.

    A trial without a next question is complete, and is scored in the same transaction. Returns by
    trial id whether its run still runs; a trial that another worker may have by now is left out,
    and nothing is stored for it.
    """
    held = hold([exchange.trial.id for exchange in exchanges], owner)
    ours = [exchange for exchange in exchanges if exchange.trial.id in held]
    turns = [
        (exchange, _turn(exchange, position, said))
        for exchange in ours
        for position, said in enumerate(exchange.new, start=len(exchange.trial.said))
    ]
    _store_changes(ours)
    Turn.objects.bulk_create(turn for _, turn in turns)
    _count_as_progress([exchange.trial for exchange in ours if exchange.answered])
    Answer.objects.bulk_create(
        Answer(
            trial_id=turn.trial_id,
            turn=turn,
            item_number=turn.item_number,
            shown=exchange.answered.ask.shown,
        )
        for exchange, turn in turns
        if exchange.answered and turn.role == "assistant" and turn.item_number is not None
    )
    if complete := [exchange.trial.id for exchange in ours if exchange.ask is None]:
        Trial.objects.filter(pk__in=complete).update(
            state=Trial.State.COMPLETE,
            finished_at=clock.now(),
            lease_owner="",
            lease_expires_at=None,
            last_error="",
        )
        score_trials(complete)
    for exchange in ours:
        if exchange.answered and exchange.answered.reply.reasoning:
            place = len(exchange.trial.said)
            exchange.trial.thoughts[place] = exchange.answered.reply.reasoning
        exchange.trial.said += exchange.new
        exchange.trial.meter.take()  # the turn tells of them
    runs = {exchange.trial.run_id for exchange in ours}
    running = set(
        Run.objects.filter(pk__in=runs, state=Run.State.RUNNING).values_list("pk", flat=True)
    )
    return {exchange.trial.id: exchange.trial.run_id in running for exchange in ours}


def keep_lost_calls(trial: OpenTrial, kind: str) -> None:
    """Store the calls of a trial that no turn will tell of, if there are any; *kind*: why not."""
    lost = trial.meter.take()
    if lost.calls:
        usage = {name: min(number, LARGEST_COUNT - 1) for name, number in lost.tokens.items()}
        LostCalls.objects.create(trial_id=trial.id, kind=kind[:40], calls=lost.calls, usage=usage)


def _count_as_progress(trials: Sequence[OpenTrial]) -> None:
    """A trial that got on has all its attempts before it again: it is not what fails."""
    if tried_before := [trial for trial in trials if trial.attempts > 1]:
        Trial.objects.filter(pk__in=[trial.id for trial in tried_before]).update(attempts=1)
        for trial in tried_before:
            trial.attempts = 1


def _turn(exchange: Exchange, position: int, said: Said) -> Turn:
    answered = exchange.answered if said.role == "assistant" else None
    return Turn(
        trial_id=exchange.trial.id,
        position=position,
        role=said.role,
        step=said.step,
        item_number=said.item_number,
        text=said.text,
        reasoning=answered.reply.reasoning if answered else "",
        call=_call(exchange.trial, answered.reply) if answered else {},
        from_store=answered is not None and as_stored(answered.reply),
        request_key=_key(answered) if answered else "",
    )


def _key(answered: Answered) -> str:
    """Under what the answer can be given again: one that was itself given so is not another."""
    again = not as_stored(answered.reply) and is_worth_keeping(answered.reply.call)
    return answered.key if again else ""


def _call(trial: OpenTrial, reply: Reply) -> dict[str, Any]:
    """How the call went; and who answered, where that is another than before in this trial."""
    by = (reply.model_returned[:200], reply.system_fingerprint[:120])
    if trial.answered_by in (("", ""), by) or not reply.model_returned:
        return dict(reply.call)
    return {**reply.call, "model_returned": by[0], "system_fingerprint": by[1]}


def _store_changes(exchanges: Sequence[Exchange]) -> None:
    """What the first exchange and the first answer tell about their trial."""
    for exchange in exchanges:
        if exchange.answered is None:
            Trial.objects.filter(pk=exchange.trial.id).update(parameters=exchange.trial.parameters)
    models: dict[tuple[str, str], list[int]] = {}
    for exchange in exchanges:
        if exchange.answered and exchange.answered.reply.model_returned:
            reply = exchange.answered.reply
            model = (reply.model_returned[:200], reply.system_fingerprint[:120])
            if exchange.trial.answered_by != model:
                exchange.trial.answered_by = model
                models.setdefault(model, []).append(exchange.trial.id)
    for (name, fingerprint), ids in models.items():
        Trial.objects.filter(pk__in=ids).update(model_returned=name, system_fingerprint=fingerprint)
