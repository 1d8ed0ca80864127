"""A clock that stands still until it is told, so that times are the same in every run."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from unittest import mock

BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Clock:
    """What `django.utils.timezone.now` says while a scene is made."""

    def __init__(self) -> None:
        self.time = BEGIN

    def __call__(self) -> datetime:
        return self.time

    def pass_by(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@contextmanager
def standing_clock() -> Iterator[Clock]:
    clock = Clock()
    with mock.patch("django.utils.timezone.now", clock), mock.patch("accounts.clock.now", clock):
        yield clock
