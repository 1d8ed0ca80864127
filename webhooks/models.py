"""Addresses that are told what happened in a project, what they are told, and how it went."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models

from accounts.append_only import AppendOnly
from accounts.models import Project
from evaluations.background.happened import Event
from evaluations.models.work import Work


class Receiver(models.Model):
    """An address of a project that messages are sent to. Its secret is made from `nonce`."""

    SECRETS = ("nonce",)

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="receivers")
    url = models.URLField("address", max_length=500)
    kinds = models.JSONField("what is sent", default=list, help_text="Names of events.")
    nonce = models.CharField(max_length=64, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    created_at = models.DateTimeField(auto_now_add=True)
    failing_since = models.DateTimeField(
        null=True, blank=True, help_text="The first failure after which nothing arrived."
    )
    switched_off_at = models.DateTimeField(null=True, blank=True)
    switched_off_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.url

    @property
    def is_on(self) -> bool:
        return self.switched_off_at is None


class Message(AppendOnly):
    """Something that happened, as it is told: written in the transaction in which it happened."""

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=40, choices=Event)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


RESTS = (
    *(timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=20)),
    *(timedelta(hours=1), timedelta(hours=2), timedelta(hours=4), timedelta(hours=8)),
    timedelta(hours=8, minutes=34),
)
"""The rest after each failed attempt but the last: a day in all."""


class Delivery(Work):
    """One message on its way to one receiver."""

    LEASE = timedelta(minutes=2)
    ATTEMPTS = len(RESTS) + 1
    GIVEN_UP = "Its worker died {attempts} times."

    class State(models.TextChoices):
        QUEUED = Work.QUEUED, "waiting"
        RUNNING = Work.RUNNING, "being sent"
        DONE = Work.DONE, "arrived"
        FAILED = Work.FAILED, "failed"

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    receiver = models.ForeignKey(Receiver, on_delete=models.CASCADE, related_name="deliveries")
    status = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="What the receiver last answered with."
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["message", "receiver"], name="webhooks_delivery_once")
        ]
        indexes = [models.Index(fields=["state", "lease_expires_at"])]

    def __str__(self) -> str:
        return f"{self.message} to {self.receiver}"

    @property
    def is_resting(self) -> bool:
        """Whether it waits for a time to be tried again at."""
        return self.state == self.QUEUED and self.lease_expires_at is not None
