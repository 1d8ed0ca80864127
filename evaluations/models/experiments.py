"""What is asked of whom, under which conditions: definitions, endpoints, runs and their cells."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.append_only import AppendOnly, AppendOnlyQuerySet
from accounts.models import Project
from evaluations.formats.definitions import STATES
from evaluations.formats.scenes.checks import language_of
from evaluations.instruments.base import Kind
from evaluations.instruments.conditions import Condition, condition_key
from evaluations.instruments.kinds import DEFAULT_KIND, kind_of


class DefinitionQuerySet(AppendOnlyQuerySet):
    def in_reach_of(self, project: Project | None) -> "DefinitionQuerySet":
        """Those that *project* can read and use: its own, and those that all share."""
        return self.filter(Q(project=None) | Q(project=project))


class VersionedFile(AppendOnly):
    """A definition from a file; an edit is a new version, so that the old one stays citable.

    It belongs to a project, or to none: then all share it, as they do what comes with the site.
    """

    project = models.ForeignKey(
        Project, null=True, blank=True, on_delete=models.CASCADE, related_name="%(class)ss"
    )
    key = models.SlugField(max_length=60)
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=20, default="en")
    sha256 = models.CharField(max_length=64, db_index=True)
    definition = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DefinitionQuerySet.as_manager()  # type: ignore[misc]

    @property
    def state_in_words(self) -> str:
        """How far its words have been looked at; '' where it does not say."""
        return STATES.get(self.definition.get("state", ""), "")

    class Meta:
        abstract = True
        ordering = ["key", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "version"],
                condition=Q(project=None),
                name="%(app_label)s_%(class)s_shared_version",
            ),
            models.UniqueConstraint(
                fields=["project", "key", "version"], name="%(app_label)s_%(class)s_own_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.version}"


class OfKind(VersionedFile):
    """A definition that one kind of instrument reads."""

    kind = models.CharField(
        max_length=20, default=DEFAULT_KIND, db_default=DEFAULT_KIND, help_text="Of instrument."
    )

    class Meta(VersionedFile.Meta):
        abstract = True


class Instrument(OfKind):
    """What is asked, and what its answers are measured by; of a kind."""


class PromptPack(OfKind):
    """The words around an instrument, in one language."""


class Frame(VersionedFile):
    """The scene an instrument is asked in: it fills the placeholders of a prompt pack."""


class Rubric(OfKind):
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
    cached_input_price = models.DecimalField(
        max_digits=12,
        decimal_places=6,
        null=True,
        blank=True,
        help_text="Empty: input that the endpoint had in its cache costs as much as any.",
    )
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
    """An experiment: cells x trials, on one instrument."""

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
    trials_per_cell = models.PositiveIntegerField(default=10)
    seed = models.BigIntegerField(default=0)
    asks_anew = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Asks models also what they answered before in this project.",
    )
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

    @property
    def prompt_packs(self) -> list[PromptPack]:
        """The words its cells are asked in; none of imported conversations. One query."""
        packs = PromptPack.objects.filter(pk__in=self.cells.values("prompt_pack"))
        return list(packs.order_by("key", "pk"))

    @property
    def frames(self) -> list[Frame]:
        """The frames its cells are asked in, if any. One query."""
        frames = Frame.objects.filter(cells__run=self).distinct()
        return list(frames.defer("definition").order_by("key", "pk"))


class Budget(models.Model):
    """The most that a run may spend, or all runs of a project together; None where it has no limit.

    `money` is in the currency of the endpoints' prices.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="budgets")
    run = models.OneToOneField(
        Run,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="budget",
        help_text="Empty: all runs of the project.",
    )
    calls = models.PositiveBigIntegerField(null=True, blank=True)
    tokens = models.PositiveBigIntegerField(null=True, blank=True)
    money = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=Q(run=None), name="evaluations_budget_of_project"
            )
        ]

    def __str__(self) -> str:
        return f"budget of {self.run or self.project}"


class Cell(models.Model):
    """One combination of model, target value and condition within a run."""

    class Induction(models.TextChoices):
        NAME = "name", "value given by name"
        DEFINITION = "definition", "value given by definition"
        NONE = "none", "no value (baseline)"

    class ValuePlace(models.TextChoices):
        DIALOGUE = "dialogue", "in the dialogue"
        SYSTEM = "system", "in the system message"

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="cells")
    endpoint = models.ForeignKey(Endpoint, on_delete=models.PROTECT, related_name="cells")
    target = models.CharField(
        max_length=60, blank=True, db_default="", help_text="Empty for the baseline."
    )
    with_goal = models.BooleanField(default=True)
    induction = models.CharField(max_length=12, choices=Induction, default=Induction.NAME)
    value_place = models.CharField(max_length=10, choices=ValuePlace, default=ValuePlace.DIALOGUE)
    prompt_pack = models.ForeignKey(
        PromptPack, null=True, blank=True, on_delete=models.PROTECT, related_name="cells"
    )
    frame = models.ForeignKey(
        Frame, null=True, blank=True, on_delete=models.PROTECT, related_name="cells"
    )
    condition = models.JSONField(
        default=dict,
        db_default={},
        blank=True,
        help_text="What else the kind of the instrument varies.",
    )
    condition_key = models.CharField(
        max_length=64,
        db_default="",
        editable=False,
        help_text="Hash of all that distinguishes it but the endpoint.",
    )
    stopped = models.TextField(
        blank=True,
        default="",
        db_default="",
        help_text="Why its endpoint is asked nothing more, in the server's words; empty: it is.",
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "endpoint", "condition_key"], name="evaluations_cell_condition"
            ),
            models.CheckConstraint(
                condition=Q(induction="none", target="") | ~Q(induction="none"),
                name="evaluations_cell_baseline_without_target",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.endpoint.model}, {self.words}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the condition whole, with the key that makes it unique in its run. Raises
        ValueError as `key` does."""
        self.condition = self.asked.own.stored()
        self.condition_key = self.key()
        super().save(*args, **kwargs)

    @classmethod
    def holding(cls, condition: Condition, **fields: Any) -> "Cell":
        """A cell of this condition, not stored yet; *fields* are its run, endpoint and material."""
        cell = cls(
            target=condition.target,
            with_goal=condition.with_goal,
            induction=condition.induction,
            value_place=condition.value_place,
            condition=condition.own.stored(),
            **fields,
        )
        cell.condition_key = cell.key()
        return cell

    def key(self) -> str:
        """What its `condition_key` is to be. Raises ValueError for what its kind does not know."""
        return condition_key(
            self.asked,
            self.prompt_pack.sha256 if self.prompt_pack else "",
            self.frame.sha256 if self.frame else "",
        )

    @property
    def asked(self) -> Condition:
        """What it stores, as the dialogues of its trials take it."""
        kind = kind_of(self.run.instrument.kind)
        return Condition(
            target=self.target,
            with_goal=self.with_goal,
            induction=self.induction,
            value_place=self.value_place,
            own=kind.condition(self.condition),
        )

    @property
    def words(self) -> str:
        """The cell without its model, in words."""
        pack = self.prompt_pack if self.frame else None
        return cell_words(kind_of(self.run.instrument.kind), self.asked, self.frame, pack)


def cell_words(
    kind: Kind, condition: Condition, frame: Frame | None, pack: PromptPack | None
) -> str:
    """A condition of a *kind*, and the scene it is asked in, as pages and files write them; with
    the language of its *pack* where it is not the one that the scene was written in."""
    words = condition.words(kind.shared)
    if frame is None:
        return words
    if pack is None or language_of(pack.language) == language_of(frame.language):
        return f"{words}, frame {frame}"
    return f"{words}, frame {frame} in {pack.language}"
