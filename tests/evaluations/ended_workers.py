"""`python -m tests.evaluations.ended_workers TIMES SEED`: workers that are told to end, each at a
moment of its own, and what became of them.

Each is a fork of this process, which has done the imports; it looks into its queue without a pause,
so that most moments lie within a transaction. Prints a line a worker that did not end as it should.
"""

import os
import random
import signal
import sys
import time
import traceback

import django

LONGEST_SECONDS = 0.12
"""From the fork to the signal: a worker has begun to look into the queue by half of it."""


def work() -> None:
    """Be a worker until told to end; the process ends with what a shell would see."""
    from django.core.management import call_command

    try:
        call_command("worker")
        status = 0
    except BaseException:
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def main(times: int, seed: int) -> None:
    django.setup()
    from django.db import connections

    from evaluations.background.ending import SIGNALS
    from evaluations.management.commands import worker
    from evaluations.running import conversations

    conversations.prepare()
    worker.LOOK_SECONDS = 0.0
    # Until a worker listens it ends as any process does, by the signal itself.
    ready, listens = os.pipe()
    real = worker.ending.listening

    def listening(**flags):
        found = real(**flags)

        class Telling:
            def __enter__(self):
                entered = found.__enter__()
                os.write(listens, b".")
                return entered

            def __exit__(self, *error):
                return found.__exit__(*error)

        return Telling()

    worker.ending.listening = listening
    chance = random.Random(seed)
    for number in range(times):
        connections.close_all()
        pid = os.fork()
        if pid == 0:
            work()
        os.read(ready, 1)
        told = chance.choice(SIGNALS)
        time.sleep(chance.uniform(0, LONGEST_SECONDS))
        os.kill(pid, told)
        if chance.random() < 0.5:
            os.kill(pid, told)
        _, status = os.waitpid(pid, 0)
        if code := os.waitstatus_to_exitcode(status):
            name = signal.Signals(told).name
            sys.stdout.write(f"worker {number}, told by {name}, ended with {code}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
