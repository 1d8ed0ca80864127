"""Computing on a stack of its own.

OpenBLAS keeps buffers of half a megabyte on the stack and calls itself; the threads of a web server
may have two megabytes in all (granian's have), and a stack that overflows ends the whole process.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

STACK = 64 * 1024 * 1024
"""Bytes; of these only what is used takes memory."""
_sizing = threading.Lock()
T = TypeVar("T")


def on_own_stack(work: Callable[..., T], *arguments: Any) -> T:
    """What *work* returns or raises, computed in a thread whose stack linear algebra fits into.

    *work* must not touch the database: connections belong to the thread that opened them.
    """
    outcome: Future[T] = Future()

    def run() -> None:
        try:
            outcome.set_result(work(*arguments))
        except BaseException as error:  # raised again where it was asked for
            outcome.set_exception(error)

    with _sizing:
        usual = threading.stack_size(STACK)
        try:
            threading.Thread(target=run, name="deep").start()
        finally:
            threading.stack_size(usual)
    return outcome.result()
