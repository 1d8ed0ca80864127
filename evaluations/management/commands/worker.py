"""Work on runs in the background."""

import math
import os
import socket
import threading
import time
from types import FrameType
from typing import Any

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection
from django_tasks_db.management.commands import db_worker

from evaluations import running, tasks

log = structlog.get_logger(__name__)

SWEEP_SECONDS = 20.0
PRUNE_SECONDS = 3600.0
LOOK_SECONDS = 0.5
"""Between two looks into the database's queue."""


class Command(BaseCommand):
    help = (
        "Work on runs in the background until Ctrl-C or SIGTERM: take them from the queue (the "
        "database, or Redis with CELERY_BROKER_URL), and take up what silent workers left. Start "
        "as many as there are processors to spare; they share the work."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        name = f"{socket.gethostname()[:30]}-{os.getpid()}"
        ended = threading.Event()
        running.prepare()
        tasks.sweep()
        sweeper = threading.Thread(target=_sweep_now_and_then, args=(ended,), daemon=True)
        sweeper.start()
        self.stdout.write(f"Worker {name} takes runs from {_queue()}; Ctrl-C ends it.")
        self.stdout.flush()
        try:
            if settings.CELERY_BROKER_URL:
                from evaluations import celery_queue  # not imported where it is not used

                celery_queue.work(name, tasks.stop_work)
            else:
                worker = _DatabaseWorker(name)
                worker.configure_signals()
                worker.run()
        finally:
            ended.set()
            sweeper.join()


def _queue() -> str:
    return "Redis" if settings.CELERY_BROKER_URL else "the database"


class _DatabaseWorker(db_worker.Worker):
    """The worker of the database's queue; told to end, it does not wait for the end of a run."""

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

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        gives_back = tasks.stop_work()
        if gives_back and not self.running:
            return  # told once more: what is under way is given back, which takes seconds
        super().shutdown(signum, frame)


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
