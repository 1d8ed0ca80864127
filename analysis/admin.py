from django.contrib import admin

from analysis.models import Comparison, Computation, DataSet, Report


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that are written once, by the report alone."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(DataSet)
class DataSetAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "study", "sha256"]
    list_select_related = ["study"]
    exclude = ["content"]


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "data_set", "key"]
    list_select_related = ["data_set__study"]
    exclude = ["result"]


@admin.register(Computation)
class ComputationAdmin(ReadOnlyAdmin):
    list_display = ["asked_at", "study", "state", "doing", "attempts", "finished_at"]
    list_filter = ["state"]
    list_select_related = ["study"]
    exclude = ["content", "result"]


@admin.register(Comparison)
class ComparisonAdmin(ReadOnlyAdmin):
    list_display = ["asked_at", "first", "second", "state", "doing", "attempts", "finished_at"]
    list_filter = ["state"]
    list_select_related = ["first__study", "second__study"]
    exclude = ["result"]
