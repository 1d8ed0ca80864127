"""Work on runs in the background."""

import math
import os
import socket
import threading
import time
from typing import Any

import structlog
from django.conf import settings
from django.db import connection
from django_tasks_db.management.commands import db_worker

from accounts.migrated import DatabaseCommand
from accounts.models import Door
from evaluations import tasks
from evaluations.background import ending
from evaluations.running import conversations

log = structlog.get_logger(__name__)

SWEEP_SECONDS = 20.0
PRUNE_SECONDS = 3600.0
LOOK_SECONDS = 0.5
"""Between two looks into the database's queue."""


class Command(DatabaseCommand):
    help = (
        "Work on runs in the background until Ctrl-C or SIGTERM: take them from the queue (the "
        "database, or Redis with CELERY_BROKER_URL), and take up what silent workers left. Start "
        "as many as there are processors to spare; they share the work."
    )
    door = Door.WORKER

    def handle(self, *args: Any, **options: Any) -> None:
        name = f"{socket.gethostname()[:30]}-{os.getpid()}"
        queue: _DatabaseQueue | _BrokerQueue = _DatabaseQueue(name)
        if settings.CELERY_BROKER_URL:
            queue = _BrokerQueue(name)
        with ending.listening(also=queue.take_no_more):
            self._work(name, queue)

    def _work(self, name: str, queue: "_DatabaseQueue | _BrokerQueue") -> None:
        ended = threading.Event()
        conversations.prepare()
        tasks.sweep()
        sweeper = threading.Thread(target=_sweep_now_and_then, args=(ended,), daemon=True)
        sweeper.start()
        self.stdout.write(f"Worker {name} takes runs from {queue.place}; Ctrl-C ends it.")
        self.stdout.flush()
        try:
            queue.run()
        finally:
            ended.set()
            sweeper.join()


class _DatabaseQueue(db_worker.Worker):
    """The worker of the database's queue."""

    place = "the database"

    def __init__(self, name: str) -> None:
        super().__init__(
            queue_names=["*"],
            interval=LOOK_SECONDS,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=name,
            excluded_queue_names=[],
        )

    def take_no_more(self) -> None:
        """Look into the queue no further; only sets a flag."""
        self.running = False


class _BrokerQueue:
    """The worker of the queue in Redis."""

    place = "Redis"

    def __init__(self, name: str) -> None:
        from evaluations.background import celery_queue

        self.name, self.celery = name, celery_queue

    def take_no_more(self) -> None:
        self.celery.stop_taking()

    def run(self) -> None:
        self.celery.work(self.name, ending.told)


def _sweep_now_and_then(ended: threading.Event) -> None:
    """Look after abandoned runs, and now and then after the queue, until *ended*; a database that
    is away is asked again later."""
    pruned_at = -math.inf
    while not ended.wait(SWEEP_SECONDS):
        try:
            tasks.sweep(only_abandoned=True)
            if time.monotonic() - pruned_at > PRUNE_SECONDS:
                tasks.prune()
                pruned_at = time.monotonic()
        except Exception:
            log.exception("sweep failed")
        finally:
            connection.close()
