"""Reports computed to be looked at, and those kept for good with their frozen data sets.

A computation, or a comparison of two, is work under way or a result that the next one replaces. A
data set and a report are written once, when somebody keeps, exports or cites them (docs/adr/0013).
"""

from datetime import datetime

from django.db import models

from accounts.append_only import AppendOnly
from annotations.models import Study
from evaluations.models.work import Telling


class DataSet(AppendOnly):
    """A frozen, hashed extract of a study: the same rows and choices always give the same hash."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="data_sets")
    sha256 = models.CharField(max_length=64)
    parameters = models.JSONField(help_text="Scorer, version, exclusions, consensus rule.")
    content = models.BinaryField(help_text="Canonical JSON, gzip-compressed.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["study", "sha256"], name="analysis_data_set_once")
        ]

    def __str__(self) -> str:
        return f"{self.study} {self.sha256[:12]}"


class Report(AppendOnly):
    """What was computed from a data set, with all that is needed to compute it again."""

    data_set = models.ForeignKey(DataSet, on_delete=models.CASCADE, related_name="reports")
    key = models.CharField(max_length=64, help_text="Hash of data set, parameters, seed, versions.")
    parameters = models.JSONField()
    versions = models.JSONField()
    result = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["data_set", "key"], name="analysis_report_once")
        ]

    def __str__(self) -> str:
        return f"report {self.key[:12]} on {self.data_set}"

    @property
    def made_at(self) -> datetime:
        return self.created_at


class Computing(Telling):
    """Work on a report that somebody waits for at a page; its row has the result."""

    result = models.JSONField(default=dict)

    class Meta:
        abstract = True


class Computation(Computing):
    """A report of a study as it was when it was asked for. Only the newest of a study are held."""

    kind = "report"

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="computations")
    fingerprint = models.CharField(max_length=64, help_text="Of the study when it was asked for.")
    choices = models.CharField(max_length=64, help_text="Hash of parameters and versions.")
    parameters = models.JSONField()
    versions = models.JSONField()
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the data set.")
    key = models.CharField(max_length=64, blank=True, help_text="Of the report.")
    content = models.BinaryField(default=b"", help_text="The data set, packed.")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "fingerprint", "choices"], name="analysis_computation_once"
            )
        ]
        indexes = [models.Index(fields=["key"], name="analysis_computation_key")]

    def __str__(self) -> str:
        return f"{self.state} report on {self.study}"

    @property
    def data_set(self) -> DataSet:
        """The data set it was computed from, not kept."""
        return DataSet(study_id=self.study_id, sha256=self.sha256, content=self.content)

    @property
    def made_at(self) -> datetime | None:
        return self.finished_at


class Comparison(Computing):
    """Two computed reports side by side; it goes with either of them."""

    kind = "comparison"

    first = models.ForeignKey(Computation, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Computation, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(
        max_length=64, db_default="", help_text="Hash of the code that compares."
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second", "code"], name="analysis_comparison_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.state} comparison of {self.first_id} and {self.second_id}"


Computed = Report | Computation
"""A report that can be shown: ``key``, ``result`` and ``made_at``."""
