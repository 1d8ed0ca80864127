"""Metrics, what they made of trials, and the scorings that models were asked for."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.append_only import AppendOnly, AppendOnlyQuerySet
from accounts.models import Project
from evaluations.models.experiments import Endpoint, Rubric, Run
from evaluations.models.trials import Trial
from evaluations.models.work import Work


class MetricQuerySet(AppendOnlyQuerySet):
    def in_reach_of(self, project: Project | int) -> "MetricQuerySet":
        """The program's own metrics, and those that were made in *project* (or of its id)."""
        return self.filter(Q(project=None) | Q(project=project))


class Metric(AppendOnly):
    """An automated classification of trials in one version: another version is another metric of
    the same name, and their scores stand beside each other.

    One that rests on this program alone belongs to no project. A model that scores belongs to the
    project it was asked in; its version holds a digest of how it was asked.
    """

    class Kind(models.TextChoices):
        RULES = "rules", "rules of this program"
        READER = "reader", "the rules, and a model that reads what they leave open"
        PUBLISHED = "published", "as published: a model that names a letter for every answer"
        RUBRIC = "rubric", "a model that classifies by a rubric"
        ELSEWHERE = "elsewhere", "computed elsewhere and sent by a program"
        TRAINED = "trained", "trained on what people judged"

    project = models.ForeignKey(
        Project, null=True, blank=True, on_delete=models.CASCADE, related_name="metrics"
    )
    name = models.CharField(max_length=60)
    version = models.CharField(max_length=40)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.RULES)
    endpoint = models.ForeignKey(
        Endpoint,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="metrics",
        help_text="Where its model was asked, while that is kept.",
    )
    settings = models.CharField(
        max_length=64, blank=True, help_text="Digest of what its model was asked with."
    )
    reader = models.CharField(
        max_length=101,
        blank=True,
        help_text="Reader and version of the readings it rests on; empty where it reads itself.",
    )
    made_at = models.DateTimeField(auto_now_add=True)

    objects = MetricQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "version"],
                condition=Q(project=None),
                name="evaluations_metric_shared_version",
            ),
            models.UniqueConstraint(
                fields=["project", "name", "version"], name="evaluations_metric_own_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class Evaluator(AppendOnly):
    """What a trained metric consists of, in a form that runs no code, and what it was trained on.

    `baseline`: the metric that draws signs as often as its labels had them. `figures`: how it did
    in cross-validation, beside baselines.
    """

    metric = models.OneToOneField(Metric, on_delete=models.CASCADE, related_name="evaluator")
    baseline = models.OneToOneField(Metric, on_delete=models.CASCADE, related_name="baseline_of")
    run = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="evaluators")
    labels = models.CharField(max_length=80, help_text="Whose labels: a rater, or the consensus.")
    learned_from: Any = models.JSONField(help_text="The ids of the trials.")
    figures: Any = models.JSONField()
    content = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.metric)


class Score(AppendOnly):
    """What a metric made of a trial, in at least one of three shapes: a label, a number, a vector.

    Unscorable is an outcome with a reason, never a zero. What a label, a number or a dimension
    means, and what stands in `detail`, says the kind of the instrument. `distance` is that to the
    trial's target in the unit of the number, `fit` the same as a share (1 is the target itself),
    `fit_corrected` with what random answering would reach taken out.
    """

    class Outcome(models.TextChoices):
        SCORED = "scored", "scored"
        UNSCORABLE = "unscorable", "unscorable"

    # What is unique, and the index of labels, begin with these two: neither needs one of its own.
    trial = models.ForeignKey(
        Trial, on_delete=models.CASCADE, related_name="scores", db_index=False
    )
    metric = models.ForeignKey(
        Metric, on_delete=models.PROTECT, related_name="scores", db_index=False
    )
    outcome = models.CharField(max_length=12, choices=Outcome)
    reason = models.TextField(blank=True)
    label = models.CharField(max_length=200, blank=True)
    number = models.FloatField(null=True, blank=True, help_text="Unrounded.")
    vector = models.JSONField(null=True, blank=True, help_text="A number for each dimension.")
    distance = models.FloatField(null=True, blank=True)
    fit = models.FloatField(null=True, blank=True)
    fit_corrected = models.FloatField(null=True, blank=True)
    hit = models.BooleanField(null=True, blank=True)
    confidence = models.FloatField(
        null=True,
        blank=True,
        help_text="Share of a judge's repeated answers that are the outcome, from 0 to 1.",
    )
    flags = models.JSONField(default=list, blank=True)
    detail = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["trial", "id"]
        constraints = [
            models.UniqueConstraint(fields=["trial", "metric"], name="evaluations_score_once"),
            models.CheckConstraint(
                condition=Q(outcome="scored")
                & (~Q(label="") | Q(number__isnull=False) | Q(vector__isnull=False))
                | Q(outcome="unscorable", label="", number__isnull=True, vector__isnull=True)
                & ~Q(reason=""),
                name="evaluations_score_has_a_shape_or_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["metric", "label"], name="evaluations_score_label")]

    def __str__(self) -> str:
        if self.outcome == self.Outcome.UNSCORABLE:
            return self.reason
        return self.label or str(self.vector if self.number is None else self.number)


class Verdict(AppendOnly):
    """What a judging model that is asked about each trial several times said one of these times;
    the score of the trial is what it said most often."""

    # What is unique begins with the trial, which needs no index of its own.
    trial = models.ForeignKey(
        Trial, on_delete=models.CASCADE, related_name="verdicts", db_index=False
    )
    metric = models.ForeignKey(Metric, on_delete=models.PROTECT, related_name="verdicts")
    number = models.PositiveSmallIntegerField(help_text="The how manieth time, from 1.")
    category = models.CharField(
        max_length=200, blank=True, help_text="Of the rubric; empty where it named none."
    )
    reason = models.TextField(blank=True, help_text="Why it stands for no label.")
    detail = models.JSONField(
        default=dict, blank=True, help_text="Who was asked how, and said what."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["trial", "metric", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["trial", "metric", "number"], name="evaluations_verdict_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.metric}, answer {self.number}: {self.category or self.reason}"


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
    repeats = models.PositiveSmallIntegerField(
        default=1, db_default=1, help_text="How often a rubric is asked about each trial."
    )
    metric = models.ForeignKey(Metric, on_delete=models.PROTECT, related_name="scorings")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["run", "metric"], name="evaluations_scoring_once")
        ]

    def __str__(self) -> str:
        return str(self.metric)
