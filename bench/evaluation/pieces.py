"""The pieces of the benches that need Django; `bench.evaluation.job` runs one in a process.

Arguments and results are JSON. Only `evaluations` is used, as any caller would use it.
"""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.db.models import Count, Max

from accounts.models import Project
from bench.evaluation.endpoint import THOUGHT
from bench.evaluation.load import CALLS, ITEMS
from evaluations.definitions import catalogue
from evaluations.files.exporting import export_table
from evaluations.files.importing import import_trials
from evaluations.instruments.svo import Orientation
from evaluations.models import Endpoint, Run, Score, Trial, Turn
from evaluations.running import conversations, planning, trial_leases
from evaluations.running.planning import Design
from evaluations.running.spending import spend

TURNS = 2 * CALLS


def prepare() -> dict[str, Any]:
    """Make the tables, and the one project of a bench."""
    call_command("migrate", verbosity=0)
    Project.objects.create(name="Bench", slug="bench")
    return {}


def idle() -> dict[str, Any]:
    """Do nothing: what a process of this project costs before it begins."""
    return {}


def plan(name: str, trials: int, endpoint: dict[str, Any]) -> dict[str, Any]:
    """Plan a run of *trials* with goal prompting at an endpoint, ready to be worked on."""
    project = Project.objects.get()
    row = Endpoint.objects.create(project=project, name=name, **endpoint)
    design = Design(
        [value.value for value in Orientation],
        with_goal=[True],
        trials_per_cell=trials // len(Orientation),
    )
    run = planning.create_run(
        project, name, design, [row], catalogue.instrument(), catalogue.prompt_pack()
    )
    conversations.resume(run)
    return {"run": run.pk}


def work(run: int, lease: float | None = None) -> dict[str, Any]:
    """Work on a run as a worker does, until nothing is left.

    It `ended` when the run's last trial was finished: a worker looks around for a moment longer.
    """
    if lease is not None:
        trial_leases.LEASE = timedelta(seconds=lease)
        conversations.HEARTBEAT_SECONDS = lease / 4
    outcomes = conversations.advance(Run.objects.get(pk=run))
    last = Trial.objects.filter(run=run).aggregate(last=Max("finished_at"))["last"]
    return {"outcomes": dict(outcomes), "ended": last.timestamp()}


def audit(run: int) -> dict[str, Any]:
    """How the trials of a run ended, and what is missing, doubled or half stored."""
    trials = Trial.objects.filter(run=run)
    complete = trials.filter(state=Trial.State.COMPLETE)
    failed = trials.filter(state=Trial.State.FAILED)
    scores = Score.objects.filter(trial__run=run)
    scored = scores.filter(outcome=Score.Outcome.SCORED)
    spent = spend(Run.objects.get(pk=run))
    answers = Turn.objects.filter(trial__run=run, role=Turn.Role.ASSISTANT)
    unscorable = scores.filter(outcome=Score.Outcome.UNSCORABLE)
    return {
        "trials": trials.count(),
        "scored": scored.count(),
        "refused": unscorable.filter(flags__icontains="refused").count(),
        "unscorable": unscorable.count(),
        "filtered": unscorable.filter(flags__icontains="filtered").count(),
        "failed": failed.count(),
        "calls": spent.calls,
        "reasoning_tokens": spent.reasoning_tokens,
        "thoughts_said": answers.filter(text__contains=THOUGHT).count(),
        "unfinished": trials.exclude(pk__in=complete).exclude(pk__in=failed).count(),
        "without_reason": unscorable.filter(reason="").count()
        + failed.filter(last_error="").count(),
        "scored_not_once": _differing(complete, "scores", 1),
        "not_whole": _differing(complete, "turns", TURNS) + _differing(complete, "answers", ITEMS),
        "not_read": complete.filter(answers__readings=None).distinct().count(),
        "positions_doubled": _positions_doubled(run),
        "reasons": list(
            failed.values_list("last_error").annotate(trials=Count("pk")).order_by("-trials")
        ),
    }


def _differing(trials: Any, related: str, expected: int) -> int:
    """How many trials have another number of related rows than expected."""
    return trials.annotate(found=Count(related)).exclude(found=expected).count()


def _positions_doubled(run: int) -> int:
    turns = Trial.objects.filter(run=run).values("pk", "turns__position")
    return turns.annotate(found=Count("turns")).filter(found__gt=1).count()


def import_lines(trials: int) -> dict[str, Any]:
    """Import that many trials: those of a real model over and over, no two answers alike."""
    return _imported("imported", _lines(trials))


def import_short(trials: int) -> dict[str, Any]:
    """Import that many trials of one item, which are as many rows to keep apart as long ones."""
    return _imported("short", _short_lines(trials))


def export(run: str) -> dict[str, Any]:
    """Export an imported run as a table, to nowhere."""
    return {"rows": sum(1 for _ in export_table(Run.objects.filter(name=run)))}


def _imported(run: str, lines: Iterator[str]) -> dict[str, Any]:
    project = Project.objects.get()
    report = import_trials(project, lines, run_name=run, instrument=catalogue.instrument())
    return {"added": report.added}


def _shipped() -> list[dict[str, Any]]:
    file = catalogue.SHIPPED / "smollm2" / "smollm2_trials_free.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()]


def _short_lines(trials: int) -> Iterator[str]:
    shipped = _shipped()
    for number in range(trials):
        trial = shipped[number % len(shipped)]
        messages = trial["messages"]
        item = next(at for at, message in enumerate(messages) if "you get" in message["content"])
        yield json.dumps(
            {
                "model": trial["model"],
                "target_value": trial["target_value"],
                "goal_prompt": "nogoal",
                "trial": number,
                "seed": number,
                "messages": [_varied(message, number) for message in messages[item : item + 2]],
            }
        )


def _lines(trials: int) -> Iterator[str]:
    shipped = _shipped()
    for number in range(trials):
        trial = shipped[number % len(shipped)]
        messages = [_varied(message, number) for message in trial["messages"]]
        changes = {"messages": messages, "answers": None, "goal": "", "trial": number}
        yield json.dumps({**trial, **changes, "seed": number})


def _varied(message: dict[str, Any], number: int) -> dict[str, Any]:
    """The same words, and some more that no other trial has if a model said them."""
    if message["role"] != "assistant":
        return message
    return {**message, "content": f"{message['content']}\n\nSaid in conversation {number}."}


def work_for(run: int, seconds: float) -> dict[str, Any]:
    """Work on a run for some seconds, then leave it."""
    over = threading.Event()
    worker = conversations.Worker(Run.objects.get(pk=run), ending=over.is_set)
    timer = threading.Timer(seconds, over.set)
    timer.start()
    outcomes = worker.work()
    timer.cancel()
    return {"outcomes": dict(outcomes)}


PIECES = {
    piece.__name__: piece
    for piece in (
        prepare,
        idle,
        plan,
        work,
        audit,
        import_lines,
        import_short,
        export,
        work_for,
    )
}
