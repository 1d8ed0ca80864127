"""Making a report of a study to keep: freeze, look it up, compute it when it is new, store it.

For reports that are looked at in the browser see ``analysis.making.computations``.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts.audit import Change, record
from accounts.models import User
from analysis.data.canonical import canonical_bytes, sha256_of
from analysis.data.dataset import freeze, keep, thaw
from analysis.data.frozen import in_memory
from analysis.data.parameters import DEFAULTS, Parameters
from analysis.models import Computation, DataSet, Report
from analysis.report.report import FORMAT, compute
from analysis.versions.versions import code_versions
from annotations.models import Study
from evaluations.background.happened import Event, emit


def make_report(study: Study, parameters: Parameters = DEFAULTS) -> Report:
    """The report on *study* as it is now, kept with its data set.

    The same data, choices and versions give the stored report again, without computing. Raises
    ParameterError when *parameters* name something the study has not, DataSetError when a stored
    data set was changed.
    """
    return report_on(freeze(study, parameters), parameters)


def report_on(data_set: DataSet, parameters: Parameters) -> Report:
    """The report on a frozen data set; computed at most once a key."""
    versions = code_versions()
    key = report_key(data_set.sha256, parameters, versions)
    known = Report.objects.filter(data_set=data_set, key=key).first()
    if known:
        return known
    result = known_result(data_set.study, key) or compute(
        in_memory(data_set.sha256, thaw(data_set)), parameters, versions
    )
    return _stored(data_set, key, parameters.to_dict(), versions, dict(result))


@transaction.atomic
def keep_report(computation: Computation, actor: User | None = None) -> Report:
    """Keep a report that was computed to be looked at, with the data set it was computed from."""
    study, key = computation.study, computation.key
    known = Report.objects.filter(data_set__study=study, key=key).first()
    if known:
        return known
    chosen = Parameters.from_dict(computation.parameters)
    packed = Computation.objects.values_list("content", flat=True).get(pk=computation.pk)
    data_set = keep(study, chosen, computation.sha256, bytes(packed))
    found = (chosen.to_dict(), computation.versions, computation.result)
    return _stored(data_set, key, *found, actor)


def kept_report(study: Study, key: str) -> Report | None:
    """The kept report of *study* that goes by *key*, if there is one."""
    return Report.objects.filter(data_set__study=study, key=key).select_related("data_set").first()


def kept_reports(study: Study) -> QuerySet[Report]:
    """The kept reports of *study*, newest first, without their results."""
    return Report.objects.filter(data_set__study=study).defer("result").order_by("-id")


def known_result(study: Study, key: str) -> Any:
    """The result of the report *key*, where it was computed before; else None.

    Another study of the same name, items and judgments would have the same key and result; it is
    looked for in this one alone, so that nothing of another project decides what is shown.
    """
    kept = Report.objects.filter(data_set__study=study, key=key)
    seen = Computation.objects.filter(study=study, key=key, state=Computation.State.DONE)
    for rows in (kept, seen):
        result = rows.values_list("result", flat=True).first()
        if result is not None:
            return result
    return None


@transaction.atomic
def _stored(
    data_set: DataSet,
    key: str,
    parameters: dict[str, Any],
    versions: dict[str, str],
    result: dict[str, Any],
    actor: User | None = None,
) -> Report:
    report, is_new = Report.objects.get_or_create(
        data_set=data_set,
        key=key,
        defaults={"parameters": parameters, "versions": versions, "result": result},
    )
    if is_new:
        facts = {"key": key, "data_set": data_set.sha256}
        study = data_set.study
        record(study.project, actor, "kept", report, Change(None, facts))
        told = {"key": key, "kept": True}
        emit(study.project, Event.REPORT_READY, study=study.told, report=told)
    return report


def report_key(sha256: str, parameters: Parameters, versions: dict[str, str]) -> str:
    """The hash of all that decides a report's numbers: data set, choices, versions."""
    facts = {
        "format": FORMAT,
        "data_set": sha256,
        "parameters": parameters.to_dict(),
        "versions": versions,
    }
    return sha256_of(canonical_bytes(facts))
