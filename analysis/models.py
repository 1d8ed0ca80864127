"""Frozen data sets and the reports computed from them; both are written once."""

from django.db import models

from accounts.append_only import AppendOnly
from annotations.models import Study


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
