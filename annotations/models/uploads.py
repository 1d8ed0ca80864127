"""Files that wait for somebody to say that they are to be imported."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse

from accounts.models import Project


class Upload(models.Model):
    """A file as it came, and what was understood of it. Nothing of it is stored elsewhere before
    its owner says *Import*; it goes then, when it is discarded, or after `KEPT`."""

    KEPT = timedelta(days=1)

    class What(models.TextChoices):
        TRIALS = "trials", "trials"
        JUDGMENTS = "judgments", "judgments"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="uploads")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    what = models.CharField(max_length=10, choices=What)
    name = models.CharField(max_length=120, help_text="Of the file.")
    content = models.BinaryField()
    options: models.JSONField[Any] = models.JSONField(default=dict)
    found: models.JSONField[Any] = models.JSONField(
        default=dict, help_text="What was understood of the file, as its page shows it."
    )
    rejects = models.BinaryField(default=b"", help_text="The rejected lines, as they came.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("upload", args=[self.project.slug, self.pk])
