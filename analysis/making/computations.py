"""Reports computed to be looked at: asked for, made at once or by a worker, held for a while."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.models import QuerySet

from accounts.acting import acting
from accounts.models import Door
from analysis.data.canonical import canonical_bytes, sha256_of
from analysis.data.dataset import DataSetError, extract, packed
from analysis.data.fingerprint import fingerprint
from analysis.data.frozen import in_memory
from analysis.data.parameters import ParameterError, Parameters
from analysis.making.reporting import known_result, report_key
from analysis.models import Computation
from analysis.report.report import compute
from analysis.versions.versions import code_versions
from annotations.models import Study
from evaluations.background import telling
from evaluations.background.happened import Event, emit
from evaluations.background.leases import leased
from evaluations.background.telling import Tell, again

State = Computation.State
AT_ONCE = 20_000
"""Judgments up to which a report is computed while the reader waits: about a second."""

HELD = 6
"""Computations held for each study."""

FIRST = "Reading the data"
REASONS = (ParameterError, DataSetError)
"""What goes wrong in words of its own, with a report as with a comparison."""

READING = 0.15
"""Share of the work that reading the study takes."""


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


def work(pk: int) -> bool:
    """Compute the report if nobody else does; whether it was ours to compute.

    What goes wrong is kept in the row and raised.
    """
    return telling.run(_light(), pk, _compute, first=FIRST, reasons=REASONS, after=_over)


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


def _compute(computation: Computation, tell: Tell) -> dict[str, Any]:
    """The columns of a computed report."""
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
        result = compute(
            data,
            parameters,
            computation.versions,
            lambda share, doing: tell(READING + (1 - READING) * share, doing),
        )
    return {"sha256": sha256, "key": key, "content": stored, "result": result}


def _over(computation: Computation) -> None:
    """Say that a report is there that a worker was asked for, and let go of old ones."""
    done = Computation.objects.filter(pk=computation.pk, state=State.DONE)
    key = done.values_list("key", flat=True).first()
    if key and acting().door == Door.WORKER:
        study = computation.study
        told = {"key": key, "kept": False}
        emit(study.project, Event.REPORT_READY, study=study.told, report=told)
    _prune(computation)


def _prune(computation: Computation) -> None:
    """Only the newest are held, and the one that is done just now, for whoever waits for it; what
    somebody wants to rely on is kept as a report."""
    rows = Computation.objects.filter(study=computation.study)
    newest = rows.order_by("-id").values_list("pk", flat=True)[:HELD]
    old = rows.exclude(pk__in=[computation.pk, *newest])
    old.exclude(leased(), state=State.RUNNING).delete()
