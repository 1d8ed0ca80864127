"""Files that come in by the browser: looked at, and imported when their owner says so."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse

from accounts.models import Project
from evaluations.models.work import Telling


class Upload(Telling):
    """A file as it came, and what was understood of it. Nothing of it is stored elsewhere before
    its owner says *Import*. It goes when it is discarded, or after `KEPT`.

    Looking at it and importing it is work: `step` says which of the two was asked for last, the
    columns of work how far that is. `made` is the address of what it became, '' before that.
    """

    KEPT = timedelta(days=1)
    LEASE = timedelta(minutes=1)

    class Step(models.TextChoices):
        LOOK = "look", "looking at the file"
        IMPORT = "import", "importing"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="uploads")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    what = models.CharField(max_length=20, help_text="The key of a door for files.")
    name = models.CharField(max_length=120, help_text="Of the file.")
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes of all its files.")
    lines = models.PositiveBigIntegerField(default=0, help_text="Line ends in the file.")
    options: models.JSONField[Any] = models.JSONField(default=dict)
    step = models.CharField(max_length=10, choices=Step, default=Step.LOOK)
    found: models.JSONField[Any] = models.JSONField(
        default=dict, help_text="What was understood of the file, as its page shows it."
    )
    made = models.CharField(max_length=300, blank=True, help_text="Address of what it became.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("upload", args=[self.project.slug, self.pk])

    @property
    def is_looked_at(self) -> bool:
        """Whether it waits for its owner to say what becomes of it."""
        return self.is_done and self.step == self.Step.LOOK


class UploadPiece(models.Model):
    """A piece of a file that came, or of one that was made of it; in order they are the file."""

    class Part(models.TextChoices):
        FILE = "file", "the file"
        BESIDE = "beside", "a file that came with it"
        REJECTS = "rejects", "what of it cannot be taken, as it came"
        REASONS = "reasons", "why, by row"

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="pieces")
    part = models.CharField(max_length=10, choices=Part)
    name = models.CharField(max_length=120, blank=True, help_text="Of the file it is a piece of.")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["upload", "part", "number"]
        constraints = [
            models.UniqueConstraint(fields=["upload", "part", "number"], name="upload_piece_once")
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.number} of {self.upload_id}"
