"""The pages of the audit trail: a project's for its administrators, the site's for its own."""

import json
from collections.abc import Iterator
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import for_roles
from accounts.models import AuditEvent, Project, Role, User
from accounts.trail.queries import TrailFilter, each, page_of, trail_of
from evaluations.files.trial_tables import csv_line

COLUMNS = ("id", "at", "project", "who", "door", "by", "what", "object", "number", "detail")
FORMATS = {"csv": "text/csv; charset=utf-8", "ndjson": "application/x-ndjson"}


@require_safe
@for_roles(Role.ADMINISTRATOR)
def trail(request: HttpRequest, project: Project) -> HttpResponse:
    """Who did what in a project."""
    return _page(request, project)


@require_safe
@for_roles(Role.ADMINISTRATOR)
def trail_file(request: HttpRequest, project: Project, trail_format: str) -> HttpResponse:
    """The entries that a page is filtered to, all of them, as a file."""
    return _file(request, project, trail_format)


@require_safe
@login_required
def site_trail(request: HttpRequest) -> HttpResponse:
    """Who did what in all projects and outside of them."""
    _require_superuser(request)
    return _page(request, None)


@require_safe
@login_required
def site_trail_file(request: HttpRequest, trail_format: str) -> HttpResponse:
    _require_superuser(request)
    return _file(request, None, trail_format)


def _require_superuser(request: HttpRequest) -> None:
    if not cast(User, request.user).is_superuser:
        raise Http404("The trail of the site is for its administrators.")


def _page(request: HttpRequest, project: Project | None) -> HttpResponse:
    form = TrailFilter(request.GET, trail_of(project))
    page = page_of(form.found(), _key(request, "before"), _key(request, "after"))
    query = request.GET.copy()
    for name in ("before", "after"):
        query.pop(name, None)
    context = {"project": project, "form": form, "page": page, "query": query.urlencode()}
    status = 200 if form.is_valid() else 422
    return render(request, "hvae_site/trail.html", context, status=status)


def _key(request: HttpRequest, name: str) -> int | None:
    said = request.GET.get(name, "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else None


def _file(request: HttpRequest, project: Project | None, trail_format: str) -> Any:
    if trail_format not in FORMATS:
        raise Http404(f"The trail comes as {' or '.join(FORMATS)}, not as {trail_format!r}.")
    rows = map(_row, each(TrailFilter(request.GET, trail_of(project)).found()))
    lines = _as_csv(rows) if trail_format == "csv" else _as_ndjson(rows)
    response = StreamingHttpResponse(lines, content_type=FORMATS[trail_format])
    name = f"{project.slug if project else 'site'}-trail.{trail_format}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _row(event: AuditEvent) -> dict[str, Any]:
    account = event.actor.get_username() if event.actor else None
    owner = event.project.slug if event.project else None
    values = (event.pk, event.created_at, owner, account, event.door, event.by, event.verb)
    subject = (event.subject_type, event.subject_id, event.detail)
    return dict(zip(COLUMNS, (*values, *subject), strict=True))


def _as_ndjson(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        yield json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False) + "\n"


def _as_csv(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    yield csv_line(COLUMNS)
    for row in rows:
        detail = json.dumps(row["detail"], ensure_ascii=False)
        told = {**row, "at": row["at"].isoformat(), "detail": detail}
        yield csv_line(["" if value is None else value for value in told.values()])
