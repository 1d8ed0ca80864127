"""Rows that are written once: what a model said, what a rater said, what a reviewer decided."""

from typing import Any

from django.db import models


class AppendOnlyError(Exception):
    """Somebody tried to change a row that is kept as it was written."""


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **kwargs: Any) -> int:
        raise AppendOnlyError(
            f"{self.model._meta.verbose_name} rows are never changed: write a new row beside them."
        )


class AppendOnly(models.Model):
    """Base of models whose rows can be added and read, and go only together with their owner."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError(
                f"{self._meta.verbose_name} {self.pk} is never changed: write a new row beside it."
            )
        # Without force_insert a row given an existing key would be an update in disguise.
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)
