"""Disputes, and how reviewers settled them."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Role
from annotations.disputes.adjudication import MAX_REASON, DecisionRefused, decide, reopen
from annotations.disputes.automated import NOTHING, automated_of
from annotations.disputes.queries import dispute_rows
from annotations.disputes.why_disputed import reasons_there_are
from annotations.models import Decision, Dispute
from annotations.questions.question import InvalidJudgment
from api.manners.conditions import Tagged
from api.manners.filters import WholeFilter
from api.manners.problem import refused
from api.manners.serializers import Body, Shown
from api.manners.views import Need, ProjectViewSet
from api.tokens.scopes import Scope


class DisputeSerializer(Shown):
    """An item that a reviewer has to settle, and why."""

    study = serializers.CharField(source="item.study.slug", read_only=True)
    item = serializers.IntegerField(source="item.position", read_only=True)
    trial = serializers.IntegerField(source="item.trial_id", read_only=True, allow_null=True)
    reasons = serializers.ListField(child=serializers.CharField(), read_only=True)
    why = serializers.SerializerMethodField(help_text="The reasons in sentences.")

    class Meta:
        model = Dispute
        fields = (
            *("id", "study", "item", "trial", "state", "reasons", "why"),
            *("opened_at", "updated_at"),
        )

    def get_why(self, dispute: Dispute) -> list[str]:
        known = reasons_there_are()
        return [known[code].sentence if code in known else code for code in dispute.reasons]


class DecisionSerializer(Shown):
    """A reviewer's adjudication; the newest of a dispute counts."""

    study = serializers.CharField(source="dispute.item.study.slug", read_only=True)
    item = serializers.IntegerField(source="dispute.item.position", read_only=True)
    reviewer = serializers.CharField(
        source="reviewer.username", read_only=True, allow_null=True, default=None
    )

    class Meta:
        model = Decision
        fields = ("id", "dispute", "study", "item", "label", "reason", "reviewer", "created_at")


class SaidSerializer(serializers.Serializer):
    """One judgment of a disputed item."""

    id = serializers.IntegerField()
    rater = serializers.CharField(source="rater.pseudonym")
    label = serializers.CharField()
    is_counted = serializers.BooleanField()


class ConsensusSerializer(serializers.Serializer):
    """What the judgments that count settle on; null where they do not, and `rule` says why."""

    label = serializers.CharField(allow_null=True)
    judgments = serializers.IntegerField()
    share = serializers.FloatField()
    rule = serializers.CharField()


class WholeDisputeSerializer(DisputeSerializer):
    """A dispute with all that was said. `automated`: the label of the study's metric on the
    study's own scale; null where it has none."""

    consensus = serializers.SerializerMethodField()
    automated = serializers.SerializerMethodField()
    metric = serializers.CharField(source="item.study.metric_name", read_only=True)
    judgments = serializers.SerializerMethodField()
    decisions = serializers.SerializerMethodField()

    class Meta(DisputeSerializer.Meta):
        fields = (  # type: ignore[assignment]
            *DisputeSerializer.Meta.fields,
            *("consensus", "automated", "metric", "judgments", "decisions"),
        )

    def to_representation(self, instance: Dispute) -> Any:
        (self.row,) = dispute_rows([instance])
        return super().to_representation(instance)

    def get_consensus(self, dispute: Dispute) -> ConsensusSerializer:
        return ConsensusSerializer(self.row.consensus).data

    def get_automated(self, dispute: Dispute) -> str | None:
        study, item = dispute.item.study, dispute.item
        return automated_of(study, [item]).get(item.pk, NOTHING).label

    def get_judgments(self, dispute: Dispute) -> SaidSerializer(many=True):  # type: ignore[valid-type]
        said = [*self.row.judgments, *self.row.not_counted]
        return SaidSerializer(said, many=True).data

    def get_decisions(self, dispute: Dispute) -> DecisionSerializer(many=True):  # type: ignore[valid-type]
        rows = dispute.decisions.select_related("reviewer", "dispute__item__study").order_by("-pk")
        return DecisionSerializer(rows, many=True).data


class DecideBody(Body):
    label = serializers.CharField(max_length=80, help_text="One that the study allows.")
    reason = serializers.CharField(max_length=MAX_REASON)


class ReopenBody(Body):
    reason = serializers.CharField(max_length=MAX_REASON)


class DisputeFilter(filters.FilterSet):
    study = filters.CharFilter(field_name="item__study__slug")
    item = WholeFilter(field_name="item__position")

    class Meta:
        model = Dispute
        fields = ("state", "study", "item")


class Disputes(ProjectViewSet, mixins.ListModelMixin, Tagged):
    """The disputes of the project's studies."""

    queryset = Dispute.objects.none()
    filterset_class = DisputeFilter
    orders = ("id", "opened_at", "updated_at")
    needs: ClassVar[Mapping[str, Need]] = {
        name: Need(Scope.JUDGMENTS_WRITE, (Role.REVIEWER,)) for name in ("decide", "reopen")
    }

    def get_serializer_class(self) -> type[serializers.Serializer]:
        return DisputeSerializer if self.action == "list" else WholeDisputeSerializer

    def rows(self) -> QuerySet[Dispute]:
        found = Dispute.objects.filter(item__study__project=self.project)
        return found.select_related("item__study__project")

    @extend_schema(request=DecideBody, responses={201: DecisionSerializer})
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, **names: Any) -> Response:
        """Settle an open dispute; the decision stands beside the judgments."""
        dispute, said = self.get_object(), self.said(DecideBody, request)
        with (
            refused("dispute_state", DecisionRefused),
            refused("label_refused", InvalidJudgment, http=422),
        ):
            decision = decide(dispute, self.user, said["label"], said["reason"])
        return self.shown(DecisionSerializer, decision, 201)

    @extend_schema(request=ReopenBody, responses=DisputeSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, **names: Any) -> Response:
        """Open a decided dispute again; its decisions stay."""
        dispute, said = self.get_object(), self.said(ReopenBody, request)
        with refused("dispute_state", DecisionRefused):
            reopen(dispute, self.user, said["reason"])
        return self.shown(DisputeSerializer, self.get_object())


class DecisionFilter(filters.FilterSet):
    study = filters.CharFilter(field_name="dispute__item__study__slug")
    dispute = WholeFilter()

    class Meta:
        model = Decision
        fields = ("study", "dispute", "label")


class Adjudications(ProjectViewSet, mixins.ListModelMixin):
    """Every decision on the project's disputes."""

    queryset = Decision.objects.none()
    serializer_class = DecisionSerializer
    filterset_class = DecisionFilter

    def rows(self) -> QuerySet[Decision]:
        found = Decision.objects.filter(dispute__item__study__project=self.project)
        return found.select_related("dispute__item__study", "reviewer")
