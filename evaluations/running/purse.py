"""What one worker may still spend of the budgets of its run."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

MOST_AT_ONCE = 50


@dataclass(frozen=True)
class Grant:
    """What the budgets allow a worker beside what it has under way: so many calls, or any number
    (None). `words` are those of the budget that leaves least; `waits`: others have the calls that
    are left, and may give some back."""

    calls: int | None
    words: str = ""
    waits: bool = False


Look = Callable[[int], Awaitable[Grant]]
"""Calls under way -> what is granted beside them."""


class Purse:
    """Lets a call be sent while the budgets allow it; looks at them anew when its share is used."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._share = 0
        self._under_way = 0
        self._is_limited = True
        self._is_held = False
        self._looking = asyncio.Lock()
        self.empty = ""

    async def take(self, most: int = 1) -> int:
        """Wait until a call may be sent; return how often it may be sent, up to *most* times with
        its repetitions; 0 when it may not any more, as `empty` says."""
        async with self._looking:
            pause = 0.1
            while not self.empty and not self._share:
                under_way = self._under_way  # may be fewer when the look is over
                grant = await self._look(under_way)
                self._is_limited = self._is_held = grant.calls is not None
                self._share = MOST_AT_ONCE if grant.calls is None else grant.calls
                if not self._share and not under_way and not grant.waits:
                    self.empty = grant.words
                elif not self._share:
                    await asyncio.sleep(pause)  # what is under way may cost less than was held
                    pause = min(2 * pause, 1.0)
            if self.empty:
                return 0
            taken = min(most, self._share) if self._is_limited else 1
            self._share -= taken
            self._under_way += taken
            return taken if self._is_limited else most

    def rest(self) -> bool:
        """Nothing is under way: forget what is left of the share, and return whether anything was
        granted that others wait for as long as it is not given back."""
        was_held, self._is_held, self._share = self._is_held, False, 0
        return was_held

    def settle(self, taken: int) -> None:
        """What was taken for a call is over, and what it took is stored."""
        self._under_way = max(0, self._under_way - (taken if self._is_limited else 1))
