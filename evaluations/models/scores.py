"""What scorers made of trials, and the scorings that models were asked for."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.append_only import AppendOnly
from evaluations.models.experiments import Endpoint, Rubric, Run, ValueOrientation
from evaluations.models.trials import Trial
from evaluations.models.work import Work


class Score(AppendOnly):
    """What a scorer made of a trial; unscorable is an outcome with a reason, never a zero."""

    class Outcome(models.TextChoices):
        SCORED = "scored", "scored"
        UNSCORABLE = "unscorable", "unscorable"

    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="scores")
    scorer = models.CharField(max_length=60)
    version = models.CharField(max_length=40)
    outcome = models.CharField(max_length=12, choices=Outcome)
    reason = models.TextField(blank=True)
    orientation = models.CharField(max_length=20, choices=ValueOrientation, blank=True)
    angle = models.FloatField(null=True, blank=True, help_text="Degrees, unrounded.")
    mean_self = models.FloatField(null=True, blank=True)
    mean_other = models.FloatField(null=True, blank=True)
    items_used = models.PositiveSmallIntegerField(default=0)
    distance = models.FloatField(null=True, blank=True, help_text="Degrees to the target.")
    value_rationality = models.FloatField(null=True, blank=True)
    value_rationality_corrected = models.FloatField(null=True, blank=True)
    hit = models.BooleanField(null=True, blank=True)
    flags = models.JSONField(default=list, blank=True)
    detail = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["trial", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["trial", "scorer", "version"], name="evaluations_score_version"
            ),
            models.CheckConstraint(
                condition=Q(outcome="scored") & ~Q(orientation="")
                | Q(outcome="unscorable", orientation="", angle__isnull=True) & ~Q(reason=""),
                name="evaluations_score_or_reason",
            ),
        ]
        indexes = [models.Index(fields=["scorer", "version", "orientation"])]

    def __str__(self) -> str:
        return f"{self.scorer} {self.version}: {self.orientation or self.reason}"


class Scoring(Work):
    """A run to be scored by a model, as somebody asked for it on its page: the work, not what comes
    of it. Which trials are done is in the scores."""

    class State(models.TextChoices):
        QUEUED = "queued", "waiting for a worker"
        RUNNING = "running", "running"
        COMPLETE = "complete", "complete"
        STOPPED = "stopped", "stopped"
        FAILED = "failed", "not complete"

    DONE = State.COMPLETE
    GIVEN_UP = "Its worker died {attempts} times before any answer came."

    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="scorings")
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="scorings")
    rubric = models.ForeignKey(
        Rubric,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text="Empty: the model reads the answers that the rules left open.",
    )
    scorer = models.CharField(max_length=60)
    version = models.CharField(max_length=40)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "scorer", "version"], name="evaluations_scoring_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.scorer} {self.version}"
