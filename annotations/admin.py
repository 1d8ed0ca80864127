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
    Guideline,
    Invitation,
    Item,
    Judgment,
    ProblemReport,
    Rater,
    Study,
)


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
    """Shown whole; the name can be mended.

    Everything else is changed, and the study deleted, on its own pages, which know what would
    falsify judgments and keep a record.
    """

    list_display = ["name", "project", "source", "state", "scale", "overlap", "created_at"]
    list_filter = ["project", "state", "source"]
    search_fields = ["name"]
    list_select_related = ["project"]
    readonly_fields = [field.name for field in Study._meta.fields if field.name != "name"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
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


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Without what its link is made of."""

    list_display = ["name", "study", "platform", "expires_at", "closed_at"]
    list_select_related = ["study"]
    exclude = ["nonce"]


read_only(Item, ["study", "position", "external_id", "places", "taken"], ["study"])
read_only(Assignment, ["item", "rater", "state", "reserved_at"], ["item__study", "rater"])
read_only(Judgment, ["item", "rater", "label", "revision", "is_current"], ["item__study", "rater"])
read_only(AutomatedLabel, ["item", "scorer", "label"], ["item__study"])
read_only(Dispute, ["item", "state", "reasons", "opened_at"], ["item__study"])
read_only(Decision, ["dispute", "label", "reviewer", "created_at"], ["dispute__item__study"])
read_only(Guideline, ["study", "version", "created_by", "created_at"], ["study", "created_by"])
read_only(ProblemReport, ["item", "rater", "created_at"], ["item__study", "rater"])
