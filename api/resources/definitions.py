"""Instruments, prompt packs, frames and rubrics: what is asked, in which words, judged by what."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.manners.conditions import Tagged
from api.manners.problem import refused
from api.manners.serializers import Body, Shown
from api.manners.views import Need, ProjectViewSet
from api.tokens.scopes import Scope
from evaluations.formats.definitions import DefinitionError
from evaluations.models import Frame, Instrument, PromptPack, Rubric, VersionedFile
from evaluations.pages.definition_pages import add_definition, store_shipped

COLUMNS = ("id", "key", "version", "language", "sha256", "is_shared", "created_at")


class DefinitionBody(Body):
    definition = serializers.DictField(help_text="As a file has it: key, version and the rest.")


class DefinitionFilter(filters.FilterSet):
    key = filters.CharFilter()
    version = filters.CharFilter()
    language = filters.CharFilter()


class Definitions(ProjectViewSet, mixins.ListModelMixin, Tagged):
    """Those of the project, and those that all projects share."""

    filterset_class = DefinitionFilter
    model: ClassVar[Any]
    lists: ClassVar[type[Shown]]
    whole: ClassVar[type[Shown]]
    orders = ("id", "key")
    needs: ClassVar[Mapping[str, Need]] = {"create": Need(Scope.RUNS_WRITE)}

    def get_serializer_class(self) -> type[serializers.Serializer]:
        return self.lists if self.action == "list" else self.whole

    def rows(self) -> QuerySet[VersionedFile]:
        store_shipped()
        found = self.model.objects.in_reach_of(self.project)
        return found.defer("definition") if self.action == "list" else found

    def add(self, request: Request) -> Response:
        said = self.said(DefinitionBody, request)
        with refused("definition_refused", DefinitionError, http=422):
            row, is_new = add_definition(self.model, said["definition"], self.project, self.user)
        return self.shown(self.whole, row, 201 if is_new else 200)


def is_shared(serializer: Shown, row: VersionedFile) -> bool:
    """Whether all projects of the site share it."""
    return row.project_id is None


def serializers_of(model: type[VersionedFile], *more: str) -> tuple[type[Shown], type[Shown]]:
    """What a list, and what one of a kind of definitions shows."""
    words = str(model._meta.verbose_name).capitalize()
    shared = serializers.SerializerMethodField()
    made = []
    for name, fields in (("", (*COLUMNS, *more)), ("Whole", (*COLUMNS, *more, "definition"))):
        meta = type("Meta", (), {"model": model, "fields": fields})
        body = {"Meta": meta, "is_shared": shared, "get_is_shared": is_shared}
        body["__doc__"] = f"{words} in one version."
        made.append(type(f"{name}{model.__name__}Serializer", (Shown,), body))
    return made[0], made[1]


class Instruments(Definitions):
    """Instruments that the project can use."""

    model = Instrument
    queryset = Instrument.objects.none()
    lists, whole = serializers_of(Instrument, "kind")

    @extend_schema(request=DefinitionBody, responses={200: whole, 201: whole})
    def create(self, request: Request, **names: Any) -> Response:
        """Store a new instrument, or a new version of one: 200 where it is stored already."""
        return self.add(request)


class PromptPacks(Definitions):
    """Prompt packs that the project can use."""

    model = PromptPack
    queryset = PromptPack.objects.none()
    lists, whole = serializers_of(PromptPack, "kind")

    @extend_schema(request=DefinitionBody, responses={200: whole, 201: whole})
    def create(self, request: Request, **names: Any) -> Response:
        """Store a new prompt pack, or a new version of one: 200 where it is stored already."""
        return self.add(request)


class Frames(Definitions):
    """Frames that the project can use."""

    model = Frame
    queryset = Frame.objects.none()
    lists, whole = serializers_of(Frame)

    @extend_schema(request=DefinitionBody, responses={200: whole, 201: whole})
    def create(self, request: Request, **names: Any) -> Response:
        """Store a new frame, or a new version of one: 200 where it is stored already."""
        return self.add(request)


class Rubrics(Definitions):
    """Rubrics that the project can use."""

    model = Rubric
    queryset = Rubric.objects.none()
    lists, whole = serializers_of(Rubric, "kind")
