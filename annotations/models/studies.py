"""Studies: what is asked, of which items, and what raters are told."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.append_only import AppendOnly
from accounts.models import Project
from annotations.base import DECLARED
from annotations.kinds import kinds_in_words
from evaluations.models import Metric, Trial


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
    asks_own_measure = models.BooleanField(
        default=False, help_text="Raters take the slider measure themselves first."
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
    def asks_for(self) -> str:
        """What raters are asked for, in words."""
        if self.source == Study.Source.IMPORT or self.kind == DECLARED:
            return f"a {self.get_scale_display()} scale"
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


class Item(models.Model):
    """One thing to judge: a trial, one answer of it, its goal, or an imported text.

    ``taken`` counts the places reserved or judged. Items of another kind than regular have a known
    answer (``expected``), no places, and are given to every rater beside the regular ones.
    """

    class Kind(models.TextChoices):
        REGULAR = "regular", "regular"
        PRACTICE = "practice", "practice"
        QUALIFICATION = "qualification", "qualification"
        GOLD = "gold", "gold item"
        ATTENTION = "attention", "attention check"

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="items")
    kind = models.CharField(max_length=13, choices=Kind, default=Kind.REGULAR)
    position = models.PositiveIntegerField()
    trial = models.ForeignKey(Trial, null=True, blank=True, on_delete=models.PROTECT)
    answer_number = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Which answer of the trial, when one answer is judged."
    )
    external_id = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    expected = models.CharField(
        max_length=200, blank=True, help_text="The right answer of an item with a known one."
    )
    feedback = models.TextField(blank=True, help_text="Why that is the right answer.")
    properties = models.JSONField(
        default=dict,
        db_default=models.Value({}, models.JSONField()),
        blank=True,
        help_text="Where an imported item comes from: its model, target value, condition, cluster, "
        "and whatever else its file declares. Of a trial its cell says so.",
    )
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
                condition=Q(trial__isnull=False, answer_number__isnull=True),
                name="annotations_item_trial_once",
            ),
            models.UniqueConstraint(
                fields=["study", "trial", "answer_number"],
                condition=Q(trial__isnull=False, answer_number__isnull=False),
                name="annotations_item_answer_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="regular") | Q(places=0) & ~Q(expected=""),
                name="annotations_item_known_answer_has_no_places",
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
            ),
            models.Index(
                fields=["study"], condition=~Q(kind="regular"), name="annotations_item_known"
            ),
        ]

    def __str__(self) -> str:
        return f"item {self.position} of {self.study}"


class ItemPlaces(models.Model):
    """How many of an item's judgments are to come from raters of one culture, and how many of these
    places are taken. Rows exist only where a study has such quotas: none has yet, so the exchange
    of judgments (annotations.exchange) does not look here, and ``Item.places`` alone counts.
    """

    item = models.ForeignKey(
        Item, on_delete=models.CASCADE, related_name="places_by_culture", db_index=False
    )
    culture = models.CharField(max_length=40, help_text="As ``Rater.culture``.")
    places = models.PositiveSmallIntegerField()
    taken = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        ordering = ["item", "culture"]
        verbose_name_plural = "item places"
        constraints = [
            models.UniqueConstraint(
                fields=["item", "culture"], name="annotations_item_places_once"
            ),
            models.CheckConstraint(
                condition=Q(taken__lte=F("places")), name="annotations_item_places_not_over"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.taken} of {self.places} places of {self.item} for {self.culture}"
