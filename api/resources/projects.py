"""Projects and who is in them."""

from django.db.models import QuerySet
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Roles, project_for, roles_in
from accounts.models import Membership, Project, Role
from api.manners.serializers import Shown
from api.manners.views import ApiViewSet, Need, ProjectViewSet
from api.tokens.scopes import Scope


class ProjectSerializer(Shown):
    """A project, and what the asker is in it."""

    roles = serializers.SerializerMethodField()

    class Meta:
        model = Project
        fields = ("slug", "name", "roles", "created_at")

    def get_roles(self, project: Project) -> list[str]:
        held: Roles = roles_in(self.context["request"].user, project)
        return list(held)


class Projects(ApiViewSet, mixins.ListModelMixin):
    """The projects that the asker is a member of; of a token its project alone."""

    queryset = Project.objects.none()
    serializer_class = ProjectSerializer
    lookup_url_kwarg = "project_slug"
    lookup_value_converter = "slug"

    def rows(self) -> QuerySet[Project]:
        mine = Project.objects.filter(memberships__user=self.user).distinct()
        return mine.filter(pk=self.token.project_id) if self.token else mine

    def retrieve(self, request: Request, project_slug: str) -> Response:
        project = project_for(self.user, project_slug, tuple(Role))
        return self.shown(ProjectSerializer, self.rows().get(pk=project.pk))


class MemberSerializer(Shown):
    """One role of one person in the project."""

    user = serializers.CharField(source="user.username", read_only=True)

    class Meta:
        model = Membership
        fields = ("id", "user", "role", "created_at")


class Members(ProjectViewSet, mixins.ListModelMixin):
    """Who has which role in the project."""

    queryset = Membership.objects.none()
    serializer_class = MemberSerializer
    reading = Need(Scope.READ, (Role.ADMINISTRATOR,))

    def rows(self) -> QuerySet[Membership]:
        return Membership.objects.filter(project=self.project).select_related("user")
