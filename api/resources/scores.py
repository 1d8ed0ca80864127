"""Metrics, and what they made of trials; also those that were computed elsewhere."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from annotations.studies.putting import Given, Put, ScoresRefused, put_scores
from api.manners.conditions import Tagged
from api.manners.filters import WholeFilter
from api.manners.problem import refused
from api.manners.serializers import Body, Shown
from api.manners.views import Need, ProjectViewSet
from api.tokens.scopes import Scope
from evaluations.models import Metric, Score

MOST_SCORES = 20_000


class MetricSerializer(Shown):
    """A metric in one version; one that rests on this program alone belongs to no project."""

    is_shared = serializers.SerializerMethodField()

    class Meta:
        model = Metric
        fields = ("id", "name", "version", "kind", "is_shared", "reader", "made_at")

    def get_is_shared(self, metric: Metric) -> bool:
        return metric.project_id is None


class MetricFilter(filters.FilterSet):
    class Meta:
        model = Metric
        fields = ("name", "version", "kind")


class Metrics(ProjectViewSet, mixins.ListModelMixin, Tagged):
    """The program's own metrics, and those of the project."""

    queryset = Metric.objects.none()
    serializer_class = MetricSerializer
    filterset_class = MetricFilter
    orders = ("id", "name")

    def rows(self) -> QuerySet[Metric]:
        return Metric.objects.in_reach_of(self.project)


class ScoreSerializer(Shown):
    """What a metric made of a trial. Of an unscorable one label, number and vector are empty or
    null, and `reason` says why."""

    metric = serializers.CharField(source="metric.name", read_only=True)
    version = serializers.CharField(source="metric.version", read_only=True)
    vector = serializers.DictField(
        child=serializers.FloatField(), read_only=True, allow_null=True, help_text="By dimension."
    )

    class Meta:
        model = Score
        fields = (
            *("id", "trial", "metric", "version", "outcome", "reason", "label", "number"),
            *("vector", "distance", "fit", "fit_corrected", "hit", "flags", "created_at"),
        )


class ScoreFilter(filters.FilterSet):
    trial = WholeFilter()
    run = WholeFilter(field_name="trial__run")
    metric = filters.CharFilter(field_name="metric__name")
    version = filters.CharFilter(field_name="metric__version")

    class Meta:
        model = Score
        fields = ("trial", "run", "metric", "version", "outcome", "label")


class SaidBody(Body):
    """A label, a number, a number for each dimension; or none of them, with the reason."""

    label = serializers.CharField(default="", allow_blank=True, max_length=200)
    number = serializers.FloatField(default=None, allow_null=True)
    vector = serializers.DictField(
        child=serializers.FloatField(), default=None, allow_null=True, allow_empty=False
    )
    reason = serializers.CharField(default="", allow_blank=True, max_length=1000)


class TrialScoreBody(SaidBody):
    trial = serializers.IntegerField(min_value=1, max_value=2**63 - 1)


class MetricBody(Body):
    metric = serializers.CharField(max_length=60, help_text="Its name, not one of ours.")
    version = serializers.CharField(max_length=40)


class ScoresBody(MetricBody):
    scores = TrialScoreBody(many=True, max_length=MOST_SCORES, allow_empty=False)


class PutSerializer(serializers.Serializer):
    """How many scores were stored, and how many were there already, the same."""

    metric = serializers.CharField()
    stored = serializers.IntegerField()
    known = serializers.IntegerField()


def given(rows: list[dict[str, Any]], of: str) -> list[Given]:
    """The rows of a body; *of*: what each is about."""
    return [
        Given(row[of], row["label"], row["number"], row["vector"], row["reason"]) for row in rows
    ]


class Scores(ProjectViewSet, mixins.ListModelMixin):
    """Scores of the project's trials, by every metric in every version."""

    queryset = Score.objects.none()
    serializer_class = ScoreSerializer
    filterset_class = ScoreFilter
    needs: ClassVar[Mapping[str, Need]] = {"put": Need(Scope.TRIALS_WRITE)}

    def rows(self) -> QuerySet[Score]:
        return Score.objects.filter(trial__run__project=self.project).select_related("metric")

    @extend_schema(request=ScoresBody, responses=PutSerializer)
    def put(self, request: Request, project_slug: str) -> Response:
        """Put what a metric of your own said of complete trials: all of it, or nothing. The same
        again changes nothing; something else of the same version is refused."""
        said = self.said(ScoresBody, request)
        with refused("scores_refused", ScoresRefused, http=422):
            rows = given(said["scores"], "trial")
            found: Put = put_scores(self.project, self.user, said["metric"], said["version"], rows)
        return self.shown(PutSerializer, found)
