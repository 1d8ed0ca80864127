"""Studies: drawn from runs or made of texts, set, opened, followed."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from annotations.disputes.quick_reasons import LONGEST
from annotations.files.item_files import LANGUAGE_TAG, MAX_LANGUAGE, MAX_SHOWN, MAX_TEXTS, TextRow
from annotations.files.judged_values import MAX_ITEM
from annotations.files.properties import checked_names
from annotations.models import Study
from annotations.studies.choosing_metric import MetricRefused, choose
from annotations.studies.putting import ScoresRefused, put_labels
from annotations.studies.queries import overview_of
from annotations.studies.settings import SETTINGS, SettingsRefused, change_settings
from annotations.studies.simulated import simulate_judgments
from annotations.studies.studies import MAX_SEED, StudyRefused, change_state, create_study
from api.manners.conditions import Tagged
from api.manners.problem import refused
from api.manners.serializers import Body, Shown
from api.manners.views import Need, ProjectViewSet
from api.resources.scores import MOST_SCORES, MetricBody, PutSerializer, SaidBody, given
from api.tokens.scopes import Scope
from evaluations.models import Run


class StudySerializer(Shown):
    """A study: what is asked, of whom, and which metric it validates."""

    metric_in_force = serializers.StringRelatedField()

    class Meta:
        model = Study
        fields = (
            *("slug", "name", "source", "state", "unit", *(n for n in SETTINGS if n != "name")),
            *("properties", "ranges", "question_version", "metric_name", "metric_version"),
            *("metric_in_force", "reader_in_force", "seed", "archived_at", "created_at"),
        )


def setting(name: str) -> serializers.Field:
    """The field of one setting of a study, as its model has it."""
    field, kwargs = serializers.ModelSerializer().build_standard_field(
        name, Study._meta.get_field(name)
    )
    for unused in ("default", "model_field", "read_only"):
        kwargs.pop(unused, None)
    if name in LISTS:
        return serializers.ListField(
            child=LISTS[name](), required=False, help_text=kwargs.get("help_text", "")
        )
    return field(**{**kwargs, "required": False})


LISTS: dict[str, Any] = {
    "categories": lambda: serializers.CharField(max_length=200),
    "ways_out": lambda: serializers.CharField(max_length=200),
    "further_questions": serializers.DictField,
    "quick_reasons": lambda: serializers.CharField(max_length=LONGEST),
}


class SettingsBody(Body):
    """What can still change of a draft or a pilot; what is left out stays."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return {name: setting(name) for name in SETTINGS}


class TextBody(Body):
    """A text that raters judge."""

    key = serializers.CharField(max_length=MAX_ITEM)
    text = serializers.CharField(max_length=MAX_SHOWN)
    language = serializers.RegexField(
        LANGUAGE_TAG, default="", allow_blank=True, max_length=MAX_LANGUAGE
    )
    weight = serializers.FloatField(default=1.0, min_value=1e-6, max_value=1e9)
    properties = serializers.DictField(
        child=serializers.CharField(max_length=200, allow_blank=True), default=dict
    )


class StudyBody(Body):
    """A study of trials drawn from `runs` (all, `n` or a `share` of them), or of `texts`."""

    name = serializers.CharField(max_length=120)
    runs = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), default=list
    )
    texts = TextBody(many=True, default=list, max_length=MAX_TEXTS)
    unit = serializers.ChoiceField(Study.Unit.choices, default=Study.Unit.TRIAL)
    n = serializers.IntegerField(min_value=1, max_value=10**6, default=None, allow_null=True)
    share = serializers.FloatField(min_value=0, max_value=1, default=None, allow_null=True)
    shares = serializers.DictField(
        child=serializers.FloatField(min_value=0, max_value=1),
        default=dict,
        help_text="Groups of trials with the share of the sample that each shall have.",
    )
    overlap = serializers.IntegerField(min_value=1, max_value=50, default=3)
    seed = serializers.IntegerField(min_value=0, max_value=MAX_SEED, default=0)
    instructions = serializers.CharField(default="", allow_blank=True, max_length=50_000)
    metric = serializers.CharField(
        default="",
        allow_blank=True,
        max_length=101,
        help_text="NAME or NAME@VERSION; empty for the instrument's own.",
    )
    settings = SettingsBody(default=dict)

    def validate_texts(self, texts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        keys = [text["key"] for text in texts]
        if twice := next((key for key, n in Counter(keys).items() if n > 1), None):
            raise serializers.ValidationError(f"The key {twice!r} stands there twice.")
        try:
            checked_names(sorted({name for text in texts for name in text["properties"]}))
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from error
        return texts


class StateBody(Body):
    state = serializers.ChoiceField(Study.State.choices)


class ChosenMetricBody(Body):
    metric = serializers.CharField(max_length=101, help_text="NAME or NAME@VERSION.")


class SimulateBody(Body):
    """Simulated raters: labelled so everywhere; their agreement says nothing about people."""

    raters = serializers.IntegerField(min_value=1, max_value=50, default=3)
    seed = serializers.IntegerField(min_value=0, max_value=MAX_SEED, default=0)


class SimulatedSerializer(serializers.Serializer):
    made = serializers.IntegerField(help_text="Judgments.")


class ItemScoreBody(SaidBody):
    item = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="Its position.")


class ItemScoresBody(MetricBody):
    scores = ItemScoreBody(many=True, max_length=MOST_SCORES, allow_empty=False)


class StudyProgressSerializer(serializers.Serializer):
    """How far a study is."""

    items = serializers.IntegerField(source="counts.items")
    complete = serializers.IntegerField(source="counts.complete")
    places = serializers.IntegerField(source="counts.places")
    judged = serializers.IntegerField(source="counts.judged")
    reserved = serializers.IntegerField(source="counts.reserved")
    disputes_open = serializers.IntegerField()
    disputes_decided = serializers.IntegerField()


class StudyFilter(filters.FilterSet):
    archived = filters.BooleanFilter(field_name="archived_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Study
        fields = ("name", "state", "source", "archived")


class Studies(ProjectViewSet, mixins.ListModelMixin, Tagged):
    """Studies of the project."""

    queryset = Study.objects.none()
    serializer_class = StudySerializer
    filterset_class = StudyFilter
    orders = ("-id", "name", "created_at")
    lookup_field = "slug"
    lookup_url_kwarg = "study_slug"
    lookup_value_converter = "slug"
    conditional = frozenset({"partial_update", "metric"})
    needs: ClassVar[Mapping[str, Need]] = {
        name: Need(Scope.STUDIES_WRITE) for name in ("create", "partial_update", "state", "metric")
    } | {
        "simulate": Need(Scope.JUDGMENTS_WRITE),
        "scores": Need(Scope.TRIALS_WRITE),
    }

    def rows(self) -> QuerySet[Study]:
        found = Study.objects.filter(project=self.project)
        return found.select_related("project", "metric_in_force")

    @extend_schema(request=StudyBody, responses={201: StudySerializer})
    def create(self, request: Request, project_slug: str) -> Response:
        """Draw a study, in draft: nobody judges until it is opened."""
        said = self.said(StudyBody, request)
        texts = [
            TextRow(row["key"], row["text"], row["language"], row["properties"], row["weight"])
            for row in said.pop("texts")
        ]
        runs = self._runs(said.pop("runs"))
        settings = {**said.pop("settings")} | ({} if texts else {"unit": said["unit"]})
        del said["unit"]
        with refused("study_refused", StudyRefused, http=422):
            study = create_study(
                self.project,
                said.pop("name"),
                runs,
                texts=texts,
                settings=settings,
                created_by=self.user,
                **said,
            )
        return self.shown(StudySerializer, study, 201)

    def _runs(self, ids: list[int]) -> list[Run]:
        found = Run.objects.filter(project=self.project).select_related("instrument").in_bulk(ids)
        if missing := [pk for pk in ids if pk not in found]:
            raise ValidationError({"runs": f"This project has no run {missing[0]}."}, "unknown")
        return [found[pk] for pk in dict.fromkeys(ids)]

    @extend_schema(request=SettingsBody, responses=StudySerializer)
    def partial_update(self, request: Request, project_slug: str, study_slug: str) -> Response:
        """Change settings of a draft or a pilot."""
        study, said = self.get_object(), self.said(SettingsBody, request)
        with refused("settings_refused", SettingsRefused):
            change_settings(study, self.user, said, self.check_seen)
        return self.changed()

    @extend_schema(responses=StudyProgressSerializer)
    @action(detail=True)
    def progress(self, request: Request, project_slug: str, study_slug: str) -> Response:
        """How many items and places there are, and how many are judged."""
        return self.shown(StudyProgressSerializer, overview_of(self.get_object()))

    @extend_schema(request=StateBody, responses=StudySerializer)
    @action(detail=True, methods=["post"])
    def state(self, request: Request, project_slug: str, study_slug: str) -> Response:
        """Pilot, open, pause or close the study."""
        study, said = self.get_object(), self.said(StateBody, request)
        with refused("study_state", StudyRefused):
            study = change_state(study, self.user, said["state"])
        return self.shown(StudySerializer, study)

    @extend_schema(request=ChosenMetricBody, responses=StudySerializer)
    @action(detail=True, methods=["put"])
    def metric(self, request: Request, project_slug: str, study_slug: str) -> Response:
        """Choose the metric that the study validates; disputes follow it."""
        study, said = self.get_object(), self.said(ChosenMetricBody, request)
        with refused("metric_refused", MetricRefused, http=422):
            choose(study, self.user, said["metric"], self.check_seen)
        return self.changed()

    @extend_schema(request=ItemScoresBody, responses=PutSerializer)
    @action(detail=True, methods=["put"])
    def scores(self, request: Request, project_slug: str, study_slug: str) -> Response:
        """Put what a metric of your own said of the study's items, by their positions: all of it,
        or nothing."""
        study, said = self.get_object(), self.said(ItemScoresBody, request)
        with refused("scores_refused", ScoresRefused, http=422):
            rows = given(said["scores"], "item")
            found = put_labels(study, self.user, said["metric"], said["version"], rows)
        return self.shown(PutSerializer, found)

    @extend_schema(request=SimulateBody, responses=SimulatedSerializer)
    @action(detail=True, methods=["post"])
    def simulate(self, request: Request, project_slug: str, study_slug: str) -> Response:
        """Have simulated raters judge whatever has a place left."""
        study, said = self.get_object(), self.said(SimulateBody, request)
        with refused("study_refused", ValueError):
            made = simulate_judgments(study, **said, actor=self.user)
        return self.shown(SimulatedSerializer, {"made": made})
