"""Studies: what is asked, and what raters are told."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.append_only import AppendOnly
from accounts.models import Project
from annotations.base import DECLARED, article
from annotations.kinds import kinds_in_words
from evaluations.models import Metric


class Study(models.Model):
    """A question put to raters about a set of items."""

    class State(models.TextChoices):
        DRAFT = "draft", "draft"
        PILOT = "pilot", "pilot"
        OPEN = "open", "open"
        PAUSED = "paused", "paused"
        CLOSED = "closed", "closed"

    class Source(models.TextChoices):
        TRIALS = "trials", "judged here"
        IMPORT = "import", "imported judgments"

    class Scale(models.TextChoices):
        NOMINAL = "nominal", "nominal"
        ORDINAL = "ordinal", "ordinal"
        INTERVAL = "interval", "interval"
        VECTOR = "vector", "vector of -1, 0 or +1 over named dimensions"

    class Unit(models.TextChoices):
        """What one item shows."""

        TRIAL = "trial", "the answers of a trial"
        ANSWER = "answer", "one answer"
        GOAL = "goal", "the goal sentence"
        TEXT = "text", "an imported text"

    class OptionOrder(models.TextChoices):
        FIXED = "fixed", "the same for everybody"
        BALANCED = "balanced", "reversed for every second rater"

    class OnDeletion(models.TextChoices):
        """What becomes of the judgments when a rater asks for their data to be deleted."""

        ANONYMOUS = "anonymous", "kept without any link to the person"
        REMOVED = "removed", "removed"

    class Raters(models.TextChoices):
        """What kind of people judge: it fixes epsilon, the advantage that the alternative
        annotator test grants a person, before there are data (``statistics.alt_test.EPSILON``)."""

        CROWD = "crowd", "crowd workers (epsilon 0.1)"
        SKILLED = "skilled", "skilled raters (epsilon 0.15)"
        EXPERT = "expert", "experts (epsilon 0.2)"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="studies")
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=130)
    source = models.CharField(max_length=10, choices=Source, default=Source.TRIALS)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    archived_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when it stands in no list."
    )
    unit = models.CharField(max_length=10, choices=Unit, default=Unit.TRIAL)
    kind = models.CharField(
        max_length=40,
        default=DECLARED,
        help_text="What the first question asks for: a kind of question that an instrument brings "
        "(annotations.kinds), from which scale and categories follow, or a declared scale.",
    )
    question = models.CharField(max_length=300)
    scale = models.CharField(max_length=10, choices=Scale, default=Scale.NOMINAL)
    categories = models.JSONField(
        default=list,
        blank=True,
        help_text="Values in their order, or the dimensions of a vector; empty for an interval.",
    )
    ways_out = models.JSONField(
        default=list,
        db_default=models.Value([], models.JSONField()),
        blank=True,
        help_text="Those of the categories by which a rater says that an item cannot be judged.",
    )
    properties = models.JSONField(
        default=list,
        db_default=models.Value([], models.JSONField()),
        blank=True,
        help_text="Names of the properties that the study's items carry, from the file they "
        "came in.",
    )
    tolerance = models.FloatField(
        null=True,
        blank=True,
        help_text="Values on an interval scale that lie further apart are a dispute; empty: none.",
    )
    further_questions = models.JSONField(
        default=list,
        blank=True,
        help_text="What is asked beside the first question; read by annotations.questions.",
    )
    question_version = models.PositiveIntegerField(
        default=1, help_text="Counts how often what is asked was set; forms carry it."
    )
    overlap = models.PositiveSmallIntegerField(
        default=3, help_text="Judgments wanted per item; no item has more places than this."
    )
    cap = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="Most regular items one rater is handed, skipped ones too; empty for no limit.",
    )
    option_order = models.CharField(max_length=10, choices=OptionOrder, default=OptionOrder.FIXED)
    repeat_share = models.FloatField(
        default=0.0, help_text="Share of a rater's items that are shown to them a second time."
    )
    control_every = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="One gold item or attention check among so many items; empty for none.",
    )
    control_feedback = models.BooleanField(
        default=False, help_text="Tell raters after a gold item what was expected."
    )
    attention_limit = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="Missed attention checks that end a rater's part; empty for no end.",
    )
    qualification_pass = models.FloatField(
        null=True,
        blank=True,
        help_text="Share of the qualification items that must be right; empty for no threshold.",
    )
    least_judged = models.PositiveIntegerField(
        default=1,
        db_default=1,
        help_text="Items to judge for the completion code, fewer where nothing is left to judge.",
    )
    most_skipped = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="Items that may be skipped for the completion code; empty for no limit.",
    )
    quick_reasons = models.JSONField(
        default=list,
        db_default=models.Value([], models.JSONField()),
        blank=True,
        help_text="Reasons that a reviewer gives for a decision by one key; empty: the usual ones.",
    )
    reason_required = models.BooleanField(
        default=True, db_default=True, help_text="A reviewer's decision needs a reason."
    )
    asks_own_measure = models.BooleanField(
        default=False, help_text="Raters take a measure of the instrument's kind themselves first."
    )
    raters_are = models.CharField(
        max_length=10,
        choices=Raters,
        blank=True,
        default="",
        db_default="",
        help_text="Declared before anybody judges; empty: not declared.",
    )
    ranges = models.JSONField(
        default=dict,
        blank=True,
        help_text="Ends of the scale of the raters and of each metric, as declared at import: "
        '{"raters": [-100, 100], "metrics": {"name": [0, 10]}}; empty: not declared.',
    )
    on_deletion = models.CharField(max_length=10, choices=OnDeletion, default=OnDeletion.ANONYMOUS)
    language = models.CharField(
        max_length=20, default="en", help_text="Language tag of what raters read and judge."
    )
    metric_name = models.CharField(
        max_length=60, blank=True, help_text="The automated metric that is validated."
    )
    metric_version = models.CharField(
        max_length=40,
        blank=True,
        db_default="",
        default="",
        help_text="Its version, where one is pinned; empty for the one in force.",
    )
    metric_in_force = models.ForeignKey(
        Metric,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="What counts at present, as annotations.metrics.metric settled it.",
    )
    reader_in_force = models.CharField(
        max_length=101,
        blank=True,
        db_default="",
        default="",
        help_text="The reader and its version on which that rests.",
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
            models.CheckConstraint(
                condition=Q(repeat_share__gte=0) & Q(repeat_share__lte=1),
                name="annotations_study_repeat_share_0_to_1",
            ),
            models.CheckConstraint(
                condition=Q(qualification_pass__isnull=True)
                | Q(qualification_pass__gte=0) & Q(qualification_pass__lte=1),
                name="annotations_study_qualification_0_to_1",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("study", args=[self.project.slug, self.slug])

    @property
    def told(self) -> dict[str, str]:
        """How a message to a program outside names it."""
        return {"slug": self.slug, "name": self.name}

    @property
    def asks_for(self) -> str:
        """What raters are asked for, in words."""
        if self.source == Study.Source.IMPORT or self.kind == DECLARED:
            if self.scale == Study.Scale.VECTOR:
                return f"a {self.get_scale_display()}"
            return f"{article(self.get_scale_display())} scale"
        return kinds_in_words().get(self.kind, self.kind)


class Guideline(AppendOnly):
    """What raters are told and agree to, in Markdown. A change is a new version; none is edited.

    Judgments remember the version they were made under, raters the one they consented to.
    """

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="guidelines")
    version = models.PositiveSmallIntegerField()
    about = models.TextField(blank=True, help_text="What the study is about, and who does it.")
    consent = models.TextField(blank=True, help_text="What raters agree to; empty asks for none.")
    instructions = models.TextField(blank=True, help_text="How to judge.")
    codebook = models.TextField(blank=True, help_text="The rules to look up while judging.")
    thanks = models.TextField(blank=True, help_text="What raters read when they are done.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["study", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "version"], name="annotations_guideline_version"
            )
        ]

    def __str__(self) -> str:
        return f"guideline {self.version} of {self.study}"
