"""What every view of the API has in common: it fetches through the project, as pages do."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, cast

from django.db.models import Model, QuerySet
from django.http import Http404
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from accounts.access import STAFF_ROLES, project_for, refuse_in_archive
from accounts.models import Project, Role, User
from api.manners.conditions import refuse_untagged, takes_condition
from api.manners.idempotency import key_of, once
from api.manners.problem import Problem
from api.manners.serializers import Body, check_fields
from api.models import Token
from api.tokens.scopes import Scope


@dataclass(frozen=True)
class Need:
    """What an act asks of whoever does it: a role in the project (administrators have all) and,
    of a token, a scope."""

    scope: Scope
    roles: tuple[str, ...] = (Role.RESEARCHER,)


READ = Need(Scope.READ, STAFF_ROLES)


class NotThere(APIView):
    """Answers addresses that are none, whoever asks."""

    schema = None
    authentication_classes = ()
    permission_classes = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise Http404("There is no such address in the API.")


class ApiViewSet(GenericViewSet):
    """Rows of one kind. ``orders``: columns a list can be ordered by, the usual one first."""

    orders: ClassVar[tuple[str, ...]] = ("id",)
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet:
        is_described = getattr(self, "swagger_fake_view", False)
        return ApiViewSet.rows(self) if is_described else self.rows()

    def rows(self) -> QuerySet:
        """The rows of the project (or the person) that asks; the declared empty ones where a
        resource has none of its own."""
        return cast(QuerySet, self.queryset)

    @property
    def user(self) -> User:
        return cast(User, self.request.user)

    @property
    def token(self) -> Token | None:
        return self.request.auth

    def said(self, body: type[Body], request: Request) -> dict[str, Any]:
        """What the request says, checked by the body that the act takes."""
        serializer = body(data=request.data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        return cast(dict[str, Any], serializer.validated_data)

    def shown(self, serializer: Any, row: Any, status: int = 200) -> Response:
        """One row as an answer."""
        made = check_fields(serializer(row, context=self.get_serializer_context()))
        return Response(made.data, status=status)

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        return check_fields(super().get_serializer(*args, **kwargs))


class ProjectViewSet(ApiViewSet):
    """Rows of one project: a stranger is told that there is none, a member without the role or a
    token without the scope that it is not theirs. ``needs``: by act; reading is the rest."""

    needs: ClassVar[Mapping[str, Need]] = {}
    reading: ClassVar[Need] = READ
    project: Project

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        need = self.needs.get(self.action or "", self.reading)
        if self.token and self.token.project.slug != kwargs["project_slug"]:
            raise Http404("This token is for another project.")
        self.project = project_for(self.user, kwargs["project_slug"], need.roles)
        if self.token and need.scope not in self.token.scopes:
            words = f"This token has not the scope {need.scope.value}."
            raise Problem("missing_scope", words, http=403)
        refuse_in_archive(self.project, request.method)
        if not takes_condition(self, self.action):
            refuse_untagged(request)
        self._do_once(request)

    def _do_once(self, request: Request) -> None:
        """Have an act that carries a key done once; PUT, PATCH and DELETE are so by themselves."""
        method = str(request.method).lower()
        if request.method != "POST" or not hasattr(self, method) or not (key := key_of(request)):
            return
        handler = getattr(self, method)

        def act(request: Request, *args: Any, **kwargs: Any) -> Response:
            do = partial(handler, request, *args, **kwargs)
            return once(key, self.project, self.user, request, do)

        setattr(self, method, act)


def of_project(queryset: QuerySet, pk: int, field: str) -> Any:
    """The row of that id that a body names; ValidationError, by *field*, where there is none."""
    found: Model | None = queryset.filter(pk=pk).first()
    if found is None:
        raise ValidationError({field: f"This project has none of the id {pk}."}, code="unknown")
    return found
