"""Free what silent workers held, and nudge the runs under way."""

from typing import Any

from django.core.management.base import BaseCommand

from evaluations import tasks


class Command(BaseCommand):
    help = (
        "Give the trials of workers that went silent to others, and queue every run under way. "
        "Call it when a worker starts and now and then: a killed worker took its task with it."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for run in tasks.sweep():
            self.stdout.write(f"{run.name}: queued")
