"""Trials, what was said in them, and how that was read."""

from typing import ClassVar

from django.db.models import Count, Max, Prefetch, QuerySet
from django.http import HttpResponseBase
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request

from api.manners.conditions import Tagged
from api.manners.files import FileBody, exported, file_schema
from api.manners.filters import SinceFilter, WholeFilter
from api.manners.serializers import Shown
from api.manners.views import ProjectViewSet
from api.resources.scores import ScoreSerializer
from evaluations.files.exporting import export_lines, export_scores, export_table, in_pieces
from evaluations.models import Answer, Reading, Run, Score, Trial, Turn


class TrialSerializer(Shown):
    """A trial, and the cell it is one of."""

    model = serializers.CharField(source="cell.endpoint.model", read_only=True)
    endpoint = serializers.IntegerField(source="cell.endpoint_id", read_only=True)
    target = serializers.CharField(source="cell.target", read_only=True)
    with_goal = serializers.BooleanField(source="cell.with_goal", read_only=True)
    induction = serializers.CharField(source="cell.induction", read_only=True)
    value_place = serializers.CharField(source="cell.value_place", read_only=True)
    condition = serializers.JSONField(source="cell.condition", read_only=True)

    class Meta:
        model = Trial
        fields = (
            *("id", "run", "cell", "prompt", "number", "state", "seed", "is_simulated"),
            *("model", "endpoint", "target", "with_goal", "induction", "value_place", "condition"),
            *("model_returned", "attempts", "last_error"),
            *("created_at", "started_at", "finished_at"),
        )


class TurnSerializer(Shown):
    """One message of the conversation."""

    class Meta:
        model = Turn
        fields = ("position", "role", "step", "item_number", "text", "reasoning")


class AnswerSerializer(Shown):
    """What a model said that is read, and what it was shown to choose from."""

    text = serializers.CharField(source="turn.text", read_only=True)

    class Meta:
        model = Answer
        fields = ("id", "trial", "item_number", "shown", "text")


class ReadingSerializer(Shown):
    """What one reader, in one version, made of an answer; `value` is null where it found no
    choice, and `outcome` says which way."""

    trial = serializers.IntegerField(source="answer.trial_id", read_only=True)
    item_number = serializers.IntegerField(source="answer.item_number", read_only=True)

    class Meta:
        model = Reading
        fields = (
            *("id", "trial", "answer", "item_number", "reader", "version", "outcome", "value"),
            *("label", "method", "refused", "note", "created_at"),
        )


class WholeTrialSerializer(TrialSerializer):
    """A trial with its whole conversation and all that was concluded from it."""

    turns = TurnSerializer(many=True, read_only=True)
    scores = ScoreSerializer(many=True, read_only=True)

    class Meta(TrialSerializer.Meta):
        fields = (*TrialSerializer.Meta.fields, "turns", "scores")  # type: ignore[assignment]


class TrialFilter(filters.FilterSet):
    run = WholeFilter()
    endpoint = WholeFilter(field_name="cell__endpoint")
    target = filters.CharFilter(field_name="cell__target")
    finished_since = SinceFilter("finished_at")

    class Meta:
        model = Trial
        fields = ("run", "state", "endpoint", "target", "is_simulated", "finished_since")


class Trials(ProjectViewSet, mixins.ListModelMixin, Tagged):
    """Trials of the project's runs."""

    queryset = Trial.objects.none()
    filterset_class = TrialFilter
    orders = ("id",)
    files: ClassVar = {
        "ndjson": FileBody("application/x-ndjson", "ndjson"),
        "csv": FileBody("text/csv; charset=utf-8", "csv"),
        "scores": FileBody("text/csv; charset=utf-8", "csv"),
    }

    def get_serializer_class(self) -> type[serializers.Serializer]:
        return WholeTrialSerializer if self.action == "retrieve" else TrialSerializer

    def rows(self) -> QuerySet[Trial]:
        found = Trial.objects.filter(run__project=self.project).select_related("cell__endpoint")
        if self.action != "retrieve":
            return found
        scores = Prefetch("scores", Score.objects.select_related("metric").order_by("pk"))
        turns = Prefetch("turns", Turn.objects.order_by("position"))
        return found.prefetch_related(turns, scores)

    @extend_schema(**file_schema(files, "run"), filters=False)
    @action(detail=False, pagination_class=None, filterset_class=None)
    def export(self, request: Request, project_slug: str) -> HttpResponseBase:
        """The complete trials of the project's runs (or of one run) as a file, streamed: lines or a
        table that can be imported again, or a table of scores."""
        runs = Run.objects.filter(project=self.project).order_by("pk")
        if run := request.query_params.get("run", ""):
            known = run.isascii() and run.isdigit() and len(run) < 19
            runs = runs.filter(pk=int(run) if known else 0)
        writers = {
            "ndjson": lambda: in_pieces(f"{line}\n" for line in export_lines(runs)),
            "csv": lambda: in_pieces(export_table(runs)),
            "scores": lambda: in_pieces(export_scores(runs)),
        }
        return exported(request, self.files, f"{project_slug}-trials", extent(runs), writers)


def extent(runs: QuerySet[Run]) -> list[object]:
    """What changes whenever the file of these runs would: their rows are only ever added."""
    trials = Trial.objects.filter(run__in=runs, state=Trial.State.COMPLETE)
    scores = Score.objects.filter(trial__run__in=runs)
    found = [
        trials.aggregate(n=Count("pk"), last=Max("pk"), end=Max("finished_at")),
        scores.aggregate(n=Count("pk"), last=Max("pk"), end=Max("created_at")),
    ]
    names = runs.values_list("pk", "name", "cells__endpoint__model").distinct()
    return [*found, sorted(names, key=str)]


class AnswerFilter(filters.FilterSet):
    trial = WholeFilter()
    run = WholeFilter(field_name="trial__run")

    class Meta:
        model = Answer
        fields = ("trial", "run")


class Answers(ProjectViewSet, mixins.ListModelMixin):
    """Answers of the project's trials."""

    queryset = Answer.objects.none()
    serializer_class = AnswerSerializer
    filterset_class = AnswerFilter

    def rows(self) -> QuerySet[Answer]:
        return Answer.objects.filter(trial__run__project=self.project).select_related("turn")


class ReadingFilter(filters.FilterSet):
    trial = WholeFilter(field_name="answer__trial")
    run = WholeFilter(field_name="answer__trial__run")

    class Meta:
        model = Reading
        fields = ("trial", "run", "reader", "version", "outcome")


class Readings(ProjectViewSet, mixins.ListModelMixin):
    """How the answers were read, by every reader in every version."""

    queryset = Reading.objects.none()
    serializer_class = ReadingSerializer
    filterset_class = ReadingFilter

    def rows(self) -> QuerySet[Reading]:
        found = Reading.objects.filter(answer__trial__run__project=self.project)
        return found.select_related("answer")
