"""Django's admin writes the trail: whatever is registered with it, by whomever."""

from collections.abc import Iterable
from typing import Any, cast

from django.contrib import admin
from django.db import models, transaction
from django.http import HttpRequest
from django.shortcuts import redirect

from accounts.audit import Change, change_by, record, snapshot
from accounts.models import Project, User


class Audited(admin.ModelAdmin):
    """What is added, changed and deleted is written down as well, each row once.

    There are no actions on many rows at once: each would be a way of its own.
    """

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        if not add:
            _told(request, form)
        for formset in formsets or ():
            for row in formset.new_objects:
                _record(request, "added", row, Change(None, snapshot(row)))
            for changed in formset.initial_forms:
                if changed not in formset.deleted_forms:
                    _told(request, changed)
            self._record_gone(request, formset.deleted_objects)
        return super().construct_change_message(request, form, formsets, add)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        _record(request, "added", obj, Change(None, snapshot(obj)))
        return super().log_addition(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        self._record_gone(request, queryset)
        return super().log_deletions(request, queryset)

    def _record_gone(self, request: HttpRequest, rows: Iterable[models.Model]) -> None:
        for row in rows:
            _record(request, "deleted", row, Change(snapshot(row), {}))


def _told(request: HttpRequest, form: Any) -> None:
    """Write down what a form of the admin changes, if anything."""
    if (change := change_by(form)).after:
        row = form.instance if hasattr(form, "instance") else form.user
        _record(request, "changed", row, change)


def _record(request: HttpRequest, verb: str, row: models.Model, change: Change) -> None:
    owner = row if isinstance(row, Project) else getattr(row, "project", None)
    verb = f"{row._meta.verbose_name} {verb}"
    record(owner, cast(User, request.user), verb[:60], row, change)


class AuditedSite(admin.AdminSite):
    """The admin in which everything is `Audited` and each request is one transaction."""

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        base = admin_class or admin.ModelAdmin
        audited = type(base.__name__, (Audited, base), {})
        super().register(model_or_iterable, audited, **options)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        return super().admin_view(transaction.atomic(view), cacheable)

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("account_change_password")
