"""Who takes part in a study, how they came, and how far they are."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from annotations.models.studies import Guideline, Study


class Rater(models.Model):
    """Somebody's part in a study, under a pseudonym.

    Only ``user``, and for those who came by an invitation ``Identity``, lead back to the person.
    """

    class Kind(models.TextChoices):
        PERSON = "person", "person"
        SIMULATED = "simulated", "simulated"
        IMPORTED = "imported", "imported"

    class Stage(models.TextChoices):
        """How far they are on the way: each stage is entered once, in this order."""

        CONSENT = "consent", "consent"
        OWN_MEASURE = "own_measure", "own measure"
        INSTRUCTIONS = "instructions", "instructions"
        PRACTICE = "practice", "practice"
        QUALIFICATION = "qualification", "qualification"
        JUDGING = "judging", "judging"
        DONE = "done", "done"
        BELOW = "below", "done, below what the study asks for"
        REFUSED = "refused", "consent refused"
        SCREENED_OUT = "screened_out", "not qualified"
        FAILED_ATTENTION = "failed_attention", "failed attention checks"
        WITHDRAWN = "withdrawn", "withdrawn"

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="raters")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PERSON)
    pseudonym = models.CharField(max_length=80)
    stage = models.CharField(max_length=16, choices=Stage, default=Stage.JUDGING)
    guideline = models.ForeignKey(
        Guideline,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text="The version they consented to.",
    )
    consented_at = models.DateTimeField(null=True, blank=True)
    language = models.CharField(max_length=20, blank=True, help_text="In which they read the site.")
    culture = models.CharField(
        max_length=40,
        blank=True,
        default="",
        db_default="",
        help_text="The one they say they belong to, with their consent; empty where nobody asked.",
    )
    reverses_options = models.BooleanField(default=False)
    missed_attention = models.PositiveSmallIntegerField(default=0)
    paused_by_staff = models.BooleanField(default=False)
    excluded_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when their judgments are kept out of reports."
    )
    excluded_reason = models.CharField(max_length=300, blank=True)
    handed = models.PositiveIntegerField(
        default=0, help_text="Items judged or skipped, those with a known answer and repeats too."
    )
    skipped = models.PositiveIntegerField(default=0, help_text="Of these, items skipped.")
    skipped_regular = models.PositiveIntegerField(
        default=0, db_default=0, help_text="Of the skipped, regular items."
    )
    judged = models.PositiveIntegerField(
        default=0,
        help_text="Regular items judged; kept with each judgment, so no page counts.",
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
            models.CheckConstraint(
                condition=Q(excluded_at__isnull=True, excluded_reason="")
                | Q(excluded_at__isnull=False) & ~Q(excluded_reason=""),
                name="annotations_rater_excluded_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.pseudonym

    @property
    def is_excluded(self) -> bool:
        """Whether reports leave their judgments out. In queries: ``excluded_at`` is not null."""
        return self.excluded_at is not None

    @property
    def answered(self) -> int:
        """Items judged, those with a known answer and repeats too: the count a rater is shown.

        One that stood still after such an item would give it away. Judgments that came in a file
        or were simulated were handed to nobody.
        """
        return max(self.judged, self.handed - self.skipped)


class Invitation(models.Model):
    """A way into a study without an account: a signed link, or a crowd platform's parameters."""

    class Platform(models.TextChoices):
        LINK = "link", "a link"
        PROLIFIC = "prolific", "Prolific"
        MTURK = "mturk", "Mechanical Turk"

    SECRETS = ("nonce", "completion", "screen_out", "failed_attention", "below", "declined")
    """What opens the study, and what somebody is paid for: never in the trail."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="invitations")
    name = models.CharField(max_length=80)
    platform = models.CharField(max_length=10, choices=Platform, default=Platform.LINK)
    nonce = models.CharField(
        max_length=32, unique=True, help_text="Signed into the link; a new one revokes the old."
    )
    most_raters = models.PositiveIntegerField(
        null=True, blank=True, help_text="How many may come by it; empty for no limit."
    )
    expires_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    completion = models.CharField(
        max_length=300, blank=True, help_text="Completion code, or the address to return to."
    )
    screen_out = models.CharField(max_length=300, blank=True)
    failed_attention = models.CharField(max_length=300, blank=True)
    below = models.CharField(
        max_length=300, blank=True, default="", db_default="", help_text="For who judged too few."
    )
    declined = models.CharField(
        max_length=300, blank=True, default="", db_default="", help_text="For who does not consent."
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["study", "id"]
        constraints = [
            models.UniqueConstraint(fields=["study", "name"], name="annotations_invitation_name")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.study})"


class Identity(models.Model):
    """Who a rater is elsewhere: the only row that maps a pseudonym to an external id.

    Deleting it leaves the rater and their judgments without any link to the person.
    """

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="identities")
    rater = models.OneToOneField(Rater, on_delete=models.CASCADE, related_name="identity")
    invitation = models.ForeignKey(Invitation, on_delete=models.PROTECT, related_name="identities")
    platform = models.CharField(max_length=10, choices=Invitation.Platform)
    external_id = models.CharField(max_length=200)
    parameters = models.JSONField(
        default=dict, blank=True, help_text="What else the platform sent, such as SESSION_ID."
    )
    earlier_parameters = models.JSONField(
        default=list, blank=True, help_text="What it sent before, where it changed; oldest first."
    )
    browser = models.CharField(
        max_length=64,
        blank=True,
        db_default="",
        default="",
        help_text="The browser or framed session the part belongs to, as a keyed number.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "identities"
        constraints = [
            models.UniqueConstraint(
                fields=["study", "platform", "external_id"], name="annotations_identity_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.platform} {self.external_id}"


class TakenPart(models.Model):
    """A keyed one-way mark: somebody took part in the study and had their data deleted.

    Without a time and a number of its own, neither of which may lead to a rater's row.
    """

    mark = models.CharField(max_length=64, primary_key=True)
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="taken_parts")

    def __str__(self) -> str:
        return f"somebody in {self.study}"
