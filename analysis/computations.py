"""Reports computed to be looked at: asked for, computed at once or by a worker, held for a while.

The row is the truth of the work: waiting, running with a lease, done, or failed with the reason. A
task only nudges. A worker that dies renews nothing; whoever looks next, or still waits, nudges
again when the lease has run out.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import NamedTuple
from uuid import uuid4

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from analysis.canonical import canonical_bytes, sha256_of
from analysis.dataset import DataSetError, extract, packed
from analysis.fingerprint import fingerprint
from analysis.frozen import in_memory
from analysis.models import Computation
from analysis.parameters import ParameterError, Parameters
from analysis.report import compute
from analysis.reporting import known_result, report_key
from analysis.versions import code_versions
from annotations.models import Study

State = Computation.State
AT_ONCE = 20_000
"""Judgments up to which a report is computed while the reader waits: about a second."""

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 3
"""Workers that may die over one report before it is given up."""

HELD = 6
"""Computations held for each study."""

READING = 0.15
"""Share of the work that reading the study takes."""


class LeaseLostError(Exception):
    """Another worker has the report by now."""


class Seen(NamedTuple):
    """What there is to see of a report: ``made`` (None: nothing yet), and ``waiting``, the work on
    a newer one. With neither newer than the study, ``made`` is of the study ``as_it_was``."""

    made: Computation | None
    waiting: Computation | None = None
    as_it_was: bool = False


def look(study: Study, parameters: Parameters) -> Seen:
    """The report on *study* with these choices.

    A short one is computed at once. A long one is asked for when there is none at all; else the
    last one is shown, and ``refresh`` asks for a newer: judgments may come in faster than workers
    compute. Raises ParameterError when *parameters* name something the study has not (a long
    report fails with the reason instead).
    """
    state = fingerprint(study)
    same = _light().filter(study=study, choices=_choices(parameters))
    exact = same.filter(fingerprint=state.sha256).first()
    if exact and exact.is_done:
        return Seen(exact)
    if state.judgments <= AT_ONCE:
        exact = exact or _asked(study, parameters, state.sha256)
        again(exact)
        work(exact.pk)
        exact = _light().get(pk=exact.pk)
        return Seen(exact) if exact.is_done else Seen(None, exact)
    last = same.filter(state=State.DONE).first()
    waiting = exact or same.filter(state__in=[State.QUEUED, State.RUNNING]).first()
    if waiting is None and last is None:
        waiting = _asked(study, parameters, state.sha256)
    return Seen(last, waiting, as_it_was=last is not None)


def refresh(study: Study, parameters: Parameters) -> Computation:
    """Ask for the report on the study as it is now, anew where it failed."""
    asked = _asked(study, parameters, fingerprint(study).sha256)
    again(asked)
    return asked


def current(study: Study, pk: int) -> Computation | None:
    """A computation of *study* as it is now; None when newer ones have taken its place."""
    return _light().filter(study=study, pk=pk).first()


def with_key(study: Study, key: str) -> Computation | None:
    """The finished computation of *study* that is still held under *key*."""
    return _light().filter(study=study, key=key, state=State.DONE).first()


def again(computation: Computation) -> None:
    """Take up a report anew where it has failed."""
    failed = Computation.objects.filter(pk=computation.pk, state=State.FAILED)
    failed.update(state=State.QUEUED, attempts=0, error="", nudged_at=None, finished_at=None)


def work(pk: int) -> bool:
    """Compute the report if nobody else does; whether it was ours to compute.

    What goes wrong is kept in the row and raised.
    """
    owner = uuid4().hex
    if not _claim(pk, owner):
        return False
    computation = _light().get(pk=pk)
    try:
        _compute(computation, owner)
    except LeaseLostError:
        return False
    except (ParameterError, DataSetError) as error:
        _fail(computation, owner, str(error))
        raise
    except Exception as error:
        _fail(
            computation, owner, f"This is a fault of the program ({type(error).__name__}: {error})."
        )
        raise
    return True


def _light() -> QuerySet[Computation]:
    """Rows without what may be megabytes; a result is read when it is asked for."""
    return Computation.objects.select_related("study__project").defer("content", "result")


def _choices(parameters: Parameters) -> str:
    return sha256_of(canonical_bytes([parameters.to_dict(), code_versions()]))


def _asked(study: Study, parameters: Parameters, state: str) -> Computation:
    made, _ = _light().get_or_create(
        study=study,
        fingerprint=state,
        choices=_choices(parameters),
        defaults={"parameters": parameters.to_dict(), "versions": code_versions()},
    )
    return made


def free() -> Q:
    """Nobody works on it: it waits, or its worker went silent."""
    silent = Q(state=State.RUNNING, lease_expires_at__lt=timezone.now())
    return Q(state=State.QUEUED) | silent


def _claim(pk: int, owner: str) -> bool:
    now = timezone.now()
    waiting = Computation.objects.filter(free(), pk=pk)
    waiting.filter(attempts__gte=MAX_ATTEMPTS).update(
        state=State.FAILED,
        error=f"Its worker died {MAX_ATTEMPTS} times; perhaps there is too little memory.",
        finished_at=now,
    )
    return bool(
        waiting.update(
            state=State.RUNNING,
            attempts=F("attempts") + 1,
            lease_owner=owner,
            lease_expires_at=now + LEASE,
            share=0,
            doing="Reading the study",
        )
    )


def _ours(pk: int, owner: str) -> QuerySet[Computation]:
    return Computation.objects.filter(pk=pk, lease_owner=owner, state=State.RUNNING)


def _tell(pk: int, owner: str, share: float, doing: str) -> None:
    """Say how far it is, which renews the lease; LeaseLostError when somebody else has it."""
    held = _ours(pk, owner).update(
        share=READING + (1 - READING) * share,
        doing=doing,
        lease_expires_at=timezone.now() + LEASE,
    )
    if not held:
        raise LeaseLostError


def _compute(computation: Computation, owner: str) -> None:
    if computation.versions != code_versions():
        raise DataSetError("It was asked for by another version of the program: look again.")
    study, parameters = computation.study, Parameters.from_dict(computation.parameters)
    content = extract(study, parameters)
    written = canonical_bytes(content)
    sha256 = sha256_of(written)
    key = report_key(sha256, parameters, computation.versions)
    stored = packed(written)
    result = known_result(study, key)
    if result is None:
        data = in_memory(sha256, content)
        # A million judgments are half a gigabyte as text and lists: let go of each when it is done.
        del written, content
        tell = partial(_tell, computation.pk, owner)
        result = compute(data, parameters, computation.versions, tell)
        del data
    _ours(computation.pk, owner).update(
        state=State.DONE,
        share=1,
        doing="",
        sha256=sha256,
        key=key,
        content=stored,
        result=result,
        finished_at=timezone.now(),
    )
    _prune(study, besides=computation.pk)


def _fail(computation: Computation, owner: str, reason: str) -> None:
    held = _ours(computation.pk, owner)
    held.update(state=State.FAILED, error=reason, finished_at=timezone.now())
    _prune(computation.study, besides=computation.pk)


def _prune(study: Study, besides: int) -> None:
    """Only the newest are held, and the one that is done just now, for whoever waits for it; what
    somebody wants to rely on is kept as a report."""
    newest = Computation.objects.filter(study=study).order_by("-id").values_list("pk", flat=True)
    old = Computation.objects.filter(study=study).exclude(pk__in=[besides, *newest[:HELD]])
    old.exclude(state=State.RUNNING, lease_expires_at__gte=timezone.now()).delete()
