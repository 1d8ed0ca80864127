"""What the API keeps: tokens by their hash, and answers that were given under a key."""

from django.conf import settings
from django.db import models

from accounts import clock
from accounts.models import Project


class Token(models.Model):
    """The right of one person to let a program act for them in one project.

    The token itself is shown once and never stored. What it may do is what its owner may do in the
    project at that moment, as far as its scopes go.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="tokens")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens"
    )
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token.")
    start = models.CharField(max_length=12, help_text="Its first characters, to know it again.")
    scopes = models.JSONField(default=list)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    busy_until = models.FloatField(
        default=0, help_text="Up to when its requests fill its rate, in seconds since 1970."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "user", "name"],
                condition=models.Q(revoked_at=None),
                name="api_token_name_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.start}…)"

    @property
    def is_over(self) -> bool:
        """Whether its end has passed."""
        return self.expires_at is not None and self.expires_at <= clock.now()


class KeptAnswer(models.Model):
    """What a write that came with an Idempotency-Key was answered; written with what it did."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    request = models.CharField(max_length=64, help_text="SHA-256 of method, address and body.")
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "user", "key"], name="api_kept_answer_once")
        ]

    def __str__(self) -> str:
        return f"answer {self.status} to {self.key}"
