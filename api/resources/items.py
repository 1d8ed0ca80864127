"""What is judged in a study, and who judges it."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from annotations.models import Item, Rater, Study
from annotations.studies.queries import study_of
from annotations.taking_part.excluding import ExclusionRefused, exclude, include, pause, resume
from api.manners.conditions import Tagged
from api.manners.problem import refused
from api.manners.serializers import Body, Shown
from api.manners.views import Need, ProjectViewSet
from api.tokens.scopes import Scope


class OfStudy(ProjectViewSet):
    """Rows of one study of the project."""

    study: Study

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.study = study_of(self.project, kwargs["study_slug"])


class ItemSerializer(Shown):
    """One thing to judge. `taken`: places reserved or judged."""

    class Meta:
        model = Item
        fields = (
            *("position", "kind", "trial", "answer_number", "external_id", "text", "expected"),
            *("properties", "stratum", "weight", "places", "taken"),
        )


class ItemFilter(filters.FilterSet):
    class Meta:
        model = Item
        fields = ("kind", "stratum", "external_id")


class Items(OfStudy, mixins.ListModelMixin, Tagged):
    """The items of a study, by their positions."""

    queryset = Item.objects.none()
    serializer_class = ItemSerializer
    filterset_class = ItemFilter
    orders = ("position",)
    lookup_field = "position"

    def rows(self) -> QuerySet[Item]:
        return Item.objects.filter(study=self.study)


class RaterSerializer(Shown):
    """Somebody's part in the study, under a pseudonym; nothing leads to the person."""

    is_excluded = serializers.BooleanField(read_only=True)

    class Meta:
        model = Rater
        fields = (
            *("id", "pseudonym", "kind", "stage", "language", "culture", "judged", "handed"),
            *("skipped", "missed_attention", "paused_by_staff", "is_excluded", "excluded_at"),
            *("excluded_reason", "created_at"),
        )


class ReasonBody(Body):
    reason = serializers.CharField(max_length=300, help_text="It stays on record.")


class ExcludeBody(ReasonBody):
    reopen_places = serializers.BooleanField(
        default=False, help_text="Have others judge what they judged."
    )


class RaterFilter(filters.FilterSet):
    class Meta:
        model = Rater
        fields = ("kind", "stage", "pseudonym")


class Raters(OfStudy, mixins.ListModelMixin, Tagged):
    """The raters of a study."""

    queryset = Rater.objects.none()
    serializer_class = RaterSerializer
    filterset_class = RaterFilter
    orders = ("id", "judged")
    conditional = frozenset({"exclude", "include"})
    needs: ClassVar[Mapping[str, Need]] = {
        name: Need(Scope.STUDIES_WRITE) for name in ("pause", "resume", "exclude", "include")
    }

    def rows(self) -> QuerySet[Rater]:
        return Rater.objects.filter(study=self.study).select_related("study__project")

    @extend_schema(request=ReasonBody, responses=RaterSerializer)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, **names: Any) -> Response:
        """Hand them no more items; what they said counts."""
        return self._act(pause, self.said(ReasonBody, request))

    @extend_schema(request=ReasonBody, responses=RaterSerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, **names: Any) -> Response:
        """Hand them items again."""
        return self._act(resume, self.said(ReasonBody, request))

    @extend_schema(request=ExcludeBody, responses=RaterSerializer)
    @action(detail=True, methods=["put"])
    def exclude(self, request: Request, **names: Any) -> Response:
        """Keep their judgments, and count them no more."""
        return self._act(exclude, self.said(ExcludeBody, request) | {"seen": self.check_seen})

    @extend_schema(request=ReasonBody, responses=RaterSerializer)
    @action(detail=True, methods=["put"])
    def include(self, request: Request, **names: Any) -> Response:
        """Count their judgments again, but for those whose place was given on."""
        return self._act(include, self.said(ReasonBody, request) | {"seen": self.check_seen})

    def _act(self, act: Callable[..., Any], said: dict[str, Any]) -> Response:
        rater: Rater = self.get_object()
        actor: User = self.user
        with refused("rater_refused", ExclusionRefused):
            act(rater, actor, **said)
        return self.changed()
