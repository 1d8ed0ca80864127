"""Housekeeping. What a model said and what was concluded from it can be read here, not changed."""

from django.contrib import admin
from django.db.models import JSONField, QuerySet
from django.http import HttpRequest

from evaluations.models import (
    Answer,
    Cell,
    Endpoint,
    Evidence,
    Instrument,
    Metric,
    PromptPack,
    Reading,
    Rubric,
    Run,
    Score,
    Scoring,
    Trial,
    Turn,
)
from evaluations.pages.endpoint_pages import FROZEN, is_frozen
from evaluations.text.storable import StrictDecoder


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that programs write: to be looked at."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Endpoint)
class EndpointAdmin(admin.ModelAdmin):
    list_display = ["name", "kind", "model", "base_url", "key_variable", "project"]
    list_filter = ["kind", "project"]
    search_fields = ["name", "model"]
    formfield_overrides = {JSONField: {"decoder": StrictDecoder}}

    def get_readonly_fields(
        self, request: HttpRequest, obj: Endpoint | None = None
    ) -> tuple[str, ...]:
        return FROZEN if obj is not None and is_frozen(obj) else ()

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False  # on its own page, which says what goes with it


@admin.register(Run)
class RunAdmin(admin.ModelAdmin):
    """Name and note may be mended; state and design belong to the programs that run it."""

    list_display = ["name", "project", "source", "state", "instrument", "created_at"]
    list_filter = ["state", "source", "project"]
    search_fields = ["name"]
    readonly_fields = (
        "project",
        "source",
        "state",
        "instrument",
        "trials_per_cell",
        "seed",
        "score_incomplete",
        "created_by",
    )
    fields = ("name", "note", *readonly_fields)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Run]:
        return super().get_queryset(request).select_related("project", "instrument")

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False  # on its own page, which says what goes with it


@admin.register(Instrument, PromptPack, Rubric)
class VersionedFileAdmin(ReadOnlyAdmin):
    list_display = ["key", "version", "language", "sha256", "created_at"]


@admin.register(Cell)
class CellAdmin(ReadOnlyAdmin):
    list_display = ["id", "run", "endpoint", "words"]
    list_select_related = ["run__instrument", "endpoint"]
    list_filter = ["run"]


@admin.register(Trial)
class TrialAdmin(ReadOnlyAdmin):
    list_display = ["id", "run", "number", "state", "attempts", "lease_owner", "last_error"]
    list_select_related = ["run"]
    list_filter = ["state", "run"]


@admin.register(Turn)
class TurnAdmin(ReadOnlyAdmin):
    list_display = ["id", "trial_id", "position", "role", "step", "item_number"]
    list_filter = ["role", "step"]


@admin.register(Answer)
class AnswerAdmin(ReadOnlyAdmin):
    list_display = ["id", "trial_id", "item_number", "shown"]


@admin.register(Reading)
class ReadingAdmin(ReadOnlyAdmin):
    list_display = ["id", "answer_id", "reader", "version", "outcome", "label", "method"]
    list_filter = ["outcome", "reader", "version"]


@admin.register(Evidence)
class EvidenceAdmin(ReadOnlyAdmin):
    list_display = ["id", "reading_id", "dimension", "start", "end"]


@admin.register(Metric)
class MetricAdmin(ReadOnlyAdmin):
    list_display = ["name", "version", "kind", "project", "endpoint", "reader", "made_at"]
    list_select_related = ["project", "endpoint"]
    list_filter = ["kind", "project"]


@admin.register(Score)
class ScoreAdmin(ReadOnlyAdmin):
    list_display = ["id", "trial_id", "metric", "outcome", "label", "number"]
    list_select_related = ["metric"]
    list_filter = ["metric", "outcome", "label"]


@admin.register(Scoring)
class ScoringAdmin(ReadOnlyAdmin):
    list_display = ["id", "run", "metric", "state", "attempts", "lease_owner", "error"]
    list_select_related = ["run", "metric"]
    list_filter = ["state"]
