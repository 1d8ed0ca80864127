"""Trials, and what was said in them: turns, answers and how the answers were read."""

from typing import Any

from django.db import models
from django.db.models import F, Q
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
    reasoning = models.TextField(
        blank=True,
        default="",
        db_default="",
        help_text="What the model thought before it answered: no part of what it said.",
    )
    call = models.JSONField(
        default=dict, blank=True, help_text="Usage, finish reason, latency and retries of the call."
    )
    request_key = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_default="",
        help_text="Hash of the whole request that this answers, where it can be given again.",
    )
    from_store = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Given before to the same request, and not asked for again.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["trial", "position"]
        constraints = [
            models.UniqueConstraint(fields=["trial", "position"], name="evaluations_turn_position")
        ]
        indexes = [
            models.Index(
                fields=["request_key"],
                condition=Q(request_key__gt=""),
                name="evaluations_turn_request",
            ),
            models.Index(
                fields=["trial"], condition=Q(from_store=True), name="evaluations_turn_from_store"
            ),
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


class Reading(AppendOnly):
    """What one reader, in one version, made of an answer: what it chose, and how that was read.

    `value` is what was read in the terms of the instrument's kind (of the slider measure the
    option's number in the instrument), `label` what the model was shown for it.
    """

    class Outcome(models.TextChoices):
        CHOICE = "choice", "choice"
        AMBIGUOUS = "ambiguous", "ambiguous"
        NONE = "none", "no choice"

    # What is unique begins with the answer, which needs no index of its own.
    answer = models.ForeignKey(
        Answer, on_delete=models.CASCADE, related_name="readings", db_index=False
    )
    reader = models.CharField(max_length=60)
    version = models.CharField(max_length=40)
    outcome = models.CharField(max_length=10, choices=Outcome)
    value = models.JSONField(
        null=True, blank=True, help_text="What was chosen, as the instrument knows it."
    )
    label = models.CharField(max_length=200, blank=True, help_text="The same, as it was shown.")
    method = models.CharField(max_length=60)
    refused = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["answer", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["answer", "reader", "version"], name="evaluations_reading_once"
            ),
            models.CheckConstraint(
                condition=Q(outcome="choice", value__isnull=False)
                | (~Q(outcome="choice") & Q(value__isnull=True)),
                name="evaluations_reading_value_iff_choice",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.label}".strip()


class Evidence(AppendOnly):
    """Where in the words of an answer a reading found what it read, as places between characters.

    `dimension` says of which value, where an instrument has several; empty where it asks for one
    thing.
    """

    # What is unique begins with the reading, which needs no index of its own.
    reading = models.ForeignKey(
        Reading, on_delete=models.CASCADE, related_name="evidence", db_index=False
    )
    dimension = models.CharField(max_length=60, blank=True)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()

    class Meta:
        ordering = ["reading", "start"]
        verbose_name_plural = "evidence"
        constraints = [
            models.UniqueConstraint(
                fields=["reading", "dimension", "start", "end"], name="evaluations_evidence_once"
            ),
            models.CheckConstraint(
                condition=Q(end__gte=F("start")), name="evaluations_evidence_runs_forwards"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.start} to {self.end}"
