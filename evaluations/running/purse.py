"""What one worker may still spend of the budgets of its run."""

import asyncio
from collections.abc import Awaitable, Callable

MOST_AT_ONCE = 50

Look = Callable[[int], Awaitable[tuple[int | None, str]]]
"""Calls under way -> how many more may be sent (None: any number), and the words of the budget."""


class Purse:
    """Lets a call be sent while the budgets allow it; looks at them anew when its share is used."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._share = 0
        self._under_way = 0
        self._looking = asyncio.Lock()
        self.empty = ""

    async def take(self) -> bool:
        """Wait until a call may be sent; False when none may any more, as `empty` says."""
        async with self._looking:
            while not self.empty and not self._share:
                under_way = self._under_way  # may be fewer when the look is over
                left, words = await self._look(under_way)
                self._share = _share(left)
                if not self._share and not under_way:
                    self.empty = words
                elif not self._share:
                    await asyncio.sleep(0.1)  # what is under way may cost less than it was held for
            if self.empty:
                return False
            self._share -= 1
            self._under_way += 1
            return True

    def settle(self) -> None:
        """A call that was taken is over, and stored where it brought an answer."""
        self._under_way -= 1


def _share(left: int | None) -> int:
    """What one worker takes of the calls that are *left* (None: any number): a part that leaves the
    others theirs, and not so many that it would hear late of another budget."""
    if left is None:
        return MOST_AT_ONCE
    return min(MOST_AT_ONCE, -(-left // 4))
