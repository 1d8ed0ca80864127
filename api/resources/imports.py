"""Judgments that were made elsewhere come in as a file does: all of them or none."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import transaction
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from annotations.files.judged_values import Values, scales
from annotations.files.judgment_files import read_judgments
from annotations.models import Study
from annotations.questions.question import check_ways_out
from annotations.studies.imports.judgments import import_judgments
from annotations.studies.studies import StudyRefused, free_name
from api.manners.problem import refused
from api.manners.sent_files import TableParser, rejected, sent_table
from api.manners.serializers import Body
from api.manners.views import Need, ProjectViewSet
from api.resources.studies import StudySerializer
from api.tokens.scopes import Scope
from evaluations.text.table_reader import RejectedFile


class ImportBody(Body):
    """What the table's values are; it stands in the address, as the body is the table."""

    study = serializers.CharField(max_length=120, help_text="The name of the new study.")
    scale = serializers.ChoiceField(scales())
    categories = serializers.ListField(
        child=serializers.CharField(max_length=200),
        default=list,
        help_text="In order; may be given repeatedly.",
    )
    ways_out = serializers.ListField(child=serializers.CharField(max_length=200), default=list)
    question = serializers.CharField(default="", allow_blank=True, max_length=300)
    raters_are = serializers.ChoiceField(Study.Raters.choices, default="", allow_blank=True)


LISTS = ("categories", "ways_out")
PARAMETERS = [
    OpenApiParameter("study", str, required=True, description="The name of the new study."),
    OpenApiParameter("scale", str, required=True, enum=scales()),
    *(OpenApiParameter(name, str, many=True) for name in LISTS),
    OpenApiParameter("question", str),
    OpenApiParameter("raters_are", str, enum=list(Study.Raters.values)),
]


class Imports(ProjectViewSet):
    """Judgments made elsewhere."""

    queryset = Study.objects.none()
    pagination_class = None
    filter_backends = ()
    parser_classes = (TableParser,)
    needs: ClassVar[Mapping[str, Need]] = {"create": Need(Scope.STUDIES_WRITE)}

    @extend_schema(
        parameters=PARAMETERS,
        request={"text/csv": OpenApiTypes.STR},
        responses={201: StudySerializer},
    )
    def create(self, request: Request, **names: Any) -> Response:
        """Make a closed study of a table of judgments (docs/reference/judgment-files.md), at any
        size: all of it, or nothing, with the lines that are wrong."""
        said = self._asked(request)
        with refused("import_refused", ValueError, StudyRefused, http=422):
            free_name(self.project, said["study"])
            values = Values(said["scale"], tuple(said["categories"]))
            check_ways_out(said["ways_out"], values.categories)
        try:
            judgments = read_judgments(sent_table(request), values)
        except RejectedFile as error:
            raise rejected(error) from error
        with refused("import_refused", StudyRefused, http=422), transaction.atomic():
            study = import_judgments(
                self.project,
                said.pop("study"),
                values,
                judgments,
                question=said["question"],
                ways_out=said["ways_out"],
                raters_are=said["raters_are"],
                created_by=self.user,
            )
        return self.shown(StudySerializer, study, 201)

    def _asked(self, request: Request) -> dict[str, Any]:
        query = request.query_params
        body = ImportBody(data={n: query.getlist(n) if n in LISTS else query[n] for n in query})
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)
