"""Reports: as the study is now, made and kept, as files and figures."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.http.response import HttpResponse, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import STAFF_ROLES
from analysis import tasks
from analysis.data.dataset import DataSetError
from analysis.data.parameters import ParameterError
from analysis.making import computations
from analysis.making.reporting import keep_report, kept_reports
from analysis.models import Report
from analysis.pages.choices import NAMES, parameters_of
from analysis.render import CONTENT_TYPES, RENDERERS, SUFFIXES
from analysis.render.figures.rendering import CONTENT_TYPES as FIGURE_TYPES
from analysis.render.figures.rendering import NoSuchFigure, drawings_of, figure
from analysis.render.theme import THEMES
from analysis.versions.versions import code_of
from annotations.models import Study
from api.manners.files import AS, FileBody, download, file_schema, unless_known
from api.manners.problem import refused
from api.manners.serializers import Body, Shown
from api.manners.views import Need
from api.resources.items import OfStudy
from api.tokens.scopes import Scope

ZIP = "zip"
FILES = {name: FileBody(CONTENT_TYPES[name], SUFFIXES[name]) for name in RENDERERS}
ALL_FILES = FILES | {ZIP: FileBody("application/zip", "zip")}
IF_NONE_MATCH = OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER)


class WorkSerializer(serializers.Serializer):
    """Work that a worker does: ask again until it is there. Where it failed, `error` says why."""

    state = serializers.CharField()
    share = serializers.FloatField(help_text="Done, 0 to 1.")
    doing = serializers.CharField()
    error = serializers.CharField()


class SeenSerializer(serializers.Serializer):
    """The report on the study with these choices. `result` is null while there is none: `waiting`
    says how far it is. `as_it_was`: the study has changed since."""

    key = serializers.CharField(allow_null=True)
    made_at = serializers.DateTimeField(allow_null=True)
    as_it_was = serializers.BooleanField()
    waiting = WorkSerializer(allow_null=True)
    figures = serializers.ListField(child=serializers.CharField())
    result = serializers.DictField(
        allow_null=True,
        help_text="docs/reference/report-json.md. A figure that cannot be computed is no 0: it "
        "says why, and how many rows there were to compute it from.",
    )


class ReportSerializer(Shown):
    """A kept report: it never changes, and can be cited by its key."""

    data_set = serializers.CharField(source="data_set.sha256", read_only=True)

    class Meta:
        model = Report
        fields = ("key", "data_set", "parameters", "versions", "created_at")


class WholeReportSerializer(ReportSerializer):
    """A kept report with its result (docs/reference/report-json.md)."""

    figures = serializers.SerializerMethodField()

    class Meta(ReportSerializer.Meta):
        fields = (*ReportSerializer.Meta.fields, "figures", "result")  # type: ignore[assignment]

    def get_figures(self, report: Report) -> list[str]:
        return list(drawings_of(report.result))


class ChoicesBody(Body):
    """What goes into a report, and how; empty keeps everything, as on its page."""

    scorer = serializers.CharField(
        default="", allow_blank=True, max_length=100, help_text="NAME or NAME@VERSION."
    )
    thresholds = serializers.DictField(child=serializers.FloatField(), default=dict)
    pingouin = serializers.BooleanField(
        default=False, help_text="Have pingouin compute the ICCs as well."
    )

    def get_fields(self) -> dict[str, Any]:
        return super().get_fields() | {
            name: serializers.ListField(child=serializers.CharField(max_length=500), default=list)
            for name in NAMES
        }


def as_query(said: Mapping[str, Any]) -> QueryDict:
    """The choices as the address of a report's page has them."""
    query = QueryDict(mutable=True)
    for name in NAMES:
        query.setlist(name, said[name])
    query["scorer"] = said["scorer"]
    for code, value in said["thresholds"].items():
        query[code] = repr(value)
    if said["pingouin"]:
        query["pingouin"] = "1"
    return query


CHOICES = [
    OpenApiParameter("scorer", str, description="NAME or NAME@VERSION."),
    *(OpenApiParameter(name, str, many=True) for name in NAMES),
]


class Reports(OfStudy, mixins.ListModelMixin, mixins.RetrieveModelMixin):
    """The reports of a study that were kept."""

    queryset = Report.objects.none()
    orders = ("-id", "created_at")
    lookup_field = "key"
    lookup_value_converter = "slug"
    needs: ClassVar[Mapping[str, Need]] = {"create": Need(Scope.REPORTS_WRITE, STAFF_ROLES)}

    def get_serializer_class(self) -> type[serializers.Serializer]:
        return WholeReportSerializer if self.action == "retrieve" else ReportSerializer

    def rows(self) -> QuerySet[Report]:
        found = Report.objects.filter(data_set__study=self.study)
        return (kept_reports(self.study) if self.action == "list" else found).select_related(
            "data_set"
        )

    @extend_schema(parameters=CHOICES, responses=SeenSerializer)
    @action(detail=False, pagination_class=None)
    def now(self, request: Request, **names: Any) -> HttpResponseBase:
        """The report on the study as it is. A short one is computed at once; a long one by a
        worker, and the one before is shown meanwhile."""
        seen = look(self.study, request.query_params)
        made = seen.made
        body = {
            "key": made.key if made else None,
            "made_at": made.made_at if made else None,
            "as_it_was": seen.as_it_was,
            "waiting": seen.waiting,
            "figures": list(drawings_of(made.result)) if made else [],
            "result": made.result if made else None,
        }
        if seen.waiting:
            return self.shown(SeenSerializer, body)
        facts = [body["key"], seen.as_it_was]
        return unless_known(request, facts, lambda: self.shown(SeenSerializer, body))

    @extend_schema(request=ChoicesBody, responses={201: ReportSerializer, 202: WorkSerializer})
    def create(self, request: Request, **names: Any) -> Response:
        """Make the report on the study as it is, and keep it: 201 with the report, or 202 while a
        worker computes it; ask again until it is there."""
        seen = look(self.study, as_query(self.said(ChoicesBody, request)))
        if seen.waiting or seen.made is None or seen.as_it_was:
            waiting = seen.waiting or computations.refresh(
                self.study, parameters_of(as_query(self.said(ChoicesBody, request)))
            )
            tasks.nudge(waiting)
            return self.shown(WorkSerializer, waiting, 202)
        with refused("data_set_damaged", DataSetError):
            return self.shown(ReportSerializer, keep_report(seen.made, self.user), 201)

    @extend_schema(parameters=[IF_NONE_MATCH])
    def retrieve(self, request: Request, **names: Any) -> HttpResponseBase:
        report: Report = self.get_object()
        facts = [report.key, request.query_params.get("fields", "")]
        return unless_known(request, facts, lambda: self.shown(WholeReportSerializer, report))

    @extend_schema(**file_schema(ALL_FILES))
    @action(detail=True, pagination_class=None)
    def file(self, request: Request, **names: Any) -> HttpResponseBase:
        """The report as a file: `as` json, markdown, csv, latex, or zip with everything needed to
        check it."""
        report: Report = self.get_object()
        asked = request.query_params.get(AS, next(iter(FILES)))
        if asked not in ALL_FILES:
            raise serializers.ValidationError({AS: f"Ask for one of {', '.join(ALL_FILES)}."})
        name, file = f"{self.study.slug}-report", ALL_FILES[asked]
        facts = [report.key, asked, code_of("analysis.render", "analysis.render.archive.archive")]
        return unless_known(request, facts, lambda: download(_content(report, asked), file, name))

    @extend_schema(
        parameters=[
            OpenApiParameter("theme", str, enum=sorted(THEMES), default="light"),
            OpenApiParameter("suffix", str, OpenApiParameter.PATH, enum=sorted(FIGURE_TYPES)),
            IF_NONE_MATCH,
        ],
        responses={
            (200, kind.partition(";")[0]): OpenApiTypes.BINARY for kind in FIGURE_TYPES.values()
        },
    )
    @action(
        detail=True,
        pagination_class=None,
        url_path="figures/<slug:name>/<slug:suffix>",
        url_name="figure",
    )
    def figure(self, request: Request, name: str, suffix: str, **names: Any) -> HttpResponseBase:
        """One figure of the report."""
        report: Report = self.get_object()
        theme = request.query_params.get("theme", "light")
        facts = [report.key, name, suffix, theme, code_of("analysis.render.figures.rendering")]

        def drawn() -> HttpResponse:
            try:
                image = figure(report, name, suffix, theme)
            except NoSuchFigure as error:
                raise Http404(str(error)) from error
            return HttpResponse(image, content_type=FIGURE_TYPES[suffix])

        return unless_known(request, facts, drawn)


def look(study: Study, query: QueryDict) -> computations.Seen:
    """The report as it is, with a worker told where one is needed; Problem where the study has not
    what is chosen."""
    with (
        refused("choice_refused", ParameterError, http=422),
        refused("data_set_damaged", DataSetError),
    ):
        seen = computations.look(study, parameters_of(query))
    if seen.waiting:
        tasks.nudge(seen.waiting)
    return seen


def _content(report: Report, asked: str) -> str | bytes:
    from analysis.render.archive.archive import archive

    return archive(report) if asked == ZIP else RENDERERS[asked](report)
