"""The columns of work that one worker does at a time: who has it, till when, and how it went."""

from datetime import timedelta

from django.db import models

from accounts import clock


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

    @property
    def is_in_hands(self) -> bool:
        """Whether a worker is at it, as far as its lease says."""
        until = self.lease_expires_at
        return self.state == self.RUNNING and until is not None and until > clock.now()


class Telling(Work):
    """Work that somebody waits for at a page: it tells how far it is."""

    class State(models.TextChoices):
        QUEUED = "queued", "queued"
        RUNNING = "running", "running"
        DONE = "done", "done"
        FAILED = "failed", "failed"

    LEASE = timedelta(minutes=5)
    GIVEN_UP = "Its worker died {attempts} times; perhaps there is too little memory."

    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    share = models.FloatField(default=0, help_text="Share done, 0 to 1.")
    doing = models.CharField(max_length=80, blank=True)

    class Meta:
        abstract = True
