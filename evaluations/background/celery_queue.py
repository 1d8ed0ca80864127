"""Celery as the queue of background tasks, chosen by the setting CELERY_BROKER_URL.

A backend of Django's Tasks API that hands the name of a task and its arguments to Celery, and the
worker that takes them out. Nothing else is asked of Celery: no results, no retries, no late
acknowledgement. A task is a nudge, and what dies with a worker or a broker is nudged again.
"""

from collections.abc import Callable
from typing import Any

from celery import Celery
from celery.worker import state
from django.conf import settings
from django.utils.module_loading import import_string
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskResult, TaskResultStatus

CONNECT_SECONDS = 5
"""How long a page waits for a broker that is away; the run is nudged by a sweep then."""

app = Celery("valuecheck", broker=settings.CELERY_BROKER_URL, set_as_current=False)
app.conf.update(
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "socket_connect_timeout": CONNECT_SECONDS,
        "global_keyprefix": "valuecheck/",
    },
    task_ignore_result=True,
    task_publish_retry_policy={"max_retries": 1},
    worker_hijack_root_logger=False,
    worker_prefetch_multiplier=1,
)


@app.task(name="valuecheck.perform")
def perform(path: str, args: list[Any], kwargs: dict[str, Any]) -> None:
    """Call the task of that dotted path; whatever is no task is refused."""
    task = import_string(path)
    if not isinstance(task, Task):
        raise TypeError(f"{path} is no task")
    task.call(*args, **kwargs)


class CeleryBackend(BaseTaskBackend):
    """Tasks of Django's Tasks API, done by whichever worker takes them from the broker."""

    def enqueue(self, task: Task, args: Any, kwargs: Any) -> TaskResult:
        """Hand a task to the broker; raises kombu's OperationalError when it is away."""
        self.validate_task(task)
        handed = perform.apply_async([task.module_path, list(args), dict(kwargs)])
        return TaskResult(
            task=task,
            id=handed.id,
            status=TaskResultStatus.READY,
            enqueued_at=None,
            started_at=None,
            last_attempted_at=None,
            finished_at=None,
            args=list(args),
            kwargs=dict(kwargs),
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )


def stop_taking() -> None:
    """Take no further task; only sets the flag that Celery's loop looks at."""
    state.should_stop = 0


def work(name: str, ending: Callable[[], bool]) -> None:
    """Do the tasks of the broker in this process until it is told to end (see `stop_taking`)."""

    class Worker(app.Worker):  # type: ignore[name-defined]  # made by the app
        def install_platform_tweaks(self, worker: Any) -> None:
            """No handlers of Celery's: its second Ctrl-C raises in whatever line is at work."""

    # One task at a time: a task is a whole run, and holds many conversations at once itself.
    # What workers could tell each other over the broker is left out: nobody asks for it.
    worker = Worker(
        hostname=name,
        quiet=True,
        pool_cls="solo",
        loglevel="WARNING",
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    if not ending():
        worker.start()
