"""Trials, and what was said in them: turns, answers and how the answers were read."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.append_only import AppendOnly
from evaluations.models.experiments import Cell, Run


class Trial(models.Model):
    """One conversation with one model. The row is the truth of its state; queues only nudge."""

    class State(models.TextChoices):
        PLANNED = "planned", "planned"
        RUNNING = "running", "running"
        COMPLETE = "complete", "complete"
        FAILED = "failed", "failed"
        CANCELLED = "cancelled", "cancelled"

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="trials")
    cell = models.ForeignKey(Cell, on_delete=models.CASCADE, related_name="trials")
    prompt = models.CharField(
        max_length=60,
        blank=True,
        default="",
        db_default="",
        help_text="Which of its prompts a kind asks in this trial; empty where it asks all.",
    )
    number = models.PositiveIntegerField()
    seed = models.BigIntegerField(default=0)
    is_simulated = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    lease_owner = models.CharField(max_length=80, blank=True)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    source_key = models.CharField(
        max_length=64, blank=True, help_text="Hash of the imported conversation."
    )
    model_returned = models.CharField(max_length=200, blank=True)
    system_fingerprint = models.CharField(max_length=120, blank=True)
    parameters = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "prompt", "number"], name="evaluations_trial_of_prompt"
            ),
            models.UniqueConstraint(
                fields=["run", "source_key"],
                condition=~Q(source_key=""),
                name="evaluations_trial_imported_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["run", "lease_expires_at"],
                condition=Q(state__in=["planned", "running"]),
                name="evaluations_trial_claimable",
            ),
        ]

    def __str__(self) -> str:
        return f"trial {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("trial", args=[self.run.project.slug, self.pk])


class Turn(AppendOnly):
    """One message of a trial's conversation, in order."""

    class Role(models.TextChoices):
        SYSTEM = "system", "system"
        USER = "user", "user"
        ASSISTANT = "assistant", "assistant"

    class Step(models.TextChoices):
        """Steps that mean the same in every kind; a kind has further ones of its own."""

        SYSTEM = "system", "system message"
        INDUCTION = "induction", "induction"
        GOAL = "goal", "goal"

    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="turns")
    position = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=10, choices=Role)
    step = models.CharField(max_length=20, help_text="Of the conversations of its kind.")
    item_number = models.PositiveSmallIntegerField(null=True, blank=True)
    text = models.TextField()
    call = models.JSONField(
        default=dict, blank=True, help_text="Usage, finish reason, latency and retries of the call."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["trial", "position"]
        constraints = [
            models.UniqueConstraint(fields=["trial", "position"], name="evaluations_turn_position")
        ]

    def __str__(self) -> str:
        return f"turn {self.position} of trial {self.trial_id}"


class LostCalls(AppendOnly):
    """Calls of a trial that left no turn: refused, broken off, answered with what is no answer, or
    answered after the trial was somebody else's. They were asked, and may have to be paid."""

    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="lost_calls")
    kind = models.CharField(max_length=40, help_text="Why, in a word.")
    calls = models.PositiveIntegerField()
    usage = models.JSONField(default=dict, blank=True, help_text="Tokens the endpoint counted.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["trial", "id"]
        verbose_name_plural = "lost calls"

    def __str__(self) -> str:
        return f"{self.calls} lost calls of trial {self.trial_id}: {self.kind}"


class Answer(AppendOnly):
    """What a model said that is to be read, and what it was shown to choose from."""

    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="answers")
    turn = models.OneToOneField(Turn, on_delete=models.CASCADE, related_name="answer")
    item_number = models.PositiveSmallIntegerField()
    shown: Any = models.JSONField(
        null=True,
        blank=True,
        help_text="As the kind keeps it: option numbers in the order shown, or nothing.",
    )

    class Meta:
        ordering = ["trial", "item_number"]
        constraints = [
            models.UniqueConstraint(fields=["trial", "item_number"], name="evaluations_answer_item")
        ]

    def __str__(self) -> str:
        return f"answer to item {self.item_number} of trial {self.trial_id}"


class Extraction(AppendOnly):
    """Which option an answer chose, how that was read and where it stands in the text."""

    class Outcome(models.TextChoices):
        CHOICE = "choice", "choice"
        AMBIGUOUS = "ambiguous", "ambiguous"
        NONE = "none", "no choice"

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="extractions")
    extractor = models.CharField(max_length=60)
    version = models.CharField(max_length=40)
    outcome = models.CharField(max_length=10, choices=Outcome)
    option = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Option number of the instrument, not the shown position."
    )
    letter = models.CharField(max_length=20, blank=True, help_text="The label as shown.")
    method = models.CharField(max_length=60)
    refused = models.BooleanField(default=False)
    evidence_start = models.PositiveIntegerField(null=True, blank=True)
    evidence_end = models.PositiveIntegerField(null=True, blank=True)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["answer", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["answer", "extractor", "version"], name="evaluations_extraction_version"
            ),
            models.CheckConstraint(
                condition=Q(outcome="choice", option__isnull=False)
                | (~Q(outcome="choice") & Q(option__isnull=True)),
                name="evaluations_extraction_option_iff_choice",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.letter}".strip()
