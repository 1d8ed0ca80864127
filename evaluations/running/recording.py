"""Storing what many conversations say: whatever waits to be stored is stored together.

A conversation goes on only when its last exchange is stored, so that a crash costs it one call at
most. One transaction an exchange would cost more than the call itself; waiting a moment lets many
conversations share one.
"""

import asyncio
from collections.abc import Awaitable, Callable

from evaluations.running.trial_leases import LeaseLostError
from evaluations.running.trial_log import Exchange

GATHER_SECONDS = 0.03
"""How long an exchange waits for others to share its transaction; a call takes far longer."""

GATHER_LAST_SECONDS = 0.3
"""The same for the last exchange of a trial, which nothing waits for; it is scored with it."""

Waiting = tuple[Exchange, "asyncio.Future[bool]"]


class Recorder:
    """Stores the exchanges of one worker. *store* is `trial_log.store`, to be awaited."""

    def __init__(self, store: Callable[[list[Exchange]], Awaitable[dict[int, bool]]]) -> None:
        self._store = store
        self._waiting: list[Waiting] = []
        self._due = 0.0
        self._wake = asyncio.Event()

    async def store(self, exchange: Exchange) -> bool:
        """Return, once *exchange* is stored, whether its run goes on.

        Raises LeaseLostError when another worker may have the trial by now.
        """
        loop = asyncio.get_running_loop()
        stored: asyncio.Future[bool] = loop.create_future()
        due = loop.time() + (GATHER_SECONDS if exchange.ask else GATHER_LAST_SECONDS)
        self._due = min(self._due, due) if self._waiting else due
        self._waiting.append((exchange, stored))
        self._wake.set()
        return await stored

    async def run(self) -> None:
        """Store what waits, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                if (patience := self._due - loop.time()) > 0:
                    await asyncio.sleep(min(patience, GATHER_SECONDS))
                else:
                    batch, self._waiting = self._waiting, []
                    await self._store_batch(batch)

    async def _store_batch(self, batch: list[Waiting]) -> None:
        try:
            goes_on = await self._store([exchange for exchange, _ in batch])
        except Exception as error:
            if len(batch) == 1:
                _settle(batch[0][1], error)
                return
            for entry in batch:  # whichever cannot be stored takes no other with it
                await self._store_batch([entry])
            return
        for exchange, stored in batch:
            trial_id = exchange.trial.id
            lost = LeaseLostError(f"the lease of trial {trial_id} is held by another worker")
            _settle(stored, goes_on.get(trial_id, lost))


def _settle(stored: "asyncio.Future[bool]", result: bool | Exception) -> None:
    if stored.done():  # its conversation was given up meanwhile
        return
    if isinstance(result, Exception):
        stored.set_exception(result)
    else:
        stored.set_result(result)
