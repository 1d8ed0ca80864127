"""Endpoints: where models answer. A key is named by its variable and shown to nobody."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import QuerySet
from django.forms.models import model_to_dict
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.manners.conditions import Tagged
from api.manners.forms import checked
from api.manners.serializers import Body, Shown
from api.manners.views import Need, ProjectViewSet
from api.tokens.scopes import Scope
from evaluations.models import Endpoint
from evaluations.pages.endpoint_pages import is_frozen, store_endpoint
from evaluations.pages.forms.endpoints import ENDPOINT_GROUPS, EndpointForm
from evaluations.pages.forms.parameter_fields import as_sent

FIELDS = tuple(name for names in ENDPOINT_GROUPS.values() for name in names)


class EndpointSerializer(Shown):
    """Where a model answers. `is_frozen`: a run was planned with it, so that what a model was asked
    with stays as it is."""

    base_url = serializers.CharField(read_only=True)  # empty where nothing is asked over a network
    is_frozen = serializers.SerializerMethodField()

    class Meta:
        model = Endpoint
        fields = ("id", *FIELDS, "is_simulated", "is_frozen", "created_at")

    def get_is_frozen(self, endpoint: Endpoint) -> bool:
        return is_frozen(endpoint)


class EndpointBody(Body):
    """An endpoint as its page describes it."""

    parameters = serializers.DictField(
        required=False,
        help_text="Of a model: temperature and the like. Of a simulated respondent: what it does.",
    )

    def get_fields(self) -> dict[str, serializers.Field]:
        maker = serializers.ModelSerializer()
        found = {}
        for name in FIELDS:
            field, kwargs = maker.build_standard_field(name, Endpoint._meta.get_field(name))
            kwargs = {k: v for k, v in kwargs.items() if k not in ("model_field", "validators")}
            found[name] = field(**kwargs)
        return found | super().get_fields()


class EndpointChangesBody(EndpointBody):
    """What is to change; what is left out stays."""

    def get_fields(self) -> dict[str, serializers.Field]:
        found = super().get_fields()
        for field in found.values():
            field.required = False
        return found


class Endpoints(ProjectViewSet, mixins.ListModelMixin, Tagged):
    """The endpoints of the project."""

    queryset = Endpoint.objects.none()
    serializer_class = EndpointSerializer
    orders = ("id", "name")
    conditional = frozenset({"partial_update"})
    needs: ClassVar[Mapping[str, Need]] = {
        name: Need(Scope.RUNS_WRITE) for name in ("create", "partial_update")
    }

    def rows(self) -> QuerySet[Endpoint]:
        return Endpoint.objects.filter(project=self.project)

    @extend_schema(request=EndpointBody, responses={201: EndpointSerializer})
    def create(self, request: Request, **names: Any) -> Response:
        """Describe an endpoint; nobody is asked yet."""
        made = self._store(Endpoint(project=self.project), self.said(EndpointBody, request))
        return self.shown(EndpointSerializer, made, 201)

    @extend_schema(request=EndpointChangesBody, responses=EndpointSerializer)
    def partial_update(self, request: Request, **names: Any) -> Response:
        """Change an endpoint."""
        said = self.said(EndpointChangesBody, request)
        with transaction.atomic():
            endpoint = self.rows().select_for_update().get(pk=self.get_object().pk)
            self.check_seen(endpoint)
            self._store(endpoint, said)
        return self.changed()

    def _store(self, endpoint: Endpoint, said: Mapping[str, Any]) -> Endpoint:
        data = model_to_dict(endpoint, FIELDS) | dict(said)
        data |= as_sent(data["parameters"] or {})
        form = EndpointForm(data, instance=endpoint, project=self.project)
        checked(form)
        return store_endpoint(form, self.user)
