"""Exchanges that wait are stored together, and one that cannot be stored takes no other along."""

import asyncio
from types import SimpleNamespace

import pytest

from evaluations.running.recording import Recorder
from evaluations.running.trial_leases import LeaseLostError


def exchange(number):
    return SimpleNamespace(trial=SimpleNamespace(id=number), ask=object())


def record(store, numbers):
    """What each waiting conversation gets back: whether its run goes on, or an exception."""

    async def run():
        recorder = Recorder(store)
        work = asyncio.create_task(recorder.run())
        waiting = (recorder.store(exchange(number)) for number in numbers)
        try:
            return await asyncio.gather(*waiting, return_exceptions=True)
        finally:
            work.cancel()

    return asyncio.run(run())


def test_what_waits_together_shares_a_transaction():
    batches = []

    async def store(batch):
        batches.append(len(batch))
        return {entry.trial.id: True for entry in batch}

    assert record(store, range(5)) == [True] * 5
    assert batches == [5]


def test_each_conversation_hears_whether_its_own_run_goes_on():
    async def store(batch):
        return {entry.trial.id: entry.trial.id == 1 for entry in batch}

    assert record(store, [0, 1, 2]) == [False, True, False]


def test_a_trial_that_was_not_stored_has_lost_its_lease():
    async def store(batch):
        return {0: True}

    kept, lost = record(store, [0, 1])
    assert kept is True
    assert isinstance(lost, LeaseLostError)


def test_an_exchange_that_cannot_be_stored_fails_alone():
    async def store(batch):
        if any(entry.trial.id == 1 for entry in batch):
            raise ValueError("cannot be stored")
        return {entry.trial.id: True for entry in batch}

    first, second, third = record(store, [0, 1, 2])
    assert (first, third) == (True, True)
    with pytest.raises(ValueError, match="cannot be stored"):
        raise second
