"""Runs: described, planned, started, followed, ended."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Project, User
from api.manners.conditions import Tagged
from api.manners.forms import checked
from api.manners.problem import refused
from api.manners.serializers import Body
from api.manners.views import Need, ProjectViewSet
from api.resources.run_acts import EndpointActs, RunSerializer, StoppedSerializer
from api.tokens.scopes import Scope
from evaluations.costs.estimates import estimate
from evaluations.definitions.catalogue import (
    DEFAULT_INSTRUMENT,
    frame,
    instrument,
    instrument_of,
    pack_for,
    prompt_pack,
)
from evaluations.formats.definitions import DefinitionError
from evaluations.models import Cell, Run, VersionedFile
from evaluations.pages.forms.experiments import BASELINE, ExperimentForm, ExtendForm
from evaluations.pages.runs.live_progress import LiveProgress, live_progress
from evaluations.running import conversations, planning
from evaluations.tasks import nudge


class DesignBody(Body):
    """Every combination of these is a cell. A target '' is the baseline without induction."""

    endpoints = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), min_length=1
    )
    targets = serializers.ListField(
        child=serializers.CharField(allow_blank=True, max_length=60), min_length=1
    )
    with_goal = serializers.ListField(
        child=serializers.BooleanField(),
        min_length=1,
        required=False,
        help_text="Left out: with and without, as far as the instrument's kind knows a goal.",
    )
    inductions = serializers.ListField(
        child=serializers.ChoiceField([Cell.Induction.NAME, Cell.Induction.DEFINITION]),
        min_length=1,
        required=False,
        help_text="How a target is given. Left out: the first way that the kind knows.",
    )
    value_places = serializers.ListField(
        child=serializers.ChoiceField(Cell.ValuePlace.choices),
        min_length=1,
        required=False,
        help_text="Where it is given. Left out: the first place that the kind knows.",
    )
    conditions = serializers.DictField(
        child=serializers.ListField(min_length=1),
        default=dict,
        help_text="Further conditions of the instrument's kind: name and the values to take.",
    )
    trials_per_cell = serializers.IntegerField(min_value=1, max_value=1000, default=10)
    seed = serializers.IntegerField(min_value=0, max_value=2**31 - 1, default=0)
    instrument = serializers.CharField(
        default=DEFAULT_INSTRUMENT, help_text="KEY, or KEY@VERSION.", max_length=90
    )
    prompt_pack = serializers.CharField(
        default="",
        allow_blank=True,
        max_length=90,
        help_text="KEY, or KEY@VERSION; left out: what the instrument's kind comes with.",
    )
    other_packs = serializers.ListField(
        child=serializers.CharField(max_length=90),
        default=list,
        help_text="Packs that ask the same in further languages, one for each.",
    )
    frames = serializers.ListField(
        child=serializers.CharField(max_length=90),
        default=list,
        help_text="KEY or KEY@VERSION of each scene: all are crossed with all conditions.",
    )


class RunBody(DesignBody):
    name = serializers.CharField(max_length=120)
    note = serializers.CharField(default="", allow_blank=True, max_length=10_000)


class EstimateSerializer(serializers.Serializer):
    """What a design will ask for. A cost that cannot be known is null: `unpriced` says why."""

    cells = serializers.IntegerField()
    trials = serializers.IntegerField()
    calls = serializers.IntegerField()
    input_tokens = serializers.IntegerField()
    output_tokens = serializers.IntegerField()
    cost = serializers.FloatField(allow_null=True)
    currency = serializers.CharField(allow_blank=True)
    unpriced = serializers.ListField(
        child=serializers.CharField(), help_text="Endpoints without prices."
    )
    seconds = serializers.FloatField(
        allow_null=True, help_text="What the limits a minute need; null without limits."
    )


class CellProgressSerializer(serializers.Serializer):
    """The trials of one cell by state."""

    cell = serializers.IntegerField(source="cell.pk")
    model = serializers.CharField(source="cell.endpoint.model")
    target = serializers.CharField(source="cell.target", allow_blank=True)
    words = serializers.CharField(source="cell.words")
    planned = serializers.IntegerField()
    running = serializers.IntegerField()
    complete = serializers.IntegerField()
    failed = serializers.IntegerField()
    cancelled = serializers.IntegerField()


class PaceSerializer(serializers.Serializer):
    trials_per_minute = serializers.FloatField(allow_null=True)
    seconds_left = serializers.FloatField(allow_null=True)
    reason = serializers.CharField(help_text="Why a number is null.", allow_blank=True)


class SpendSerializer(serializers.Serializer):
    calls = serializers.IntegerField()
    input_tokens = serializers.IntegerField()
    cached_tokens = serializers.IntegerField(help_text="Of the input, from the server's cache.")
    output_tokens = serializers.IntegerField()
    reasoning_tokens = serializers.IntegerField(help_text="Of the output, spent on thinking.")
    repeated = serializers.IntegerField()
    cost = serializers.FloatField(allow_null=True)
    currency = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(help_text="Why the cost is null.", allow_blank=True)


class ModelSpendSerializer(serializers.Serializer):
    endpoint = serializers.CharField(source="endpoint.name")
    model = serializers.CharField(source="endpoint.model")
    spend = SpendSerializer()


class ReasonSerializer(serializers.Serializer):
    endpoint = serializers.CharField()
    words = serializers.CharField()
    trials = serializers.IntegerField()


class ErrorKindSerializer(serializers.Serializer):
    kind = serializers.CharField()
    trials = serializers.IntegerField()
    reasons = ReasonSerializer(many=True)


class ProgressSerializer(serializers.Serializer):
    """How far a run is, how fast it goes, what it has cost and what went wrong."""

    is_live = serializers.BooleanField()
    total = serializers.IntegerField()
    ended = serializers.IntegerField()
    percent = serializers.IntegerField()
    cells = CellProgressSerializer(many=True)
    pace = PaceSerializer()
    spend = SpendSerializer()
    spend_by_model = ModelSpendSerializer(many=True)
    errors = ErrorKindSerializer(many=True)
    stopped = StoppedSerializer(many=True)
    budgets = serializers.SerializerMethodField()

    def get_budgets(self, found: LiveProgress) -> list[str]:
        """What is spent of each budget, in words."""
        return [state.words() for state in found.budgets]


class ExtendBody(Body):
    trials_per_cell = serializers.IntegerField(
        min_value=1, max_value=1000, help_text="In each cell, from now on."
    )


class RunFilter(filters.FilterSet):
    class Meta:
        model = Run
        fields = ("name", "state", "source")


def start(run: Run, actor: User) -> None:
    conversations.resume(run, actor)
    nudge(run)


class Runs(EndpointActs, ProjectViewSet, mixins.ListModelMixin, Tagged):
    """Runs of the project."""

    queryset = Run.objects.none()
    serializer_class = RunSerializer
    filterset_class = RunFilter
    orders = ("-id", "name", "created_at")
    needs: ClassVar[Mapping[str, Need]] = {
        name: Need(Scope.RUNS_WRITE)
        for name in (
            *("create", "plan", "start", "resume", "pause", "cancel", "extend"),
            *("drop", "retry", "mend", "limit"),
        )
    }

    def rows(self) -> QuerySet[Run]:
        found = Run.objects.filter(project=self.project).select_related("instrument", "project")
        return found.defer("instrument__definition")

    @extend_schema(request=RunBody, responses={201: RunSerializer})
    def create(self, request: Request, project_slug: str) -> Response:
        """Plan a run, as a draft that nothing works on until it is started."""
        form = described(self.project, self.said(RunBody, request))
        chosen = form.cleaned_data
        with refused("run_refused", ValueError, http=422), transaction.atomic():
            run = planning.create_run(
                self.project,
                chosen["name"],
                form.design(),
                list(chosen["endpoints"]),
                chosen["instrument"],
                form.chosen_packs(),
                form.chosen_frames(),
                actor=self.user,
                note=chosen["note"],
            )
        return self.shown(RunSerializer, run, 201)

    @extend_schema(request=DesignBody, responses=EstimateSerializer)
    @action(detail=False, methods=["post"])
    def plan(self, request: Request, project_slug: str) -> Response:
        """What a design amounts to; stores nothing and asks nobody."""
        form = described(self.project, self.said(DesignBody, request), needs_name=False)
        chosen = form.cleaned_data
        with refused("run_refused", ValueError, http=422):
            found = estimate(
                form.design(),
                list(chosen["endpoints"]),
                chosen["instrument"],
                form.chosen_packs(),
                form.chosen_frames(),
            )
        return self.shown(EstimateSerializer, found)

    @extend_schema(responses=ProgressSerializer)
    @action(detail=True)
    def progress(self, request: Request, project_slug: str, pk: int) -> Response:
        """How far the run is."""
        return self.shown(ProgressSerializer, live_progress(self.get_object()))

    @extend_schema(request=None, responses=RunSerializer)
    @action(detail=True, methods=["post"])
    def start(self, request: Request, project_slug: str, pk: int) -> Response:
        """Let workers begin; a run that was paused goes on, and what failed is tried again."""
        return self._act(start)

    @extend_schema(request=None, responses=RunSerializer)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, project_slug: str, pk: int) -> Response:
        """Stop after the answers under way."""
        return self._act(conversations.pause)

    @extend_schema(request=None, responses=RunSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, project_slug: str, pk: int) -> Response:
        """End the run for good; what was answered is kept."""
        return self._act(conversations.cancel)

    @extend_schema(request=ExtendBody, responses=RunSerializer)
    @action(detail=True, methods=["post"])
    def extend(self, request: Request, project_slug: str, pk: int) -> Response:
        """Plan more trials in every cell; the first ones stay what they are."""
        run = self.get_object()
        number = checked(ExtendForm(self.said(ExtendBody, request), run=run))["trials_per_cell"]
        return self._act(lambda run, actor: planning.extend_run(run, number, actor))

    def _act(self, act: Callable[[Run, User], Any]) -> Response:
        run = self.get_object()
        with refused("run_state", ValueError):
            act(run, self.user)
        run.refresh_from_db(fields=["state", "trials_per_cell"])
        return self.shown(RunSerializer, run)


FORM_NAMES = {"target_values": "targets"}


def described(project: Project, said: dict[str, Any], *, needs_name: bool = True) -> ExperimentForm:
    """The experiment as the page's form has it; ValidationError where it is none."""
    try:
        asked = instrument(said["instrument"], project)
        pack = prompt_pack(said["prompt_pack"] or pack_for(asked), project)
    except DefinitionError as error:
        raise ValidationError({"instrument": str(error)}) from error
    others = _named(prompt_pack, "other_packs", said, project)
    frames = _named(frame, "frames", said, project)
    kind, measure = instrument_of(asked).kind, instrument_of(asked).measure
    known = {target.key for target in kind.targets(measure)}
    if unknown := set(said["targets"]) - known - {""}:
        words = f"{min(unknown)!r} is no target of {asked}: it has {', '.join(sorted(known))}."
        raise ValidationError({"targets": words}, code="unknown")
    names = {field.name for field in kind.fields}
    if unknown := set(said["conditions"]) - names:
        words = f"{min(unknown)!r} is none: {asked} has {', '.join(sorted(names)) or 'none'}."
        raise ValidationError({"conditions": words}, code="unknown")
    data: dict[str, Any] = {
        "name": said.get("name", ""),
        "note": said.get("note", ""),
        "endpoints": said["endpoints"],
        "target_values": [target or BASELINE for target in said["targets"]],
        "instrument": asked.pk,
        "prompt_pack": pack.pk,
        "other_packs": [row.pk for row in others],
        "frames": [row.pk for row in frames],
    }
    data |= {name: said[name] for name in ("trials_per_cell", "seed")}
    data |= {name: said[name] for name in ("inductions", "value_places") if name in said}
    if "with_goal" in said:
        data["with_goal"] = ["yes" if goal else "no" for goal in said["with_goal"]]
    form = ExperimentForm(data, project=project)
    for name, field in form.fields.items():
        if name not in data:  # what the kinds vary: as asked, else as the page first ticks it
            own = said["conditions"].get(name.removesuffix("s"))
            data[name] = field.initial if own is None else [_said(value) for value in own]
    form.fields["name"].required = needs_name
    checked(form, FORM_NAMES)
    return form


def _named(
    find: Callable[[str, Project], VersionedFile],
    field: str,
    said: dict[str, Any],
    project: Project,
) -> list[VersionedFile]:
    """The definitions that a field of the body names; ValidationError where there is none."""
    try:
        return [find(name, project) for name in said[field]]
    except DefinitionError as error:
        raise ValidationError({field: str(error)}, code="unknown") from error


def _said(value: Any) -> str:
    """A value of a condition as the form has it."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{value:g}" if is_number else str(value)
