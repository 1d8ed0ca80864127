"""Making a report of a study: freeze, look it up, compute it when it is new, keep it."""

from __future__ import annotations

from analysis.canonical import canonical_bytes, sha256_of
from analysis.dataset import freeze, thaw
from analysis.frozen import in_memory
from analysis.models import DataSet, Report
from analysis.parameters import DEFAULTS, Parameters
from analysis.report import FORMAT, compute
from analysis.versions import code_versions
from annotations.models import Study


def make_report(study: Study, parameters: Parameters = DEFAULTS) -> Report:
    """The report on *study* as it is now.

    The same data, choices and versions give the stored report again, without computing. Raises
    ParameterError when *parameters* name something the study has not, DataSetError when a stored
    data set was changed.
    """
    return report_on(freeze(study, parameters), parameters)


def report_on(data_set: DataSet, parameters: Parameters) -> Report:
    """The report on a frozen data set; computed at most once a key."""
    versions = code_versions()
    key = report_key(data_set, parameters, versions)
    known = Report.objects.filter(data_set=data_set, key=key).first()
    if known:
        return known
    result = compute(in_memory(data_set.sha256, thaw(data_set)), parameters, versions)
    report, _ = Report.objects.get_or_create(
        data_set=data_set,
        key=key,
        defaults={"parameters": parameters.to_dict(), "versions": versions, "result": result},
    )
    return report


def report_key(data_set: DataSet, parameters: Parameters, versions: dict[str, str]) -> str:
    """The hash of all that decides a report's numbers."""
    facts = {
        "format": FORMAT,
        "data_set": data_set.sha256,
        "parameters": parameters.to_dict(),
        "versions": versions,
    }
    return sha256_of(canonical_bytes(facts))
