"""By which door somebody acts: a page, the API, Django's admin, a command or a worker.

The entries of the trail (`accounts.audit`) say so; nobody hands it down through the acts.
"""

import getpass
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse

from accounts.models import Door


class Acting(NamedTuple):
    """A door, and who came through it where no account says so ('ada: change_run')."""

    door: str = ""
    by: str = ""


_request: ContextVar[Acting | None] = ContextVar("acting", default=None)
"""What this thread is at for somebody's request."""
_process = Acting()
"""What this process was started for; its threads are at nothing else."""


def acting() -> Acting:
    """By which door what is done now is done."""
    return _request.get() or _process


@contextmanager
def acts_for_process(door: str, by: str = "") -> Iterator[None]:
    """All that this process does in here is done by this door, whatever thread does it."""
    global _process
    before, _process = _process, Acting(door, by)
    try:
        yield
    finally:
        _process = before


def shell_user() -> str:
    """Whoever started this process, as the system calls them."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # no name belongs to the number, as in containers
        return f"user {os.getuid()}"


class ActingMiddleware:
    """A request acts by a page, or by what its view belongs to."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _request.set(Acting(Door.PAGE))
        try:
            return self.get_response(request)
        finally:
            _request.reset(token)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> None:
        match = request.resolver_match
        if match and "admin" in match.namespaces:
            _request.set(Acting(Door.ADMIN))
        elif hasattr(view, "cls"):  # of a framework of classes for programs, not for browsers
            _request.set(Acting(Door.API))
