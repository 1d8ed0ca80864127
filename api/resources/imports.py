"""Judgments that were made elsewhere come in as a file does: all of them or none."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

from django.db import transaction
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from annotations.files.judged_values import scales
from annotations.models import Study
from annotations.studies.imports.asked import Asked, further_in
from annotations.studies.imports.reading import reader_of
from annotations.studies.studies import StudyRefused
from api.manners.problem import refused
from api.manners.sent_files import LinesParser, ParquetParser, TableParser, rejected, sent_file
from api.manners.serializers import Body
from api.manners.views import Need, ProjectViewSet
from api.resources.studies import StudySerializer
from api.tokens.scopes import Scope
from evaluations.interchange.looked_at import look_at
from evaluations.text.table_words import Problems, RejectedFile


def _words(longest: int, **more: Any) -> serializers.ListField:
    return serializers.ListField(
        child=serializers.CharField(max_length=longest), default=list, **more
    )


class ImportBody(Body):
    """How the file is to be read: the options of `Asked`, but for those of automated labels, which
    are put as scores. It stands in the address, as the body is the file."""

    study = serializers.CharField(max_length=120, help_text="The name of the new study.")
    scale = serializers.ChoiceField(scales())
    categories = _words(200, help_text="In order; may be given repeatedly.")
    ways_out = _words(200, help_text="Those of the categories that say that it cannot be judged.")
    question = serializers.CharField(default="", allow_blank=True, max_length=300)
    raters_are = serializers.ChoiceField(Study.Raters.choices, default="", allow_blank=True)
    value_from = _words(200, help_text="Of another program's file: whose answers the values are.")
    properties = _words(80, help_text="Further columns to group and filter by.")
    further = serializers.CharField(
        default="[]", help_text="JSON: the further questions, whose answers stand in answer.KEY."
    )
    rater_range = _words(
        40, help_text="The lower and the upper end of the raters' scale, for numbers."
    )

    def validate_further(self, text: str) -> list[dict[str, Any]]:
        try:
            return further_in(text)
        except ValueError as error:
            raise serializers.ValidationError(f"These are no further questions: {error}") from error

    def validate_rater_range(self, ends: list[str]) -> list[str]:
        if len(ends) not in (0, 2):
            raise serializers.ValidationError("Give two: the lower end, then the upper end.")
        return ends


def _parameter(name: str, field: serializers.Field) -> OpenApiParameter:
    choices = getattr(field, "choices", None)
    return OpenApiParameter(
        name,
        str,
        required=field.required,
        many=isinstance(field, serializers.ListField),
        enum=[choice for choice in choices if choice] if choices else None,
        description=str(field.help_text or ""),
    )


PARAMETERS = [_parameter(name, field) for name, field in ImportBody().fields.items()]
LISTS = [
    name for name, field in ImportBody().fields.items() if isinstance(field, serializers.ListField)
]


class Imports(ProjectViewSet):
    """Judgments made elsewhere."""

    queryset = Study.objects.none()
    pagination_class = None
    filter_backends = ()
    parser_classes = (TableParser, LinesParser, ParquetParser)
    needs: ClassVar[Mapping[str, Need]] = {"create": Need(Scope.STUDIES_WRITE)}

    @extend_schema(
        parameters=PARAMETERS,
        request={
            TableParser.media_type: OpenApiTypes.STR,
            LinesParser.media_type: OpenApiTypes.STR,
            ParquetParser.media_type: OpenApiTypes.BINARY,
        },
        responses={201: StudySerializer},
    )
    def create(self, request: Request, **names: Any) -> Response:
        """Make a closed study of a file of judgments (docs/reference/judgment-files.md), at any
        size: all of it, or nothing, with the lines that are wrong. A table, rows as JSON Lines or
        Parquet, or a file of another program: what it is is told by its content."""
        asked = self._asked(request)
        with _told():
            asked.check_in(self.project)
            judgments = reader_of(look_at(sent_file(request)), asked).read(Problems())
            ranges = asked.ranges(judgments)
            with transaction.atomic():
                study = asked.store(self.project, judgments, (), ranges, created_by=self.user)
        return self.shown(StudySerializer, study, 201)

    def _asked(self, request: Request) -> Asked:
        query = request.query_params
        body = ImportBody(data={n: query.getlist(n) if n in LISTS else query[n] for n in query})
        body.is_valid(raise_exception=True)
        return Asked(**body.validated_data)


@contextmanager
def _told() -> Iterator[None]:
    """Answer a file that is refused by its rows, and what is asked of it in words."""
    with refused("import_refused", ValueError, StudyRefused, http=422):
        try:
            yield
        except RejectedFile as error:
            raise rejected(error) from error
