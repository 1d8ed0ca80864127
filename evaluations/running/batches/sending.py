"""Questions into a file: which trials it holds, what the budget leaves, and giving them back."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, F, QuerySet
from django.db.models.functions import Coalesce

from accounts import audit, clock
from accounts.access import hold_unarchived
from accounts.models import User
from evaluations.background import leases
from evaluations.formats.batch_lines import MOST_LINES, Place, line_of
from evaluations.models import Endpoint, GrantedCalls, Run, Trial
from evaluations.respondents.chat.bodies import body_of
from evaluations.respondents.chat.parameters import Settings, parameters_of
from evaluations.running import budgets, trial_log
from evaluations.running.trial_leases import BATCH, release

LASTS = timedelta(hours=48)
"""How long answers are waited for: a provider has a day, and who fetches them another."""

AT_ONCE = 200
"""Trials that are opened, and answers that are stored, in one transaction."""


class BatchRefused(Exception):
    """A file that cannot be made now; says why and what to do."""


@dataclass
class Exported:
    """`lines` were written; `left`: trials of the endpoint that the budget leaves no call for, or
    that one file does not hold."""

    owner: str
    lines: int = 0
    left: int = 0


def endpoints_of(run: Run) -> QuerySet[Endpoint]:
    """The endpoints of a run that can be asked by a file, each with its trials that wait
    (`open_trials`)."""
    return (
        Endpoint.objects.filter(
            cells__run=run, kind=Endpoint.Kind.OPENAI, cells__trials__state=Trial.State.PLANNED
        )
        .annotate(open_trials=Count("cells__trials", distinct=True))
        .order_by("name")
    )


def endpoint_called(run: Run, name: str | None) -> Endpoint:
    """The endpoint of that name, or the only one that waits. Raises BatchRefused for none."""
    waiting = {endpoint.name: endpoint for endpoint in endpoints_of(run)}
    if not waiting:
        raise BatchRefused(f"No trial of {run.name} waits at a model behind an address.")
    if name is None and len(waiting) == 1:
        return next(iter(waiting.values()))
    if name not in waiting:
        raise BatchRefused(f"Name one of the endpoints that wait: {', '.join(waiting)}.")
    return waiting[name]


def out(run: Run) -> dict[str, int]:
    """Trials whose question is in a file and not answered, by the owner of the file."""
    held = run.trials.filter(state=Trial.State.RUNNING, lease_owner__startswith=BATCH)
    rows = held.order_by("lease_owner").values_list("lease_owner").annotate(Count("pk"))
    return dict(rows)


@transaction.atomic
def export(
    run: Run, endpoint: Endpoint, write: Callable[[str], object], actor: User | None = None
) -> Exported:
    """Write the next question of every open trial of *endpoint*, a line each; all of it or, where
    *write* fails, nothing.

    Raises BatchRefused while workers ask, for an endpoint of another kind, and where nothing waits
    or the budget is used up; RespondentError for parameters that are not in order.
    """
    hold_unarchived(run.project)
    run.refresh_from_db(fields=["state"])
    _refuse_unless_it_can(run, endpoint)
    settings = parameters_of(endpoint.parameters)
    owner = f"{BATCH}{clock.now():%Y-%m-%d %H:%M:%S.%f}"
    room = _room(run, owner)
    made = Exported(owner)
    if not room:
        raise BatchRefused("The budget leaves no call: raise it first.")
    while made.lines < room:
        lines = _next_lines(run, endpoint, settings, owner, min(AT_ONCE, room - made.lines))
        if not lines:
            break
        made.lines += len(lines)
        for line in lines:
            write(f"{line}\n")
    _hold_calls(run, owner, made.lines)
    if not made.lines:
        raise BatchRefused(f"No trial of {endpoint.name} waits for a question.")
    made.left = _waiting(run, endpoint).count()
    facts = {"endpoint": endpoint.name, "questions": made.lines, "file": owner}
    audit.record(run.project, actor, "export batch file", run, **facts)
    return made


def _refuse_unless_it_can(run: Run, endpoint: Endpoint) -> None:
    if run.source != Run.Source.RUN:
        raise BatchRefused("An imported run asks nothing.")
    if run.state == Run.State.RUNNING:
        raise BatchRefused("Workers ask this run's questions: pause it first.")
    if run.state in (Run.State.COMPLETE, Run.State.CANCELLED):
        raise BatchRefused(f"The run is {run.get_state_display()}: there is nothing to ask.")
    if endpoint.kind != Endpoint.Kind.OPENAI:
        raise BatchRefused(f"{endpoint.name} is no model behind an address: it takes no file.")


def _room(run: Run, owner: str) -> int:
    """How many questions a file may hold: what the budgets leave beside calls that others hold."""
    granted = budgets.left_beside(run, owner)
    return MOST_LINES if granted is None else min(MOST_LINES, granted)


def _hold_calls(run: Run, owner: str, calls: int) -> None:
    """Count the questions of a file as calls under way, while there is a budget."""
    if calls and budgets.states(run):
        until = clock.now() + LASTS
        kept = {"calls": calls, "expires_at": until}
        GrantedCalls.objects.update_or_create(run=run, owner=owner, defaults=kept)


def _waiting(run: Run, endpoint: Endpoint) -> QuerySet[Trial]:
    planned = run.trials.filter(leases.unleased(), state=Trial.State.PLANNED, cell__stopped="")
    return planned.filter(cell__endpoint=endpoint)


def _next_lines(
    run: Run, endpoint: Endpoint, settings: Settings, owner: str, number: int
) -> list[str]:
    """Lease trials to a file, store the questions they are asked, and write these down."""
    now = clock.now()
    waiting = _waiting(run, endpoint).select_for_update(of=("self",)).order_by("pk")
    claimed = [trial.pk for trial in waiting[:number]]
    Trial.objects.filter(pk__in=claimed).update(
        state=Trial.State.RUNNING,
        lease_owner=owner,
        lease_expires_at=now + LASTS,
        attempts=F("attempts") + 1,
        started_at=Coalesce(F("started_at"), now),
    )
    lines = []
    for trial, exchange in _asked(claimed):
        trial_log.store([exchange], owner)
        assert exchange.ask is not None  # noqa: S101  (an open trial has a next question)
        place = Place(run.pk, trial.id, len(trial.said))
        lines.append(line_of(place, body_of(endpoint.model, settings, trial.request(exchange.ask))))
    return lines


def _asked(trial_ids: Iterable[int]) -> Iterator[tuple[trial_log.OpenTrial, trial_log.Exchange]]:
    for trial in trial_log.open_trials(list(trial_ids)):
        ask = trial.conversation.next(trial.said)
        yield trial, trial_log.Exchange(trial, None, ask)


@transaction.atomic
def give_back(run: Run, actor: User | None = None) -> int:
    """Free every trial whose question is in a file; return how many. Answers that come all the same
    are taken as long as nobody asked anew."""
    hold_unarchived(run.project)
    held = run.trials.filter(state=Trial.State.RUNNING, lease_owner__startswith=BATCH)
    rows = list(held.select_for_update().order_by("pk"))
    for row in rows:
        release(row.pk, row.lease_owner, charged=False)
    GrantedCalls.objects.filter(run=run, owner__startswith=BATCH).delete()
    if rows:
        audit.record(run.project, actor, "give batch file back", run, trials=len(rows))
    return len(rows)
