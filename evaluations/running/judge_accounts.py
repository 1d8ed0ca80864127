"""Judges and second readers spend from the budgets of the runs they are asked about."""

from collections.abc import Callable
from typing import TypeVar

from asgiref.sync import sync_to_async

from evaluations.background.leases import worker_name
from evaluations.models import Endpoint, JudgeCalls
from evaluations.respondents.accounts import Account
from evaluations.respondents.metering import Meter
from evaluations.running import budgets
from evaluations.running.purse import Grant, Purse
from evaluations.text.storable import LARGEST_COUNT

Key = TypeVar("Key")


class JudgeAccount(Account[Key]):
    """The budgets of the runs that *run_of* names for each question to *endpoint*."""

    def __init__(self, endpoint: Endpoint, run_of: Callable[[Key], int]) -> None:
        self._endpoint = endpoint
        self._run_of = run_of
        self._owner = worker_name()
        self._purses: dict[int, Purse] = {}

    async def take(self, key: Key) -> tuple[int | None, str]:
        run = await sync_to_async(self._run_of)(key)
        if run not in self._purses:
            self._purses[run] = Purse(self._looking_at(run))
        purse = self._purses[run]
        taken = await purse.take(1 + self._endpoint.max_retries)
        return taken, f"Budget of {purse.empty}: raise it, and go on." if purse.empty else ""

    async def settle(self, key: Key, taken: int | None, used: Meter, answered: bool) -> None:
        run = await sync_to_async(self._run_of)(key)
        await sync_to_async(self._store)(run, used, answered)
        self._purses[run].settle(taken or 0)

    def give_back(self) -> None:
        """Nothing more is asked: others have what was not used."""
        for run in self._purses:
            budgets.give_back(run, self._owner)

    def _looking_at(self, run: int) -> Callable:
        def look(under_way: int) -> Grant:
            return budgets.grant(run, self._owner, under_way)

        return sync_to_async(look)

    def _store(self, run: int, used: Meter, answered: bool) -> None:
        if used.calls:
            usage = {name: min(count, LARGEST_COUNT - 1) for name, count in used.tokens.items()}
            JudgeCalls.objects.create(
                run_id=run,
                endpoint=self._endpoint,
                calls=used.calls,
                answers=int(answered),
                usage=usage,
            )
        budgets.renew(self._owner)
