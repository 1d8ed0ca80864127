"""Housekeeping. What people said and decided can be read here, never edited."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from annotations.models import (
    Assignment,
    AutomatedLabel,
    Decision,
    Dispute,
    Item,
    Judgment,
    Rater,
    Study,
)

MENDABLE = ["name", "question"]
FIXED = ["project", "slug", "state", "source", "scale", "categories", "overlap", "scorer", "seed"]


class ReadOnlyAdmin(admin.ModelAdmin):
    """For rows that the site itself writes: they can be looked at."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Study)
class StudyAdmin(admin.ModelAdmin):
    """Texts can be mended; what fixes the sample or the scale cannot."""

    list_display = ["name", "project", "source", "state", "scale", "overlap", "created_at"]
    list_filter = ["project", "state", "source"]
    search_fields = ["name"]
    list_select_related = ["project"]
    fields = [*FIXED, *MENDABLE]
    readonly_fields = FIXED

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Rater)
class RaterAdmin(ReadOnlyAdmin):
    """Shows pseudonyms only: the person behind one is nobody's business here."""

    list_display = ["pseudonym", "study", "kind", "judged", "created_at"]
    list_filter = ["kind"]
    search_fields = ["pseudonym"]
    list_select_related = ["study"]
    exclude = ["user"]


def read_only(model: type[Model], columns: list[str], related: list[str]) -> None:
    options = {
        "list_display": columns,
        "list_select_related": related,
        "show_full_result_count": False,
    }
    admin.site.register(model, type(f"{model.__name__}Admin", (ReadOnlyAdmin,), options))


read_only(Item, ["study", "position", "external_id", "places", "taken"], ["study"])
read_only(Assignment, ["item", "rater", "state", "reserved_at"], ["item__study", "rater"])
read_only(Judgment, ["item", "rater", "label", "revision", "is_current"], ["item__study", "rater"])
read_only(AutomatedLabel, ["item", "scorer", "label"], ["item__study"])
read_only(Dispute, ["item", "state", "reasons", "opened_at"], ["item__study"])
read_only(Decision, ["dispute", "label", "reviewer", "created_at"], ["dispute__item__study"])
