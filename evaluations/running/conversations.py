"""Working on a run: many conversations at once, each strictly in order, every turn stored.

The event loop only talks to respondents; the database is used in short synchronous functions on
the thread that called `advance`. Everything a worker knows is in the trial rows, so that any number
of workers may advance one run, and any of them may be killed at any time.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import structlog
from asgiref.sync import async_to_sync, sync_to_async
from django.db import transaction
from django.db.models import QuerySet

from accounts import audit, clock
from accounts.access import hold_unarchived
from accounts.models import User
from evaluations.background.ending import told
from evaluations.background.happened import Event, emit
from evaluations.background.leases import worker_name
from evaluations.instruments.base import InstrumentDefinition
from evaluations.instruments.kinds import KINDS
from evaluations.models import Endpoint, Run, Trial
from evaluations.respondents.asking import Desk
from evaluations.respondents.endpoints import respondent_of
from evaluations.respondents.limiter import Limiter, Limits, reserve
from evaluations.respondents.respondent import Reply, Respondent, RespondentError
from evaluations.running import budgets, stopping, trial_leases, trial_log
from evaluations.running.answer_store import AnswerStore, keyed_as
from evaluations.running.purse import Purse
from evaluations.running.recording import Recorder
from evaluations.text.storable import storable

log = structlog.get_logger(__name__)

HEARTBEAT_SECONDS = trial_leases.LEASE.total_seconds() / 4
LONGEST_WAIT_SECONDS = 2.0
CLAIM_SECONDS = 0.05
"""Between two looks for free places: conversations that end together are replaced together."""

TURN_SECONDS = 60.0
"""How long a worker stays with one run while another waits for it."""

CONVERSATIONS_A_CALL = 4
"""Conversations under way for each call an endpoint takes at once. Those beyond the calls keep the
endpoint busy while others are stored, and when the last trials of a run are few."""


def prepare() -> None:
    """What a worker does once, better before there is work: import the client, have the kinds of
    instruments compute what they need. A second of CPU, in which no conversation goes on."""
    from evaluations.respondents import llm  # noqa: F401

    for kind in KINDS.values():
        kind.warm_up()


@dataclass(eq=False)
class Worker:
    """One worker's work on one run until nothing is left to claim, or until it is told to stop.

    `report` is called with the state a trial ended in ('complete', 'failed') or went back to
    ('planned'), `trouble` with what went wrong in words, as soon as it does. `respondents` may be
    given by endpoint id, for tests. `ending` says whether to leave every conversation where it is
    and give its trial back; it is asked all the time. `yields` is asked every `TURN_SECONDS`
    whether another run waits for this worker: then every conversation is left after the answer
    under way, and `gave_way` says so.
    """

    run: Run
    owner: str = field(default_factory=worker_name)
    report: Callable[[str], None] = lambda state: None
    trouble: Callable[[str], None] = lambda reason: None
    respondents: dict[int, Respondent] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)
    ending: Callable[[], bool] = told
    yields: Callable[[], bool] = lambda: False
    gave_way: bool = False
    _desks: dict[int, Desk] = field(default_factory=dict)
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock)
    _taken: dict[int, int] = field(default_factory=dict)

    def work(self) -> Counter[str]:
        """Advance the run; return how many trials ended in which state. Blocks until done."""
        async_to_sync(self._work)()
        return self.outcomes

    async def _work(self) -> None:
        endpoints = await _db(_endpoints)(self.run)
        self._recorder = Recorder(partial(_db(trial_log.store), owner=self.owner))
        self._store = await _db(AnswerStore)(self.run)
        self._purse = Purse(_db(partial(budgets.grant, self.run.pk, self.owner)))
        active: dict[asyncio.Task[None], int] = {}
        helpers = [
            asyncio.create_task(self._heartbeat(active)),
            asyncio.create_task(self._recorder.run()),
        ]
        await _db(trial_leases.sweep)(self.run.pk)
        turn_ends = time.monotonic() + TURN_SECONDS
        try:
            while not self.ending():
                if time.monotonic() > turn_ends and not self.gave_way:
                    self.gave_way = await _db(self.yields)()
                    turn_ends = time.monotonic() + TURN_SECONDS
                if not self.gave_way:
                    await self._claim(endpoints, active)
                if active:
                    await asyncio.wait(
                        active, timeout=LONGEST_WAIT_SECONDS, return_when=asyncio.FIRST_COMPLETED
                    )
                    await asyncio.sleep(CLAIM_SECONDS)
                    for task in [task for task in active if task.done()]:
                        active.pop(task)
                        task.result()
                elif self.gave_way or not await self._wait_for_due():
                    break
        finally:
            await self._abandon(active)
            for helper in helpers:
                helper.cancel()
            for desk in self._desks.values():
                await desk.close()
            await _db(budgets.give_back)(self.run.pk, self.owner)
        await _db(complete_if_done)(self.run.pk)

    async def _claim(
        self, endpoints: Iterable[Endpoint], active: dict[asyncio.Task[None], int]
    ) -> None:
        """Fill the free places of every endpoint."""
        for endpoint in endpoints:
            busy = sum(task.get_name() == str(endpoint.pk) for task in active)
            free = endpoint.concurrency * CONVERSATIONS_A_CALL - busy
            if free <= 0:
                continue
            for trial in await _db(self._open)(endpoint, free, set(active.values())):
                task = asyncio.create_task(self._trial(trial, endpoint), name=str(endpoint.pk))
                active[task] = trial.id

    def _open(
        self, endpoint: Endpoint, number: int, besides: Collection[int]
    ) -> list[trial_log.OpenTrial]:
        claimed = trial_leases.claim(self.run.pk, endpoint.pk, self.owner, number, besides)
        return trial_log.open_trials(claimed) if claimed else []

    async def _wait_for_due(self) -> bool:
        """Wait a little for a trial that is resting or leased elsewhere; False: none is left.

        Whoever holds that trial may wait for the calls that were granted here.
        """
        if self._purse.rest():
            await _db(budgets.give_back)(self.run.pk, self.owner)
        await _db(trial_leases.sweep)(self.run.pk)
        seconds, state = await _db(_outlook)(self.run.pk)
        if seconds is None or state != Run.State.RUNNING:
            return False
        await asyncio.sleep(min(max(seconds, 0.05), LONGEST_WAIT_SECONDS))
        return True

    async def _heartbeat(self, active: dict[asyncio.Task[None], int]) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            try:
                if active:
                    await _db(trial_leases.renew)(list(active.values()), self.owner)
                    await _db(budgets.renew)(self.owner)
                await _db(trial_leases.sweep)(self.run.pk)
            except Exception:  # the next beat comes long before the leases run out
                log.exception("heartbeat failed", run=self.run.pk)

    async def _abandon(self, active: dict[asyncio.Task[None], int]) -> None:
        for task in active:
            task.cancel()
        await asyncio.gather(*active, return_exceptions=True)
        for trial_id in active.values():
            await _db(trial_leases.release)(trial_id, self.owner, charged=False)

    async def _trial(self, trial: trial_log.OpenTrial, endpoint: Endpoint) -> None:
        """Hold one conversation to its end and settle how it ended. A call is under way for the
        budgets until what it took is stored, whatever became of it."""
        try:
            await self._hold(trial, endpoint)
        finally:
            self._settle(trial)

    def _settle(self, trial: trial_log.OpenTrial) -> None:
        if taken := self._taken.pop(trial.id, 0):
            self._purse.settle(taken)

    async def _hold(self, trial: trial_log.OpenTrial, endpoint: Endpoint) -> None:
        trial_id = trial.id
        try:
            finished = await self._converse(trial, endpoint)
        except trial_leases.LeaseLostError as error:
            log.warning("lease lost", trial=trial_id, reason=str(error))
            await self._keep_lost_calls(trial, "lease lost")
            return
        except asyncio.CancelledError:
            await self._keep_lost_calls(trial, "broken off")
            raise
        except RespondentError as error:
            self.trouble(f"{error.kind}: {error}")
            await self._keep_lost_calls(trial, error.kind)
            state = await self._put_away(partial(settle, trial_id, self.owner, error), trial_id)
        except Exception as error:
            log.exception("trial failed unexpectedly", trial=trial_id)
            reason = storable(f"unexpected {type(error).__name__}: {error}")
            await self._keep_lost_calls(trial, "unexpected")
            state = await self._put_away(partial(_fail, trial_id, self.owner, reason), trial_id)
        else:
            state = Trial.State.COMPLETE if finished else Trial.State.PLANNED
        if state:
            self.outcomes[state] += 1
            self.report(state)

    async def _keep_lost_calls(self, trial: trial_log.OpenTrial, kind: str) -> None:
        """Count what was asked in vain; a count that cannot be stored ends nothing."""
        try:
            await _db(trial_log.keep_lost_calls)(trial, kind)
        except Exception:
            log.exception("lost calls cannot be counted", trial=trial.id)

    async def _put_away(self, act: Callable[[], str], trial_id: int) -> str:
        """Return the state *act* brought the trial to; '' when it failed: the lease runs out then,
        and a sweep frees the trial. One trial never ends the work on all others."""
        try:
            return await _db(act)()
        except Exception:
            log.exception("trial cannot be put away", trial=trial_id)
            return ""

    async def _desk(self, endpoint: Endpoint, instrument: InstrumentDefinition) -> Desk:
        """Where this worker asks at *endpoint*; raises RespondentError when it is not in order."""
        async with self._opening:
            if endpoint.pk not in self._desks:
                respondent = self.respondents.get(endpoint.pk)
                # To look an address up, or to read a recording, may take its time.
                respondent = respondent or await _db(respondent_of)(endpoint, instrument)
                respondent.trouble = self.trouble
                limits = Limits.of(endpoint)
                limiter = Limiter(limits, _db(partial(reserve, endpoint.pk, limits)))
                self._desks[endpoint.pk] = Desk(endpoint, respondent, limiter)
            return self._desks[endpoint.pk]

    async def _converse(self, trial: trial_log.OpenTrial, endpoint: Endpoint) -> bool:
        """Ask until the conversation is finished (True) or the run was paused (False)."""
        desk = await self._desk(endpoint, trial.instrument)
        answered: trial_log.Answered | None = None
        while True:
            said = [*trial.said, answered.said] if answered else trial.said
            ask = trial.conversation.next(said)
            goes_on = await self._recorder.store(trial_log.Exchange(trial, answered, ask))
            self._settle(trial)
            if ask is None:
                return True
            request = trial.request(ask)
            key = keyed_as(endpoint, request, trial.number)
            if goes_on and not self.gave_way and (known := await self._known(key)):
                answered = trial_log.Answered(ask, known, key)
                continue
            taken = 0
            if goes_on and not self.gave_way:
                taken = await self._purse.take(1 + endpoint.max_retries)
            if not taken:
                await self._leave(trial.id)
                return False
            self._taken[trial.id] = taken
            request = replace(request, most_calls=taken)
            answered = trial_log.Answered(ask, await desk.ask(request), key)

    async def _known(self, key: str) -> Reply | None:
        """The answer that was given to the same request before; None where it has to be asked."""
        if not self._store.is_used or not key:
            return None
        return await _db(self._store.answer_to)(key)

    async def _leave(self, trial_id: int) -> None:
        """Give a trial back in its midst; where the budget is used up, the run pauses."""
        if self._purse.empty:
            await _db(self._pause_for_budget)()
        await _db(trial_leases.release)(trial_id, self.owner, charged=False)

    @transaction.atomic
    def _pause_for_budget(self) -> None:
        run = Run.objects.select_related("project").get(pk=self.run.pk)
        _pause(run, None, budget=self._purse.empty)


def _db(function: Callable) -> Callable:
    """The synchronous *function*, to be awaited; runs where all database work of the loop runs."""
    return sync_to_async(function, thread_sensitive=True)


def _endpoints(run: Run) -> list[Endpoint]:
    return list(Endpoint.objects.filter(cells__run=run).distinct().order_by("pk"))


def _state(run_id: int) -> str:
    return Run.objects.values_list("state", flat=True).get(pk=run_id)


def _outlook(run_id: int) -> tuple[float | None, str]:
    return trial_leases.seconds_until_due(run_id), _state(run_id)


def _fail(trial_id: int, owner: str, reason: str) -> str:
    trial_leases.fail(trial_id, owner, reason)
    return Trial.State.FAILED


def settle(trial_id: int, owner: str, error: RespondentError) -> str:
    """Put a trial whose respondent failed into the state that follows; return that state."""
    reason = f"{error.kind}: {error}"
    if error.stops_endpoint:
        with transaction.atomic():
            # The run before its trial, as everywhere: two who lock both never wait for each other.
            run = Run.objects.select_for_update(no_key=True, of=("self",)).select_related("project")
            endpoint = Trial.objects.values_list("cell__endpoint_id", flat=True).get(pk=trial_id)
            stopping.stop(run.get(trials=trial_id), endpoint, reason)
            trial_leases.release(trial_id, owner, reason, charged=False)
    elif error.retryable:
        trial_leases.release(trial_id, owner, reason, rest=error.retry_after)
    else:
        trial_leases.fail(trial_id, owner, reason)
    return Trial.objects.values_list("state", flat=True).get(pk=trial_id)


def leaves_work_for_others(run: Run) -> bool:
    """Whether more trials of a run are planned than one worker has under way at once."""
    taken = sum(endpoint.concurrency * CONVERSATIONS_A_CALL for endpoint in _endpoints(run))
    return run.trials.filter(state=Trial.State.PLANNED, cell__stopped="").count() > taken


def complete_if_done(run_id: int, *, of_any: bool = False) -> bool:
    """Close a running run in which no trial is left to do, and pause one in which only trials of
    stopped endpoints are; return whether this call closed it. *of_any*: one that is paused, or did
    not begin, as well."""
    left = Trial.objects.filter(run_id=run_id, state__in=[Trial.State.PLANNED, Trial.State.RUNNING])
    with transaction.atomic():
        states = [Run.State.RUNNING, *((Run.State.PAUSED, Run.State.DRAFT) if of_any else ())]
        running = Run.objects.filter(pk=run_id, state__in=states)
        # Locked before the look at its trials: whoever adds some at this moment is waited for.
        if not (before := running.select_for_update(no_key=True).first()):
            return False
        if left.exists():
            is_running = before.state == Run.State.RUNNING
            if (
                is_running
                and not left.exclude(state=Trial.State.PLANNED).exists()
                and not _is_due(left)
            ):
                _pause_for_stopped(run_id)
            return False
        running.update(state=Run.State.COMPLETE)
        run = Run.objects.select_related("project").get(pk=run_id)
        audit.record(run.project, None, "complete run", run, _moved(before.state, run.state))
        told = {"id": run.pk, "name": run.name, "state": run.state}
        emit(run.project, Event.RUN_FINISHED, run=told)
        return True


def _is_due(left: QuerySet[Trial]) -> bool:
    return left.filter(cell__stopped="").exists()


def _pause_for_stopped(run_id: int) -> None:
    run = Run.objects.select_related("project").get(pk=run_id)
    reasons = {endpoint.name: reason for endpoint, reason, _ in stopping.stopped(run)}
    _pause(run, None, stopped=reasons)


def _moved(before: str, after: str) -> audit.Change:
    return audit.Change({"state": before}, {"state": after})


def _lock(run: Run) -> None:
    """Read the state of *run* again and keep it until the caller's transaction ends."""
    run.refresh_from_db(fields=["state"], from_queryset=Run.objects.select_for_update(no_key=True))


def advance(run: Run, report: Callable[[str], None] | None = None) -> Counter[str]:
    """Work on a run in this process until nothing is left; return the states trials ended in.

    Does nothing for a run that is not running. Any number of processes may do so at once.
    """
    worker = Worker(run, report=report or (lambda state: None))
    return worker.work()


@transaction.atomic
def resume(run: Run, actor: User | None = None) -> None:
    """Let workers claim the run's trials; failed ones get all their attempts again.

    Raises ValueError for an imported or a cancelled run, and in an archived project.
    """
    hold_unarchived(run.project)
    _lock(run)
    if run.source == Run.Source.IMPORT or run.state == Run.State.CANCELLED:
        raise ValueError(f"{run.name} is {run.get_source_display()}, {run.state}: nothing to run")
    before = run.state
    again = run.trials.filter(state=Trial.State.FAILED).update(
        state=Trial.State.PLANNED, attempts=0, lease_expires_at=None, finished_at=None
    )
    run.trials.filter(state=Trial.State.PLANNED).update(lease_expires_at=None, attempts=0)
    run.cells.exclude(stopped="").update(stopped="")
    left = run.trials.filter(state__in=[Trial.State.PLANNED, Trial.State.RUNNING]).exists()
    run.state = Run.State.RUNNING if left else Run.State.COMPLETE
    run.save(update_fields=["state"])
    change = _moved(before, run.state)
    audit.record(run.project, actor, "resume run", run, change, failed_again=again)


@transaction.atomic
def pause(run: Run, actor: User | None = None) -> None:
    """Stop claiming; conversations under way are given back after the turn they are at."""
    _pause(run, actor)
    run.refresh_from_db(fields=["state"])


def _pause(run: Run, actor: User | None, **facts: Any) -> None:
    if Run.objects.filter(pk=run.pk, state=Run.State.RUNNING).update(state=Run.State.PAUSED):
        change = _moved(Run.State.RUNNING, Run.State.PAUSED)
        audit.record(run.project, actor, "pause run", run, change, **facts)


@transaction.atomic
def cancel(run: Run, actor: User | None = None) -> None:
    """End a run for good: what is planned is cancelled, what was said and scored stays.

    Conversations under way are given up after the turn they are at. Raises ValueError for a run
    that was imported or has ended.
    """
    ended = (Run.State.COMPLETE, Run.State.CANCELLED)
    _lock(run)
    if run.source == Run.Source.IMPORT or run.state in ended:
        raise ValueError(f"{run.name} is {run.get_source_display()}, {run.state}: nothing to end")
    before, run.state = run.state, Run.State.CANCELLED
    run.save(update_fields=["state"])
    # Running trials are closed too: their worker finds that it holds them no longer.
    cancelled = run.trials.filter(state__in=[Trial.State.PLANNED, Trial.State.RUNNING]).update(
        state=Trial.State.CANCELLED,
        lease_owner="",
        lease_expires_at=None,
        finished_at=clock.now(),
    )
    change = _moved(before, run.state)
    audit.record(run.project, actor, "cancel run", run, change, cancelled=cancelled)
