"""The audit trail: who did what to whom."""

from typing import ClassVar

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from rest_framework import mixins, serializers

from accounts.models import AuditEvent, Role
from api.manners.filters import SinceFilter
from api.manners.serializers import Shown
from api.manners.views import Need, ProjectViewSet
from api.tokens.scopes import Scope


class AuditSerializer(Shown):
    """One act. Without an actor the system did it."""

    actor = serializers.CharField(
        source="actor.username", read_only=True, allow_null=True, default=None
    )

    class Meta:
        model = AuditEvent
        fields = ("id", "actor", "verb", "subject_type", "subject_id", "detail", "created_at")


class AuditFilter(filters.FilterSet):
    actor = filters.CharFilter(field_name="actor__username")
    since = SinceFilter()

    class Meta:
        model = AuditEvent
        fields = ("actor", "verb", "subject_type", "subject_id", "since")


class Audit(ProjectViewSet, mixins.ListModelMixin):
    """The trail of the project, for its administrators."""

    queryset = AuditEvent.objects.none()
    serializer_class = AuditSerializer
    filterset_class = AuditFilter
    orders = ("-id",)
    reading: ClassVar = Need(Scope.READ, (Role.ADMINISTRATOR,))

    def rows(self) -> QuerySet[AuditEvent]:
        return AuditEvent.objects.filter(project=self.project).select_related("actor")
