"""Serve the local model as an OpenAI-compatible endpoint on loopback."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evaluations.background import ending
from evaluations.respondents.local_model import NAME, NOTE, LocalModel, LocalModelError

LOOK_SECONDS = 0.3


class Command(BaseCommand):
    help = "Serve SmolLM2-135M on 127.0.0.1 until Ctrl-C (needs `make local-model`)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8081)
        parser.add_argument("--threads", type=int, default=1, help="1 repeats answers best")

    def handle(self, *args: Any, **options: Any) -> None:
        port, threads = options["port"], options["threads"]
        try:
            with ending.listening() as told, LocalModel(port=port, threads=threads) as model:
                self.stdout.write(
                    f"{NAME} answers at {model.base_url}. Try it in another terminal:\n"
                    f"  python manage.py run_evaluation --base-url {model.base_url} --model {NAME} "
                    f"--max-tokens 96 --concurrency 1 --trials 1\n"
                    f"{NOTE} Ctrl-C stops it."
                )
                self.stdout.flush()
                while not told():
                    time.sleep(LOOK_SECONDS)
        except LocalModelError as error:
            raise CommandError(str(error)) from None
        self.stdout.write("Stopped.")
