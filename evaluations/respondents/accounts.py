"""Who pays for the questions of an inquiry: asked before each, told afterwards."""

from typing import Generic, TypeVar

from evaluations.respondents.metering import Meter

Key = TypeVar("Key")


class Account(Generic[Key]):
    """An account without limits that keeps no books; those with a budget override both."""

    async def take(self, key: Key) -> tuple[int | None, str]:
        """How many calls the question of *key* may take (None: as many as it needs); 0 with the
        reason when none."""
        return None, ""

    async def settle(self, key: Key, taken: int | None, used: Meter, answered: bool) -> None:
        """A question is over: what was taken for it, what it used, and whether an answer came."""
