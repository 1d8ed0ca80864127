"""What a rater's own slider measure leaves."""

from django.db import models

from accounts.append_only import AppendOnly


class OwnMeasure(AppendOnly):
    """A rater's own answers to the slider measure, given with consent. ``choices``: option 1-9."""

    rater = models.OneToOneField(
        "annotations.Rater", on_delete=models.CASCADE, related_name="own_measure"
    )
    choices = models.JSONField()
    angle = models.FloatField(null=True, help_text="Degrees; empty where it is undefined.")
    orientation = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.angle} degrees, {self.rater}"
