"""What people judge, who judges it, what they said, and how disagreement is settled.

A judgment is never changed: a correction is a new revision, and a decision stands beside the
judgments. The invariants of assignment (no item over its places, nobody twice on an item) are
database constraints.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.append_only import AppendOnly, AppendOnlyQuerySet
from accounts.models import Project
from evaluations.models import Trial


class Study(models.Model):
    """A question put to raters about a set of items."""

    class State(models.TextChoices):
        DRAFT = "draft", "draft"
        PILOT = "pilot", "pilot"
        OPEN = "open", "open"
        PAUSED = "paused", "paused"
        CLOSED = "closed", "closed"

    class Source(models.TextChoices):
        TRIALS = "trials", "trials of this project"
        IMPORT = "import", "imported judgments"

    class Scale(models.TextChoices):
        NOMINAL = "nominal", "nominal"
        ORDINAL = "ordinal", "ordinal"
        INTERVAL = "interval", "interval"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="studies")
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=130)
    source = models.CharField(max_length=10, choices=Source, default=Source.TRIALS)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    question = models.CharField(max_length=300)
    instructions = models.TextField(blank=True)
    scale = models.CharField(max_length=10, choices=Scale, default=Scale.NOMINAL)
    categories = models.JSONField(
        default=list, blank=True, help_text="Values in their order; empty for an interval scale."
    )
    overlap = models.PositiveSmallIntegerField(
        default=3, help_text="Judgments wanted per item; no item has more places than this."
    )
    scorer = models.CharField(
        max_length=60, blank=True, help_text="The automated metric that is validated."
    )
    seed = models.BigIntegerField(default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "studies"
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="annotations_study_name"),
            models.UniqueConstraint(fields=["project", "slug"], name="annotations_study_slug"),
            models.CheckConstraint(
                condition=Q(overlap__gte=1), name="annotations_study_overlap_at_least_1"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("study", args=[self.project.slug, self.slug])


class Item(models.Model):
    """One thing to judge: a trial, or an imported text. ``taken``: places reserved or judged."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    trial = models.ForeignKey(Trial, null=True, blank=True, on_delete=models.PROTECT)
    external_id = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    stratum = models.CharField(max_length=200, blank=True)
    weight = models.FloatField(default=1.0, help_text="1 / probability of being drawn.")
    places = models.PositiveSmallIntegerField()
    taken = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["study", "position"]
        constraints = [
            models.UniqueConstraint(fields=["study", "position"], name="annotations_item_position"),
            models.UniqueConstraint(
                fields=["study", "trial"],
                condition=Q(trial__isnull=False),
                name="annotations_item_trial_once",
            ),
            models.UniqueConstraint(
                fields=["study", "external_id"],
                condition=~Q(external_id=""),
                name="annotations_item_external_id_once",
            ),
            models.CheckConstraint(
                condition=Q(taken__lte=F("places")), name="annotations_item_not_over_its_places"
            ),
        ]
        indexes = [
            models.Index(
                fields=["study", "taken", "position"],
                condition=Q(taken__lt=F("places")),
                name="annotations_item_open",
            )
        ]

    def __str__(self) -> str:
        return f"item {self.position} of {self.study}"


class Rater(models.Model):
    """Somebody's part in a study, under a pseudonym. Only ``user`` leads back to the person."""

    class Kind(models.TextChoices):
        PERSON = "person", "person"
        SIMULATED = "simulated", "simulated"
        IMPORTED = "imported", "imported"

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="raters")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PERSON)
    pseudonym = models.CharField(max_length=80)
    judged = models.PositiveIntegerField(
        default=0, help_text="Items judged, kept with each judgment so that no page counts them."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["study", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "user"],
                condition=Q(user__isnull=False),
                name="annotations_rater_takes_part_once",
            ),
            models.UniqueConstraint(
                fields=["study", "pseudonym"], name="annotations_rater_pseudonym"
            ),
        ]

    def __str__(self) -> str:
        return self.pseudonym


class Assignment(models.Model):
    """A place on an item given to a rater; it counts in ``Item.taken`` unless it was released."""

    class State(models.TextChoices):
        RESERVED = "reserved", "reserved"
        JUDGED = "judged", "judged"
        RELEASED = "released", "released"

    # The indexes on both together, either way round, serve for each alone as well.
    item = models.ForeignKey(
        Item, on_delete=models.CASCADE, related_name="assignments", db_index=False
    )
    rater = models.ForeignKey(
        Rater, on_delete=models.CASCADE, related_name="assignments", db_index=False
    )
    state = models.CharField(max_length=10, choices=State, default=State.RESERVED)
    reserved_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "rater"], name="annotations_assignment_nobody_twice"
            ),
            models.UniqueConstraint(
                fields=["rater"],
                condition=Q(state="reserved"),
                name="annotations_assignment_one_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["rater", "item"], name="annotations_assignment_own"),
            models.Index(
                fields=["expires_at"],
                condition=Q(state="reserved"),
                name="annotations_assignment_expiry",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} for {self.rater}"


class JudgmentQuerySet(AppendOnlyQuerySet):
    def current(self) -> "JudgmentQuerySet":
        return self.filter(is_current=True)

    def supersede(self) -> int:
        """Mark these as replaced by a later revision: the only change a judgment row ever sees."""
        return models.QuerySet.update(self, is_current=False)


class Judgment(AppendOnly):
    """What a rater said of an item. A correction is a further revision; the last is current."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="judgments")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="judgments")
    rater = models.ForeignKey(Rater, on_delete=models.CASCADE, related_name="judgments")
    revision = models.PositiveSmallIntegerField(default=1)
    is_current = models.BooleanField(default=True)
    label = models.CharField(max_length=80, help_text="The category chosen, or the number as text.")
    number = models.FloatField(null=True, blank=True, help_text="The value on an interval scale.")
    confidence = models.PositiveSmallIntegerField(null=True, blank=True, help_text="1 to 5.")
    comment = models.TextField(blank=True)
    seconds = models.FloatField(null=True, blank=True, help_text="From shown to sent.")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = JudgmentQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "revision"], name="annotations_judgment_revision"
            ),
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(is_current=True),
                name="annotations_judgment_one_current",
            ),
            models.CheckConstraint(
                condition=Q(confidence__isnull=True) | Q(confidence__range=(1, 5)),
                name="annotations_judgment_confidence_1_to_5",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} by {self.rater_id} on {self.item_id}"


class AutomatedLabel(AppendOnly):
    """What a metric elsewhere said of an imported item (own trials have scores instead)."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="automated_labels")
    scorer = models.CharField(max_length=60)
    label = models.CharField(max_length=80)
    number = models.FloatField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["item", "scorer"]
        constraints = [
            models.UniqueConstraint(fields=["item", "scorer"], name="annotations_automated_once")
        ]

    def __str__(self) -> str:
        return f"{self.scorer}: {self.label}"


class Dispute(models.Model):
    """An item that a reviewer has to settle; the reasons are codes of annotations.consensus."""

    class State(models.TextChoices):
        OPEN = "open", "open"
        DECIDED = "decided", "decided"
        WITHDRAWN = "withdrawn", "withdrawn"

    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="dispute")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    reasons = models.JSONField(default=list)
    opened_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["opened_at", "id"]

    def __str__(self) -> str:
        return f"dispute on {self.item}"


class Decision(AppendOnly):
    """A reviewer's adjudication of a dispute; the newest counts, none overwrites a judgment."""

    dispute = models.ForeignKey(Dispute, on_delete=models.CASCADE, related_name="decisions")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    label = models.CharField(max_length=80)
    reason = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.label}: {self.reason}"
