"""What counts against budgets beside the turns of trials: calls of judges, and calls to come."""

from django.db import models

from accounts.append_only import AppendOnly
from evaluations.models.experiments import Endpoint, Run


class JudgeCalls(AppendOnly):
    """One question about a run to a judging model or a second reader: the calls it took, whether
    an answer came, and the tokens that the endpoint counted."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="judge_calls")
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="judge_calls")
    calls = models.PositiveIntegerField()
    answers = models.PositiveSmallIntegerField()
    usage = models.JSONField(default=dict, blank=True, help_text="Tokens the endpoint counted.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "judge calls"

    def __str__(self) -> str:
        return f"{self.calls} calls of a judge of {self.run}"


class GrantedCalls(models.Model):
    """Calls that one worker may still send for a run, or has under way, where a budget counts them;
    those of a worker that died are free again when they expire."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="granted_calls")
    owner = models.CharField(max_length=80)
    calls = models.PositiveIntegerField()
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "granted calls"
        constraints = [
            models.UniqueConstraint(fields=["run", "owner"], name="evaluations_granted_once")
        ]

    def __str__(self) -> str:
        return f"{self.calls} calls of {self.owner}"
