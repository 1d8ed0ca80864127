"""Answers out of a file, stored as those of calls are."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import islice

from django.db import transaction
from django.db.models import F

from accounts import audit, clock
from accounts.access import hold_unarchived
from accounts.models import User
from evaluations.formats.batch_lines import BatchAnswer, LineRefused, answer_in
from evaluations.instruments.endings import FILTERED
from evaluations.models import Endpoint, GrantedCalls, Run, Trial
from evaluations.respondents.chat import statuses
from evaluations.respondents.chat.completions import SaidError, reply_of, usage
from evaluations.respondents.chat.parameters import parameters_of
from evaluations.respondents.respondent import Reply, RespondentError
from evaluations.running import trial_log
from evaluations.running.answer_store import keyed_as
from evaluations.running.batches.sending import AT_ONCE, LASTS
from evaluations.running.conversations import complete_if_done, settle
from evaluations.running.trial_leases import BATCH, release


@dataclass
class Imported:
    """What became of a file of answers: `answered` now, `already` before, `failed` by reason; lines
    that were `rejected`, with number and reason; and whether the run is `complete` by it."""

    answered: int = 0
    already: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    rejected: list[tuple[int, str]] = field(default_factory=list)
    complete: bool = False

    def words(self) -> str:
        """What became of it, in a sentence."""
        parts = [f"{self.answered:,} answers stored"]
        parts += [f"{self.already:,} were there already"] if self.already else []
        parts += [f"{self.failed.total():,} failed"] if self.failed else []
        parts += [f"{len(self.rejected):,} lines rejected"] if self.rejected else []
        end = " The run is complete." if self.complete else ""
        return f"{', '.join(parts)}.{end}"


def take(run: Run, lines: Iterable[str], actor: User | None = None) -> Imported:
    """Store the answers of a file; lines that cannot be taken are named and change nothing.

    The same file again adds nothing. Trials that go on are free for the next file, or for workers.
    """
    done = Imported()
    numbered = ((at, line) for at, line in enumerate(lines, start=1) if line.strip())
    while chunk := list(islice(numbered, AT_ONCE)):
        found = _take_some(run, chunk, actor)
        done.answered += found.answered
        done.already += found.already
        done.failed += found.failed
        done.rejected += found.rejected
    done.complete = complete_if_done(run.pk, of_any=True)
    return done


@transaction.atomic
def _take_some(run: Run, numbered: list[tuple[int, str]], actor: User | None) -> Imported:
    """Take a part of a file, with an entry in the trail if it changes anything."""
    hold_unarchived(run.project)
    done = Imported()
    answers: dict[int, tuple[int, BatchAnswer]] = {}
    for number, line in numbered:
        try:
            answer = answer_in(line)
            if answer.place.run != run.pk:
                raise LineRefused(f"it answers a question of another run ({answer.place.run})")
            if answer.place.trial in answers:
                raise LineRefused("the file answers this trial a second time")
            answers[answer.place.trial] = number, answer
        except LineRefused as error:
            done.rejected.append((number, str(error)))
    trials = run.trials.filter(pk__in=answers)
    known = {row.pk: row for row in trials.select_related("cell__endpoint")}
    for trial_id, (number, answer) in answers.items():
        try:
            if (row := known.get(trial_id)) is None:
                raise LineRefused(f"the run has no trial {trial_id} any more")
            _take_one(row, answer, done)
        except LineRefused as error:
            done.rejected.append((number, str(error)))
    if done.answered or done.failed:
        counts = {"answered": done.answered, "failed": done.failed.total()}
        lines = [numbered[0][0], numbered[-1][0]]
        audit.record(run.project, actor, "import batch file", run, lines=lines, **counts)
    return done


@transaction.atomic
def _take_one(row: Trial, answer: BatchAnswer, done: Imported) -> None:
    """Store one answer while its question is the next one of its trial."""
    trial = Trial.objects.select_for_update().get(pk=row.pk)
    turns = trial.turns.count()
    if turns > answer.place.turn:
        done.already += 1
        return
    if turns < answer.place.turn:
        raise LineRefused(f"trial {trial.pk} has only {turns} turns: the question is unknown here")
    owner = _hold(trial)
    endpoint = row.cell.endpoint
    (opened,) = trial_log.open_trials([trial.pk])
    try:
        reply = _reply(opened, answer, endpoint)
    except RespondentError as error:
        trial_log.keep_lost_calls(opened, error.kind)
        _count_off(row.run_id, owner)
        done.failed[f"{error.kind}: {error}"] += 1
        settle(trial.pk, owner, error)
        return
    ask = opened.conversation.next(opened.said)
    assert ask is not None  # noqa: S101  (its answer is the next turn)
    key = keyed_as(endpoint, opened.request(ask), opened.number)
    answered = trial_log.Answered(ask, reply, key)
    following = opened.conversation.next([*opened.said, answered.said])
    trial_log.store([trial_log.Exchange(opened, answered, following)], owner)
    _count_off(row.run_id, owner)
    if following is not None:
        release(trial.pk, owner, charged=False)
    done.answered += 1


def _hold(trial: Trial) -> str:
    """The owner under which an answer to *trial* is stored: the file that asked, or, where its
    time was over, this import."""
    if trial.state == Trial.State.RUNNING and trial.lease_owner.startswith(BATCH):
        return trial.lease_owner
    if trial.state == Trial.State.RUNNING:
        raise LineRefused(f"a worker asks trial {trial.pk} at this moment: import the file again")
    if trial.state != Trial.State.PLANNED:
        raise LineRefused(f"trial {trial.pk} is {trial.get_state_display()}")
    owner = f"{BATCH}that came late"
    Trial.objects.filter(pk=trial.pk).update(
        state=Trial.State.RUNNING,
        lease_owner=owner,
        lease_expires_at=clock.now() + LASTS,
        attempts=F("attempts") + 1,
    )
    return owner


def _reply(trial: trial_log.OpenTrial, answer: BatchAnswer, endpoint: Endpoint) -> Reply:
    """What was answered, as a call would have it; RespondentError where it is no answer."""
    if answer.error:
        words = f"the file brought no answer: {answer.error}"
        raise RespondentError("batch", words, retryable=True)
    trial.meter.calls += 1
    trial.meter.count(usage(answer.body))
    ask = trial.conversation.next(trial.said)
    used = parameters_of(endpoint.parameters).constraint if ask and ask.constrained else ""
    try:
        if answer.status >= 400:
            if statuses.is_filter(answer.body):
                return Reply("", call={"finish": FILTERED, "by_file": True})
            raise SaidError(statuses.words_in(answer.body), answer.status)
        reply = reply_of(answer.body, 0.0, used)
    except SaidError as error:
        raise statuses.of_status(error.status or 500, str(error), endpoint) from error
    except (ValueError, TypeError, RecursionError) as error:
        raise statuses.garbage(endpoint, str(error), str(answer.body)[:300]) from error
    call = {name: said for name, said in reply.call.items() if name != "seconds"}
    tokens = {"usage": trial.meter.tokens} if trial.meter.tokens else {}
    return replace(reply, call={**call, "retries": 0, "by_file": True, **tokens})


def _count_off(run_id: int, owner: str) -> None:
    """One question fewer is under way."""
    held = GrantedCalls.objects.filter(run=run_id, owner=owner)
    held.filter(calls__lte=1).delete()
    held.update(calls=F("calls") - 1)
