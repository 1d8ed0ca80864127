"""What was asked of which model, what it said, and what was concluded from that.

What a model said (Turn) is append-only. What was concluded (Extraction, Score) is named by the
extractor or scorer and its version, and kept beside older conclusions.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.append_only import AppendOnly
from accounts.models import Project


class ValueOrientation(models.TextChoices):
    ALTRUISTIC = "altruistic", "altruistic"
    PROSOCIAL = "prosocial", "prosocial"
    INDIVIDUALISTIC = "individualistic", "individualistic"
    COMPETITIVE = "competitive", "competitive"


class VersionedFile(AppendOnly):
    """A definition from a file; an edit is a new version, so that the old one stays citable."""

    key = models.SlugField(max_length=60)
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=20, default="en")
    sha256 = models.CharField(max_length=64, unique=True)
    definition = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ["key", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "version"], name="%(app_label)s_%(class)s_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.version}"


class Instrument(VersionedFile):
    """The items of a measure, with their options and payoffs."""


class PromptPack(VersionedFile):
    """The words around the items: induction, task, goal, item, in one language."""


class Rubric(VersionedFile):
    """What a model is asked when it classifies the answers of a whole trial."""


class Endpoint(models.Model):
    """Where a model answers. A key is named by its environment variable and never stored."""

    class Kind(models.TextChoices):
        OPENAI = "openai", "OpenAI-compatible"
        SIMULATED = "simulated", "simulated respondent"
        REPLAY = "replay", "recorded conversations"
        IMPORTED = "imported", "imported conversations"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="endpoints")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind)
    model = models.CharField(max_length=200)
    base_url = models.URLField(blank=True)
    key_variable = models.CharField(max_length=80, blank=True)
    parameters = models.JSONField(default=dict, blank=True)
    timeout_seconds = models.PositiveIntegerField(default=120)
    max_retries = models.PositiveSmallIntegerField(default=5)
    # Concurrency holds for each worker process, the limits a minute for all of them together.
    concurrency = models.PositiveSmallIntegerField(default=8)
    requests_per_minute = models.PositiveIntegerField(null=True, blank=True)
    tokens_per_minute = models.PositiveIntegerField(null=True, blank=True)
    # Prices are those of a million tokens.
    input_price = models.DecimalField(max_digits=12, decimal_places=6, null=True, blank=True)
    output_price = models.DecimalField(max_digits=12, decimal_places=6, null=True, blank=True)
    currency = models.CharField(max_length=10, default="USD")
    family = models.CharField(max_length=80, blank=True)
    parameter_count = models.CharField(max_length=40, blank=True)
    tuning_method = models.CharField(max_length=80, blank=True)
    reasoning_mode = models.CharField(max_length=80, blank=True)
    release = models.CharField(max_length=80, blank=True)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="evaluations_endpoint_name"),
            models.CheckConstraint(
                condition=(Q(requests_per_minute=None) | Q(requests_per_minute__gt=0))
                & (Q(tokens_per_minute=None) | Q(tokens_per_minute__gt=0)),
                name="evaluations_endpoint_limits_allow_something",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_simulated(self) -> bool:
        """Whether no model answers here: a replay is labelled as well, whatever was recorded."""
        return self.kind in (self.Kind.SIMULATED, self.Kind.REPLAY)


class EndpointMeter(models.Model):
    """When the limits of an endpoint allow its next call; shared by all workers."""

    endpoint = models.OneToOneField(
        Endpoint, on_delete=models.CASCADE, primary_key=True, related_name="meter"
    )
    requests_free_at = models.DateTimeField(null=True, blank=True)
    tokens_free_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"meter of {self.endpoint_id}"


class Run(models.Model):
    """An experiment: cells x trials, on one instrument, with one prompt pack."""

    class State(models.TextChoices):
        DRAFT = "draft", "draft"
        RUNNING = "running", "running"
        PAUSED = "paused", "paused"
        COMPLETE = "complete", "complete"
        CANCELLED = "cancelled", "cancelled"

    class Source(models.TextChoices):
        RUN = "run", "run here"
        IMPORT = "import", "imported"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="runs")
    name = models.CharField(max_length=120)
    source = models.CharField(max_length=10, choices=Source, default=Source.RUN)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT)
    prompt_pack = models.ForeignKey(PromptPack, null=True, blank=True, on_delete=models.PROTECT)
    trials_per_cell = models.PositiveIntegerField(default=10)
    seed = models.BigIntegerField(default=0)
    score_incomplete = models.BooleanField(
        default=False, help_text="Score the items there are when some are missing."
    )
    note = models.TextField(blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="evaluations_run_name")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("run", args=[self.project.slug, self.pk])


class Cell(models.Model):
    """One combination of model, target value and condition within a run."""

    class Induction(models.TextChoices):
        NAME = "name", "value given by name"
        DEFINITION = "definition", "value given by definition"
        NONE = "none", "no value (baseline)"

    class ValuePlace(models.TextChoices):
        DIALOGUE = "dialogue", "in the dialogue"
        SYSTEM = "system", "in the system message"

    class OptionOrder(models.TextChoices):
        PRINTED = "printed", "as printed"
        REVERSED = "reversed", "reversed"
        SHUFFLED = "shuffled", "shuffled per trial"

    class AnswerFormat(models.TextChoices):
        FREE = "free", "free answer"
        CONSTRAINED = "constrained", "constrained to a letter"

    class ItemSet(models.TextChoices):
        PRIMARY = "primary", "the primary items"
        ALL = "all", "primary and secondary items"

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="cells")
    endpoint = models.ForeignKey(Endpoint, on_delete=models.PROTECT, related_name="cells")
    target_value = models.CharField(
        max_length=20, choices=ValueOrientation, blank=True, help_text="Empty for the baseline."
    )
    with_goal = models.BooleanField(default=True)
    induction = models.CharField(max_length=12, choices=Induction, default=Induction.NAME)
    value_place = models.CharField(max_length=10, choices=ValuePlace, default=ValuePlace.DIALOGUE)
    option_order = models.CharField(max_length=10, choices=OptionOrder, default=OptionOrder.PRINTED)
    answer_format = models.CharField(max_length=12, choices=AnswerFormat, default=AnswerFormat.FREE)
    item_set = models.CharField(max_length=10, choices=ItemSet, default=ItemSet.PRIMARY)
    payoff_scale = models.FloatField(
        default=1, help_text="Payoffs are shown times this; angles stay comparable."
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "run",
                    "endpoint",
                    "target_value",
                    "with_goal",
                    "induction",
                    "value_place",
                    "option_order",
                    "answer_format",
                    "item_set",
                    "payoff_scale",
                ],
                name="evaluations_cell_unique",
            ),
            models.CheckConstraint(
                condition=Q(payoff_scale__gt=0), name="evaluations_cell_payoff_scale_positive"
            ),
            models.CheckConstraint(
                condition=Q(induction="none", target_value="") | ~Q(induction="none"),
                name="evaluations_cell_baseline_has_no_target",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.endpoint.model}, {self.condition}"

    @property
    def condition(self) -> str:
        """The cell without its model, in words."""
        words = [self.target_value or "no target value"]
        words.append("with goal" if self.with_goal else "without goal")
        if self.induction == self.Induction.DEFINITION:
            words.append("by definition")
        if self.value_place == self.ValuePlace.SYSTEM:
            words.append("value in the system message")
        if self.option_order != self.OptionOrder.PRINTED:
            words.append(f"options {self.option_order}")
        if self.answer_format == self.AnswerFormat.CONSTRAINED:
            words.append("constrained to a letter")
        if self.item_set == self.ItemSet.ALL:
            words.append("primary and secondary items")
        if self.payoff_scale != 1:
            words.append(f"payoffs x {self.payoff_scale:g}")
        return ", ".join(words)


class Trial(models.Model):
    """One conversation with one model. The row is the truth of its state; queues only nudge."""

    class State(models.TextChoices):
        PLANNED = "planned", "planned"
        RUNNING = "running", "running"
        COMPLETE = "complete", "complete"
        FAILED = "failed", "failed"
        CANCELLED = "cancelled", "cancelled"

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="trials")
    cell = models.ForeignKey(Cell, on_delete=models.CASCADE, related_name="trials")
    number = models.PositiveIntegerField()
    seed = models.BigIntegerField(default=0)
    is_simulated = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    lease_owner = models.CharField(max_length=80, blank=True)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    source_key = models.CharField(
        max_length=64, blank=True, help_text="Hash of the imported conversation."
    )
    model_returned = models.CharField(max_length=200, blank=True)
    system_fingerprint = models.CharField(max_length=120, blank=True)
    parameters = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["cell", "number"], name="evaluations_trial_number"),
            models.UniqueConstraint(
                fields=["run", "source_key"],
                condition=~Q(source_key=""),
                name="evaluations_trial_imported_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["run", "lease_expires_at"],
                condition=Q(state__in=["planned", "running"]),
                name="evaluations_trial_claimable",
            ),
        ]

    def __str__(self) -> str:
        return f"trial {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("trial", args=[self.run.project.slug, self.pk])


class Turn(AppendOnly):
    """One message of a trial's conversation, in order."""

    class Role(models.TextChoices):
        SYSTEM = "system", "system"
        USER = "user", "user"
        ASSISTANT = "assistant", "assistant"

    class Step(models.TextChoices):
        SYSTEM = "system", "system message"
        INDUCTION = "induction", "induction"
        TASK = "task", "task"
        GOAL = "goal", "goal"
        ITEM = "item", "item"

    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="turns")
    position = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=10, choices=Role)
    step = models.CharField(max_length=10, choices=Step)
    item_number = models.PositiveSmallIntegerField(null=True, blank=True)
    text = models.TextField()
    call = models.JSONField(
        default=dict, blank=True, help_text="Usage, finish reason, latency and retries of the call."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["trial", "position"]
        constraints = [
            models.UniqueConstraint(fields=["trial", "position"], name="evaluations_turn_position")
        ]

    def __str__(self) -> str:
        return f"turn {self.position} of trial {self.trial_id}"


class Answer(AppendOnly):
    """What a model said to one item, and the options as they were shown to it."""

    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="answers")
    turn = models.OneToOneField(Turn, on_delete=models.CASCADE, related_name="answer")
    item_number = models.PositiveSmallIntegerField()
    shown_options = models.JSONField(
        help_text="Option numbers of the instrument (1 to 9) in the order shown, first is 'A'."
    )

    class Meta:
        ordering = ["trial", "item_number"]
        constraints = [
            models.UniqueConstraint(fields=["trial", "item_number"], name="evaluations_answer_item")
        ]

    def __str__(self) -> str:
        return f"answer to item {self.item_number} of trial {self.trial_id}"


class Extraction(AppendOnly):
    """Which option an answer chose, how that was read and where it stands in the text."""

    class Outcome(models.TextChoices):
        CHOICE = "choice", "choice"
        AMBIGUOUS = "ambiguous", "ambiguous"
        NONE = "none", "no choice"

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="extractions")
    extractor = models.CharField(max_length=60)
    version = models.CharField(max_length=40)
    outcome = models.CharField(max_length=10, choices=Outcome)
    option = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Option number of the instrument, not the shown position."
    )
    letter = models.CharField(max_length=20, blank=True, help_text="The label as shown.")
    method = models.CharField(max_length=60)
    refused = models.BooleanField(default=False)
    evidence_start = models.PositiveIntegerField(null=True, blank=True)
    evidence_end = models.PositiveIntegerField(null=True, blank=True)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["answer", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["answer", "extractor", "version"], name="evaluations_extraction_version"
            ),
            models.CheckConstraint(
                condition=Q(outcome="choice", option__isnull=False)
                | (~Q(outcome="choice") & Q(option__isnull=True)),
                name="evaluations_extraction_option_iff_choice",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.letter}".strip()


class Score(AppendOnly):
    """What a scorer made of a trial; unscorable is an outcome with a reason, never a zero."""

    class Outcome(models.TextChoices):
        SCORED = "scored", "scored"
        UNSCORABLE = "unscorable", "unscorable"

    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="scores")
    scorer = models.CharField(max_length=60)
    version = models.CharField(max_length=40)
    outcome = models.CharField(max_length=12, choices=Outcome)
    reason = models.TextField(blank=True)
    orientation = models.CharField(max_length=20, choices=ValueOrientation, blank=True)
    angle = models.FloatField(null=True, blank=True, help_text="Degrees, unrounded.")
    mean_self = models.FloatField(null=True, blank=True)
    mean_other = models.FloatField(null=True, blank=True)
    items_used = models.PositiveSmallIntegerField(default=0)
    distance = models.FloatField(null=True, blank=True, help_text="Degrees to the target.")
    value_rationality = models.FloatField(null=True, blank=True)
    value_rationality_corrected = models.FloatField(null=True, blank=True)
    hit = models.BooleanField(null=True, blank=True)
    flags = models.JSONField(default=list, blank=True)
    detail = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["trial", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["trial", "scorer", "version"], name="evaluations_score_version"
            ),
            models.CheckConstraint(
                condition=Q(outcome="scored") & ~Q(orientation="")
                | Q(outcome="unscorable", orientation="", angle__isnull=True) & ~Q(reason=""),
                name="evaluations_score_or_reason",
            ),
        ]
        indexes = [models.Index(fields=["scorer", "version", "orientation"])]

    def __str__(self) -> str:
        return f"{self.scorer} {self.version}: {self.orientation or self.reason}"


class Scoring(models.Model):
    """A run to be scored by a model, as somebody asked for it on its page: the work, not what comes
    of it. Which trials are done is in the scores; tasks only nudge."""

    class State(models.TextChoices):
        QUEUED = "queued", "waiting for a worker"
        RUNNING = "running", "running"
        COMPLETE = "complete", "complete"
        STOPPED = "stopped", "stopped"
        FAILED = "failed", "not complete"

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="scorings")
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="scorings")
    rubric = models.ForeignKey(
        Rubric,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text="Empty: the model reads the answers that the rules left open.",
    )
    scorer = models.CharField(max_length=60)
    version = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    error = models.TextField(blank=True, help_text="Why it is not complete, in words.")
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_owner = models.CharField(max_length=80, blank=True)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    nudged_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "scorer", "version"], name="evaluations_scoring_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.scorer} {self.version}"

    @property
    def is_under_way(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RUNNING)
