"""Two reports side by side."""

from typing import Any

from django.http import Http404, QueryDict
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from analysis import tasks
from analysis.data.dataset import DataSetError
from analysis.data.parameters import ParameterError
from analysis.making import comparisons, computations
from analysis.models import Comparison, Computation
from analysis.pages.choices import NAMES, parameters_of_side
from annotations.studies.queries import study_of
from api.manners.files import unless_known
from api.manners.problem import refused
from api.manners.views import ProjectViewSet
from api.resources.reports import IF_NONE_MATCH, WorkSerializer

SIDES = ("a", "b")
PARAMETERS = [
    OpenApiParameter("a", str, required=True, description="The study of the first side."),
    OpenApiParameter("b", str, description="The study of the second; else that of the first."),
    *(OpenApiParameter(f"{side}_scorer", str) for side in SIDES),
    *(OpenApiParameter(f"{side}_{name}", str, many=True) for side in SIDES for name in NAMES),
    IF_NONE_MATCH,
]


@extend_schema_serializer(many=False)
class ComparisonSerializer(serializers.Serializer):
    """Both sides compared; `result` is null while `waiting` is under way. A difference that cannot
    be computed says why."""

    reports = serializers.ListField(
        child=serializers.CharField(allow_null=True), help_text="The keys of both reports."
    )
    waiting = WorkSerializer(allow_null=True)
    result = serializers.DictField(allow_null=True)


class Comparisons(ProjectViewSet):
    """Two studies, two metrics or two groups of raters side by side."""

    queryset = Comparison.objects.none()
    pagination_class = None
    filter_backends = ()

    @extend_schema(parameters=PARAMETERS, responses=ComparisonSerializer)
    def list(self, request: Request, **names: Any) -> HttpResponseBase:
        """Compare the reports of two sides; each is chosen as a report's page chooses it, its names
        with a_ or b_ before them."""
        query = request.query_params
        if not query.get("a"):
            raise ValidationError({"a": "Name the study of the first side."}, code="required")
        with (
            refused("choice_refused", ParameterError, http=422),
            refused("data_set_damaged", DataSetError),
        ):
            seen = [self._side(query, side) for side in SIDES]
            made = [side.made for side in seen if side.made]
            found = comparisons.look(*made) if len(made) == len(seen) else None
        if found and not found.is_done:
            tasks.nudge(found)
        body = {
            "reports": [side.made.key if side.made else None for side in seen],
            "waiting": _waiting(seen, found),
            "result": found.result if found and found.is_done else None,
        }
        if body["waiting"]:
            return self.shown(ComparisonSerializer, body)
        facts = [body["reports"], found.code if found else ""]
        return unless_known(request, facts, lambda: self.shown(ComparisonSerializer, body))

    def _side(self, query: QueryDict, letter: str) -> computations.Seen:
        slug = query.get(letter) or query.get("a", "")
        if "\0" in slug:  # PostgreSQL cannot look for it
            raise Http404("No study has such a name.")
        study = study_of(self.project, slug)
        seen = computations.look(study, parameters_of_side(query, letter))
        if seen.waiting:
            tasks.nudge(seen.waiting)
        return seen


def _waiting(
    seen: list[computations.Seen], found: Comparison | None
) -> Computation | Comparison | None:
    """What has to be waited for first."""
    reports = [side.waiting for side in seen if side.waiting]
    return reports[0] if reports else None if found is None or found.is_done else found
