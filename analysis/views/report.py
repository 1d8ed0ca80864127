"""The report of a study, as a page and as files."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe

from accounts.access import for_roles
from accounts.models import Project, Role
from analysis import tasks
from analysis.data.dataset import DataSetError
from analysis.data.parameters import ParameterError, Parameters
from analysis.kinds import kind_of
from analysis.making import computations
from analysis.making.reporting import keep_report, kept_report, kept_reports
from analysis.models import Computation, Computed, Report
from analysis.pages.choices import address_of, filter_choices, parameters_of, side_address
from analysis.pages.presentation import page_of
from analysis.pages.rows import items_at, positions_behind, trials_behind
from analysis.pages.waiting import how_far
from analysis.render import CONTENT_TYPES, RENDERERS, SUFFIXES
from analysis.render.figures.rendering import CONTENT_TYPES as FIGURE_TYPES
from analysis.render.figures.rendering import NoSuchFigure, figure
from analysis.sections.behind import NoSuchNumber
from annotations.models import Study
from annotations.studies.queries import study_of
from annotations.views.requests import MemberRequest

ITEMS_A_PAGE = 50
KEPT_SHOWN = 20
View = Callable[..., HttpResponse]


class NotYetError(Exception):
    """The report is not there yet; its page says how far it is."""


def report_or_reason(view: View) -> View:
    """A report that cannot be made is a page that says why: 400 for a choice the study has not,
    409 for a stored data set that was changed. One that is still being made is its page."""

    @wraps(view)
    def answered(
        request: MemberRequest, project: Project, study_slug: str, **more: str
    ) -> HttpResponse:
        try:
            return view(request, project, study_slug, **more)
        except NotYetError:
            return redirect(_page(project, study_slug, request.GET.urlencode()))
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
    return render(request, "analysis/report/report_refused.html", context, status=status)


def _page(project: Project, study_slug: str, query: str = "") -> str:
    address = reverse("report", args=[project.slug, study_slug])
    return f"{address}?{query}" if query else address


def _kept(study: Study, query: QueryDict) -> Report | None:
    """The kept report that ``?kept=`` cites; None when the address asks for none."""
    key = query.get("kept", "")
    if not key:
        return None
    report = None if "\0" in key else kept_report(study, key)
    if report is None:
        raise Http404("No report of this study was kept under that key.")
    return report


def _choices(query: QueryDict) -> str:
    """What of an address chooses the report, the rest left out."""
    return f"kept={query['kept']}" if query.get("kept") else address_of(parameters_of(query))


def _made(study: Study, query: QueryDict) -> Computed:
    """The report an address means, to take something from; NotYetError while there is none."""
    if kept := _kept(study, query):
        return kept
    seen = computations.look(study, parameters_of(query))
    if seen.made is None:
        raise NotYetError
    return seen.made


def _to_keep(study: Study, query: QueryDict) -> Report:
    """As ``_made``, kept: what leaves the platform can be cited and made again."""
    made = _made(study, query)
    return keep_report(made) if isinstance(made, Computation) else made


@require_safe
@for_roles(Role.RESEARCHER, Role.REVIEWER)
@report_or_reason
def report(request: MemberRequest, project: Project, study_slug: str) -> HttpResponse:
    """How well raters and metric agree: on the judgments there are, or in a kept report."""
    study = study_of(project, study_slug)
    context: dict[str, Any] = {"project": project, "study": study}
    if kept := _kept(study, request.GET):
        query = f"kept={kept.key}"
        context |= page_of(study, kept, query) | {"report": kept, "kept": kept}
    else:
        parameters = parameters_of(request.GET)
        seen, query = computations.look(study, parameters), address_of(parameters)
        if seen.waiting:
            tasks.nudge(seen.waiting)
        if seen.made:
            context |= page_of(study, seen.made, query) | {"report": seen.made}
        context |= {"seen": seen, "waiting": seen.waiting, "query": f"?{query}" if query else ""}
        context["look_again"] = _page(project, study_slug, query)
        context["this_side"] = side_address("a", study, parameters)
        context["filters"] = filter_choices(study, parameters)
        context["kept_reports"] = kept_reports(study)[:KEPT_SHOWN]
    context["open"] = request.GET.get("open") == "all"
    exchange = request.htmx and not request.htmx.history_restore_request
    page = "analysis/report/_report.html" if exchange else "analysis/report/report.html"
    response = render(request, page, context)
    patch_vary_headers(response, ["HX-Request"])
    if exchange:
        response["HX-Push-Url"] = _page(project, study_slug, query)
    return response


@require_safe
@for_roles(Role.RESEARCHER, Role.REVIEWER)
def report_progress(
    request: MemberRequest, project: Project, study_slug: str, computation_id: int
) -> HttpResponse:
    """How far a report is; the page asks again every two seconds and is shown anew at the end."""
    study = study_of(project, study_slug)
    waiting = computations.current(study, computation_id)
    context: dict[str, Any] = {"project": project, "study": study}
    if waiting:
        asked = address_of(Parameters.from_dict(waiting.parameters))
        context["look_again"] = _page(project, study_slug, asked)
    return how_far(request, waiting, context)


@require_POST
@for_roles(Role.RESEARCHER, Role.REVIEWER)
@report_or_reason
def report_refresh(request: MemberRequest, project: Project, study_slug: str) -> HttpResponse:
    """Have a long report computed anew, on the judgments there are now."""
    parameters = parameters_of(request.GET)
    tasks.nudge(computations.refresh(study_of(project, study_slug), parameters))
    return redirect(_page(project, study_slug, address_of(parameters)))


@require_POST
@for_roles(Role.RESEARCHER, Role.REVIEWER)
def report_keep(request: MemberRequest, project: Project, study_slug: str) -> HttpResponse:
    """Keep the report with the given key, as it was seen, under an address that can be cited."""
    study, key = study_of(project, study_slug), request.POST.get("key", "")
    seen = None if "\0" in key else computations.with_key(study, key)
    if seen is None:
        messages.error(request, "That report has been replaced by newer ones: keep this one.")
        return redirect(_page(project, study_slug, request.GET.urlencode()))
    kept = keep_report(seen, request.user)
    messages.success(request, "Kept. The address of this page is its own and can be cited.")
    return redirect(_page(project, study_slug, f"kept={kept.key}"))


@require_safe
@for_roles(Role.RESEARCHER, Role.REVIEWER)
@report_or_reason
def report_items(request: MemberRequest, project: Project, study_slug: str) -> HttpResponse:
    """The items, or the trials, behind one number of the report."""
    study = study_of(project, study_slug)
    made = _made(study, request.GET)
    of_trials = "trials" in request.GET
    rows: Sequence[Any]
    try:
        found = trials_behind if of_trials else positions_behind
        what, rows = found(made, request.GET)
    except NoSuchNumber as error:
        raise Http404(str(error)) from error
    pages: Paginator[Any] = Paginator(rows, ITEMS_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "project": project,
        "study": study,
        "value": kind_of(made.result["study"]).unit.value,
        "noun": "trial" if of_trials else "item",
        "what": what,
        "count": pages.count,
        "page_obj": page,
        "report_address": _page(project, study_slug, _choices(request.GET)),
        "choices": made.result["choices"],
    }
    if of_trials:
        return render(request, "analysis/report/report_trials.html", context)
    context["items"] = items_at(made, study, list(page.object_list))
    return render(request, "analysis/report/report_items.html", context)


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
    text = RENDERERS[file_format](_to_keep(study, request.GET))
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
    made = _made(study, request.GET)
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
    from analysis.render.archive.archive import archive

    study = study_of(project, study_slug)
    content = archive(_to_keep(study, request.GET))
    return _download(content, "application/zip", f"{study.slug}-report.zip")


def _download(content: str | bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
