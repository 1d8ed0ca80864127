"""How disagreement is settled: disputes, and the decisions of reviewers."""

from django.conf import settings
from django.db import models

from accounts.append_only import AppendOnly
from annotations.models.items import Item


class Dispute(models.Model):
    """An item that a reviewer has to settle; the reasons are codes of disputes.why_disputed."""

    class State(models.TextChoices):
        OPEN = "open", "open"
        DECIDED = "decided", "decided"
        WITHDRAWN = "withdrawn", "withdrawn"

    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="dispute")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    reasons = models.JSONField(default=list)
    opened_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["opened_at", "id"]

    def __str__(self) -> str:
        return f"dispute on {self.item}"


class Decision(AppendOnly):
    """A reviewer's adjudication of a dispute; the newest counts, none overwrites a judgment."""

    dispute = models.ForeignKey(Dispute, on_delete=models.CASCADE, related_name="decisions")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    label = models.CharField(max_length=80)
    reason = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.label}: {self.reason}"
