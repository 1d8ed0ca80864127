"""The report of a study, as a page and as files."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from accounts.access import for_roles
from accounts.models import Project, Role
from analysis.choices import address_of, filter_choices, parameters_of
from analysis.dataset import DataSetError
from analysis.figures.rendering import CONTENT_TYPES as FIGURE_TYPES
from analysis.figures.rendering import NoSuchFigure, figure
from analysis.parameters import ParameterError
from analysis.presentation import page_of
from analysis.render import CONTENT_TYPES, RENDERERS, SUFFIXES
from analysis.reporting import make_report
from analysis.rows import NoSuchNumber, items_at, positions_behind
from annotations.queries import study_of
from annotations.views.requests import MemberRequest

ITEMS_A_PAGE = 50
View = Callable[..., HttpResponse]


def report_or_reason(view: View) -> View:
    """A report that cannot be made is a page that says why: 400 for a choice the study has not,
    409 for a stored data set that was changed."""

    @wraps(view)
    def answered(
        request: MemberRequest, project: Project, study_slug: str, **more: str
    ) -> HttpResponse:
        try:
            return view(request, project, study_slug, **more)
        except (ParameterError, DataSetError) as error:
            return _refused(request, project, study_slug, error)

    return answered


def _refused(
    request: MemberRequest, project: Project, study_slug: str, error: Exception
) -> HttpResponse:
    damaged = isinstance(error, DataSetError)
    context = {
        "project": project,
        "study": study_of(project, study_slug),
        "title": "The stored data set was changed" if damaged else "This report cannot be made",
        "reason": str(error),
    }
    status = 409 if damaged else 400
    return render(request, "analysis/report_refused.html", context, status=status)


@require_safe
@for_roles(Role.RESEARCHER, Role.REVIEWER)
@report_or_reason
def report(request: MemberRequest, project: Project, study_slug: str) -> HttpResponse:
    """How well raters and metric agree, on the judgments there are at this moment."""
    study = study_of(project, study_slug)
    parameters = parameters_of(request.GET)
    made = make_report(study, parameters)
    context: dict[str, Any] = {"project": project, "study": study, "report": made}
    context |= page_of(study, made, address_of(parameters))
    context["filters"] = filter_choices(study, parameters)
    page = "analysis/partials/_report.html" if request.htmx else "analysis/report.html"
    response = render(request, page, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
@for_roles(Role.RESEARCHER, Role.REVIEWER)
@report_or_reason
def report_items(request: MemberRequest, project: Project, study_slug: str) -> HttpResponse:
    """The items behind one number of the report."""
    study = study_of(project, study_slug)
    made = make_report(study, parameters_of(request.GET))
    try:
        what, positions = positions_behind(study, made, request.GET)
    except NoSuchNumber as error:
        raise Http404(str(error)) from error
    pages = Paginator(positions, ITEMS_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "project": project,
        "study": study,
        "what": what,
        "count": pages.count,
        "page_obj": page,
        "items": items_at(study, list(page.object_list)),
    }
    return render(request, "analysis/report_items.html", context)


@require_safe
@for_roles(Role.RESEARCHER, Role.REVIEWER)
@report_or_reason
def report_file(
    request: MemberRequest, project: Project, study_slug: str, file_format: str
) -> HttpResponse:
    """The report as a file to keep: the bytes that `agreement_report` writes."""
    if file_format not in RENDERERS:
        raise Http404(f"A report is not written as {file_format!r}.")
    study = study_of(project, study_slug)
    text = RENDERERS[file_format](make_report(study, parameters_of(request.GET)))
    name = f"{study.slug}-report.{SUFFIXES[file_format]}"
    return _download(text, CONTENT_TYPES[file_format], name)


@require_safe
@for_roles(Role.RESEARCHER, Role.REVIEWER)
@report_or_reason
def report_figure(
    request: MemberRequest, project: Project, study_slug: str, name: str, suffix: str
) -> HttpResponse:
    """One figure of the report as an image; ``theme`` is light or dark."""
    study = study_of(project, study_slug)
    made = make_report(study, parameters_of(request.GET))
    try:
        image = figure(made, name, suffix, request.GET.get("theme", "light"))
    except NoSuchFigure as error:
        raise Http404(str(error)) from error
    response = HttpResponse(image, content_type=FIGURE_TYPES[suffix])
    response["Cache-Control"] = "private, no-cache"
    return response


@require_safe
@for_roles(Role.RESEARCHER, Role.REVIEWER)
@report_or_reason
def report_archive(request: MemberRequest, project: Project, study_slug: str) -> HttpResponse:
    """Data set, report, tables, figures and the script that computes the headline again."""
    from analysis.archive import archive

    study = study_of(project, study_slug)
    content = archive(make_report(study, parameters_of(request.GET)))
    return _download(content, "application/zip", f"{study.slug}-report.zip")


def _download(content: str | bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
