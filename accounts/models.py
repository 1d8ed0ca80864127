"""People, the projects they work in, the roles they have there, and the trail of what they did."""

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.append_only import AppendOnly


class User(AbstractUser):
    """An account. What a person may do is decided by memberships, never by a flag here."""

    email = models.EmailField("e-mail address", blank=True)
    language = models.CharField(
        max_length=16,
        blank=True,
        help_text="What translated pages speak to them; empty: what their browser asks for.",
    )

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["email"], condition=~Q(email=""), name="accounts_user_email_unique"
            )
        ]


class Role(models.TextChoices):
    RATER = "rater", "rater"
    RESEARCHER = "researcher", "researcher"
    REVIEWER = "reviewer", "reviewer"
    ADMINISTRATOR = "administrator", "administrator"


class Project(models.Model):
    """The owner of everything: runs, studies and reports belong to one project and stay in it."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Since when it can be read and not changed; empty while work goes on in it.",
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("project", args=[self.slug])

    @property
    def viewer_may_change(self) -> bool:
        """Whether pages offer whoever they are shown to (`viewer_roles`, see accounts.access) to
        change runs and studies; it permits nothing."""
        held: frozenset[str] = getattr(self, "viewer_roles", frozenset())
        return not self.archived_at and bool(held & {Role.RESEARCHER, Role.ADMINISTRATOR})


class Membership(models.Model):
    """One role of one person in one project; a person may have several roles."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=20, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["project", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "user", "role"], name="accounts_membership_unique"
            ),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]),
                name="accounts_membership_role_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} is {self.role} in {self.project}"


class ProjectInvitation(models.Model):
    """A way into a project with a role, for whoever has its link.

    The link is kept nowhere, only what it is recognised by. (`annotations.Invitation` is something
    else: a way into a study for people without an account.)
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=20, choices=Role)
    digest = models.CharField(max_length=64, unique=True)
    email = models.EmailField(
        blank=True,
        help_text="Where the link was sent, until it is used up; empty: it was handed on.",
    )
    most_uses = models.PositiveSmallIntegerField(default=1)
    uses = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "invitation to the project"
        verbose_name_plural = "invitations to the project"
        constraints = [
            models.CheckConstraint(
                condition=Q(uses__lte=F("most_uses")), name="accounts_invitation_uses"
            ),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]),
                name="accounts_invitation_role_known",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk} to {self.project}"


class Door(models.TextChoices):
    """By which way somebody acts (`accounts.acting`)."""

    PAGE = "page", "a page"
    API = "api", "the API"
    ADMIN = "admin", "Django's admin"
    COMMAND = "command", "a command"
    WORKER = "worker", "a worker"


class AuditEvent(AppendOnly):
    """What happened to whom, by whom; written in the transaction of the act, never changed."""

    project = models.ForeignKey(
        Project,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="audit_events",
        help_text="None: the project itself was deleted, and its own trail with it.",
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    door = models.CharField(
        max_length=10,
        choices=Door,
        blank=True,
        db_default="",
        help_text="By which way they came; nothing in entries of older versions.",
    )
    by = models.CharField(
        max_length=150,
        blank=True,
        db_default="",
        help_text="Who it was, where they used no account.",
    )
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    detail = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["project", "subject_type", "subject_id"]),
            models.Index(fields=["project", "-id"], name="accounts_trail_of_project"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_type} {self.subject_id}"
