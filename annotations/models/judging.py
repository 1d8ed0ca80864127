"""Who was given what, what they said of it, and what metrics elsewhere said."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from accounts.append_only import AppendOnly, AppendOnlyQuerySet
from annotations.models.items import Item
from annotations.models.studies import Guideline
from annotations.models.taking_part import Rater


class Assignment(models.Model):
    """An item given to a rater to judge.

    A regular one is a place on the item and counts in ``Item.taken`` while it is reserved or
    judged. Withdrawn are judged ones of excluded raters whose place was given to somebody else.
    Items with a known answer, and the planned repeats of a rater's own items (round 1),
    are not regular: they take no place.
    """

    class State(models.TextChoices):
        RESERVED = "reserved", "reserved"
        JUDGED = "judged", "judged"
        RELEASED = "released", "released"
        SKIPPED = "skipped", "skipped"
        WITHDRAWN = "withdrawn", "withdrawn: judged, and the place given on"

    # The indexes on both together, either way round, serve for each alone as well.
    item = models.ForeignKey(
        Item, on_delete=models.CASCADE, related_name="assignments", db_index=False
    )
    rater = models.ForeignKey(
        Rater, on_delete=models.CASCADE, related_name="assignments", db_index=False
    )
    state = models.CharField(max_length=10, choices=State, default=State.RESERVED)
    is_regular = models.BooleanField(default=True)
    round = models.PositiveSmallIntegerField(default=0, help_text="1: a planned repeat.")
    skip_reason = models.CharField(max_length=20, blank=True)
    skip_comment = models.TextField(blank=True)
    reserved_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "rater", "round"], name="annotations_assignment_nobody_twice"
            ),
            models.CheckConstraint(
                condition=Q(round=0) | Q(is_regular=False),
                name="annotations_assignment_repeat_takes_no_place",
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


# A join with the assignments instead takes PostgreSQL twice as long over a whole study: nearly all
# of them hold their place, and the few that do not make a small table to look into.
GIVEN_ON = Exists(
    Assignment.objects.filter(pk=OuterRef("assignment_id"), state=Assignment.State.WITHDRAWN)
)
IN_PLACE = Q(is_current=True, is_regular=True) & ~Q(GIVEN_ON)
COUNTED = IN_PLACE & Q(rater__excluded_at__isnull=True)


class JudgmentQuerySet(AppendOnlyQuerySet):
    def current(self) -> "JudgmentQuerySet":
        return self.filter(is_current=True)

    def regular(self) -> "JudgmentQuerySet":
        """The current judgments of regular items, whether they count or not."""
        return self.filter(is_current=True, is_regular=True)

    def given_on(self) -> "JudgmentQuerySet":
        """Of the regular ones, those whose place was given on to somebody else."""
        return self.regular().filter(GIVEN_ON)

    def in_place(self) -> "JudgmentQuerySet":
        """The current judgments of regular items that hold a place on their item.

        Left out: items with a known answer, planned repeats, and judgments whose place was given
        on to somebody else.
        """
        return self.filter(IN_PLACE)

    def counted(self) -> "JudgmentQuerySet":
        """Of those in place, what consensus and reports are made from: not those of excluded
        raters (annotations.taking_part.excluding says why of each)."""
        return self.filter(COUNTED)

    def with_counted(self) -> "JudgmentQuerySet":
        """Each with ``is_counted``: whether `counted` holds it."""
        return self.annotate(is_counted=COUNTED)

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
    is_regular = models.BooleanField(default=True, help_text="As its assignment.")
    guideline = models.ForeignKey(
        Guideline, null=True, blank=True, on_delete=models.PROTECT, db_index=False
    )
    label = models.CharField(
        max_length=200, help_text="The category chosen, or the number or vector as text."
    )
    number = models.FloatField(null=True, blank=True, help_text="The value on an interval scale.")
    answers = models.JSONField(
        default=dict, blank=True, help_text="Answers to the further questions, by their keys."
    )
    at_once = models.JSONField(
        default=list,
        db_default=models.Value([], models.JSONField()),
        blank=True,
        help_text="Dimensions of which one act said that they are not involved.",
    )
    confidence = models.PositiveSmallIntegerField(null=True, blank=True, help_text="1 to 5.")
    comment = models.TextField(blank=True)
    seconds = models.FloatField(null=True, blank=True, help_text="From shown to sent.")
    away_seconds = models.FloatField(
        null=True, blank=True, help_text="Of these, paused or with the page out of sight."
    )
    focus_losses = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How often the page went out of sight."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = JudgmentQuerySet.as_manager()  # type: ignore[misc]
    is_counted: bool
    """Where the query was asked `with_counted`."""

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


class Mark(AppendOnly):
    """A span of the item's text that a rater points at, as what makes them say something of one
    dimension of their answer; it comes with its judgment and goes with it.

    start, end: characters of the text that was shown, from 0, the end not included
    (evaluations.text.passages.spans). sign: what it shows of the dimension.
    """

    judgment = models.ForeignKey(Judgment, on_delete=models.CASCADE, related_name="marks")
    dimension = models.CharField(max_length=80)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    sign = models.CharField(max_length=10, blank=True, default="", db_default="")
    quotation = models.TextField(blank=True, default="", db_default="")
    text_sha256 = models.CharField(
        max_length=64, blank=True, default="", db_default="", help_text="Of the text it stands in."
    )

    class Meta:
        ordering = ["judgment", "start", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(start__lt=F("end")), name="annotations_mark_has_a_length"
            )
        ]

    def __str__(self) -> str:
        return f"{self.dimension} {self.start}-{self.end}"


class ProblemReport(AppendOnly):
    """A rater's word that something is wrong with an item; it opens a dispute."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="problem_reports")
    rater = models.ForeignKey(Rater, on_delete=models.CASCADE, related_name="problem_reports")
    text = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.rater_id} on {self.item_id}: {self.text}"


class AutomatedLabel(AppendOnly):
    """What a metric elsewhere said of an imported item (own trials have scores instead)."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="automated_labels")
    scorer = models.CharField(max_length=60)
    label = models.CharField(max_length=80, help_text="Empty where it gave no valid label.")
    number = models.FloatField(null=True, blank=True)
    reason = models.CharField(
        max_length=80,
        blank=True,
        default="",
        db_default="",
        help_text="The word that stood for no valid label, where there was one.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["item", "scorer"]
        constraints = [
            models.UniqueConstraint(fields=["item", "scorer"], name="annotations_automated_once")
        ]

    def __str__(self) -> str:
        return f"{self.scorer}: {self.label}"
