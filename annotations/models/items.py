"""What is judged in a study: its items, and the places on them."""

from django.db import models
from django.db.models import F, Q

from annotations.models.studies import Study
from evaluations.models import Trial


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
