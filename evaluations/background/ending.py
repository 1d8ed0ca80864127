"""Being told to end. A signal sets a flag and does nothing else.

What is under way looks at the flag where it can be left: between two turns, two questions, two
looks into the queue. An exception raised by a handler would come out of any line whatever, also out
of a COMMIT, and leave a connection in the middle of its transaction.
"""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SIGNALS = tuple(
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")
    if hasattr(signal, name)
)
"""Every signal by which a terminal, a service manager or a person asks a process to end."""

_told = False


def told() -> bool:
    """Whether this process was told to end while it was listening."""
    return _told


def why() -> str:
    """Why to end now; empty while nobody said so."""
    return "it was told to end" if _told else ""


@contextmanager
def listening(also: Callable[[], object] = lambda: None) -> Iterator[Callable[[], bool]]:
    """Take signals to end as a wish, until the block is left; yields `told`.

    *also* is called at each signal and may only set flags, of a library that has its own. To be
    entered in the main thread, as only that one is told.
    """
    global _told
    _told = False

    def take(*_: object) -> None:
        global _told
        _told = True
        also()

    before = [signal.signal(number, take) for number in SIGNALS]
    try:
        yield told
    finally:
        for number, handler in zip(SIGNALS, before, strict=True):
            signal.signal(number, handler)
        _told = False
