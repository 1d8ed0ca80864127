"""The columns of work that one worker does at a time: who has it, till when, and how it went."""

from datetime import timedelta

from django.db import models


class Work(models.Model):
    """Work that a worker may do: the row is the truth of it (see `evaluations.background.leases`).

    A kind of work adds what is asked, the words of its states, and how it may end besides `DONE`
    and `FAILED`. A queued row with a lease rests: nobody takes it up before that time.
    """

    QUEUED, RUNNING, FAILED = "queued", "running", "failed"
    DONE = "done"
    LEASE = timedelta(minutes=1)
    """How long a worker may be silent."""
    ATTEMPTS = 3
    """Workers that may die over one piece of work before it is given up."""
    GIVEN_UP = "Its worker died {attempts} times."

    state = models.CharField(max_length=10, default=QUEUED)
    error = models.TextField(blank=True, help_text="Why it is not complete, in words.")
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_owner = models.CharField(max_length=80, blank=True)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    nudged_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_under_way(self) -> bool:
        return self.state in (self.QUEUED, self.RUNNING)

    @property
    def is_done(self) -> bool:
        return self.state == self.DONE

    @property
    def has_failed(self) -> bool:
        return self.state == self.FAILED
