"""How many trials, items and raters a study needs, how long it takes and what it costs."""

from dataclasses import asdict
from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from analysis.pages.planning.forms import QUESTIONS, filled
from analysis.pages.planning.pilot import pilot_of
from analysis.pages.planning.planner import NoPlan
from annotations.models import Study
from annotations.studies.queries import study_of
from api.manners.forms import checked
from api.manners.problem import refused
from api.manners.views import ProjectViewSet


@extend_schema_serializer(many=False)
class PlanSerializer(serializers.Serializer):
    """A plan: what was asked with which values, and the designs that answer it."""

    question = serializers.CharField()
    values = serializers.DictField()
    plan = serializers.DictField()


def _parameters() -> list[OpenApiParameter]:
    names = dict.fromkeys(name for asked in QUESTIONS for name in filled(asked, None, {}).fields)
    return [
        OpenApiParameter("ask", str, enum=list(QUESTIONS), default=next(iter(QUESTIONS))),
        OpenApiParameter("study", str, description="A pilot whose values are taken."),
        *(OpenApiParameter(name, str) for name in names),
    ]


class Planning(ProjectViewSet):
    """Plans, with usual values where none are given."""

    queryset = Study.objects.none()
    pagination_class = None
    filter_backends = ()

    @extend_schema(parameters=_parameters(), responses=PlanSerializer)
    def list(self, request: Request, **names: Any) -> Response:
        """Plan a study."""
        given = request.query_params.dict()
        question = given.pop("ask", next(iter(QUESTIONS)))
        if question not in QUESTIONS:
            raise ValidationError({"ask": f"Ask for one of {', '.join(QUESTIONS)}."})
        slug = given.pop("study", "")
        if "\0" in slug:  # PostgreSQL cannot look for it
            raise Http404("No study has such a name.")
        pilot = pilot_of(study_of(self.project, slug), question) if slug else None
        form = filled(question, pilot, given)
        values = checked(form)
        with refused("no_plan", NoPlan, http=422):
            plan = asdict(form.plan())
        return Response({"question": question, "values": values, "plan": plan})
