"""A run as answers show it, acts of one of its endpoints, and how much it may spend."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from api.manners.problem import refused
from api.manners.serializers import Body, Shown
from evaluations.models import Budget, Run
from evaluations.running import budgets, stopping


class RunSerializer(Shown):
    """A run: which instrument was asked, how often, and what it is at."""

    instrument = serializers.StringRelatedField()
    kind = serializers.CharField(source="instrument.kind", read_only=True)

    class Meta:
        model = Run
        fields = (
            *("id", "name", "source", "state", "instrument", "kind", "trials_per_cell", "seed"),
            *("note", "created_at"),
        )


class EndpointOfRunBody(Body):
    """One endpoint of the run."""

    endpoint = serializers.IntegerField(min_value=1, max_value=2**63 - 1)


class MendBody(EndpointOfRunBody):
    """An endpoint of the run, and the one that is to do what it left."""

    mended = serializers.IntegerField(
        min_value=1, max_value=2**63 - 1, help_text="Another endpoint of the project."
    )


class LimitBody(Body):
    """The most that may be spent; what is null or left out has no limit."""

    calls = serializers.IntegerField(
        min_value=1, max_value=2**62, allow_null=True, required=False, default=None
    )
    tokens = serializers.IntegerField(
        min_value=1, max_value=2**62, allow_null=True, required=False, default=None
    )
    money = serializers.DecimalField(
        min_value=0,
        max_digits=12,
        decimal_places=2,
        allow_null=True,
        required=False,
        default=None,
        help_text="In the currency of the endpoints' prices, which all must state.",
    )
    whole_project = serializers.BooleanField(
        default=False, help_text="Of all runs of the project together."
    )


class BudgetSerializer(Shown):
    """A budget; its run is null where it is that of the whole project."""

    money = serializers.FloatField(read_only=True, allow_null=True)

    class Meta:
        model = Budget
        fields = ("run", "calls", "tokens", "money")


class StoppedSerializer(serializers.Serializer):
    """An endpoint that is asked nothing more, why, and how many of its trials are left."""

    endpoint = serializers.IntegerField(source="0.pk")
    name = serializers.CharField(source="0.name")
    reason = serializers.CharField(source="1")
    trials = serializers.IntegerField(source="2")


class EndpointActs:
    """Acts of `Runs` that concern one endpoint, or what is spent."""

    get_object: Callable[[], Run]
    said: Callable[..., dict[str, Any]]
    shown: Callable[..., Response]
    user: User
    _act: Callable[[Callable[[Run, User], Any]], Response]

    @extend_schema(request=EndpointOfRunBody, responses=RunSerializer)
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, project_slug: str, pk: int) -> Response:
        """Cancel what is left to do at an endpoint; what it answered is kept."""
        key = self.said(EndpointOfRunBody, request)["endpoint"]
        return self._act(lambda run, user: stopping.drop(run, stopping.named(run, key), user))

    @extend_schema(request=EndpointOfRunBody, responses=RunSerializer)
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, project_slug: str, pk: int) -> Response:
        """Have an endpoint that was stopped asked again."""
        key = self.said(EndpointOfRunBody, request)["endpoint"]
        return self._act(lambda run, user: stopping.retry(run, stopping.named(run, key), user))

    @extend_schema(request=MendBody, responses=RunSerializer)
    @action(detail=True, methods=["post"])
    def mend(self, request: Request, project_slug: str, pk: int) -> Response:
        """Have another endpoint do what one left; start the run to have it done."""
        said = self.said(MendBody, request)

        def mend(run: Run, user: User) -> None:
            before = stopping.named(run, said["endpoint"])
            mended = run.project.endpoints.filter(pk=said["mended"]).first()
            if mended is None:
                raise ValueError(f"the project has no endpoint {said['mended']}")
            stopping.mend(run, before, mended, user)

        return self._act(mend)

    @extend_schema(request=LimitBody, responses=BudgetSerializer)
    @action(detail=True, methods=["post"])
    def limit(self, request: Request, project_slug: str, pk: int) -> Response:
        """Limit what the run, or the project, spends; a limit that is raised lets work go on."""
        run, said = self.get_object(), self.said(LimitBody, request)
        limited = None if said["whole_project"] else run
        limits = {name: said[name] for name in budgets.LIMITS}
        with refused("run_state", ValueError):
            budgets.limit(run.project, limited, limits, self.user)
        budget = Budget.objects.get(project=run.project, run=limited)
        return self.shown(BudgetSerializer, budget)
