"""Two studies, two scorers or two groups of raters side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import for_roles
from accounts.models import Project, Role
from analysis import tasks
from analysis.data.dataset import DataSetError
from analysis.data.parameters import ParameterError, Parameters, in_words
from analysis.making import comparisons, computations
from analysis.making.computations import Seen
from analysis.models import Comparison
from analysis.pages.choices import address_of, filter_choices, parameters_of_side, side_address
from analysis.pages.tables import shown
from analysis.pages.waiting import how_far
from analysis.render.sheets.comparison import comparison
from annotations.models import Study
from annotations.studies.queries import study_of
from evaluations.background.telling import again

SIDES = (("a", "First side"), ("b", "Second side"))


@dataclass(frozen=True)
class Asked:
    """What an address asks of one side."""

    letter: str
    title: str
    study: Study
    parameters: Parameters
    seen: Seen

    @property
    def query(self) -> str:
        """The address of this side's own report."""
        address = address_of(self.parameters)
        return f"?{address}" if address else ""

    @property
    def look_again(self) -> str:
        """The address of this side's own report, to look whether it is there."""
        return f"{reverse('report', args=[self.study.project.slug, self.study.slug])}{self.query}"

    @property
    def choices(self) -> dict[str, Any]:
        return filter_choices(self.study, self.parameters)

    @property
    def words(self) -> list[str]:
        return in_words(self.parameters)


@require_safe
@for_roles(Role.RESEARCHER, Role.REVIEWER)
def compare(request: HttpRequest, project: Project) -> HttpResponse:
    """``?a=`` and ``?b=`` name studies; ``a_scorer``, ``a_rater`` ... choose within them."""
    context: dict[str, Any] = {
        "project": project,
        "studies": Study.objects.filter(project=project).order_by("name"),
        "titles": SIDES,
    }
    status = 200
    if request.GET.get("a"):
        try:
            sides = [_asked(project, request.GET, letter, title) for letter, title in SIDES]
            found = _comparison(sides)
            context |= {"sides": sides, "waiting": None if found and found.is_done else found}
            made = found.result if found and found.is_done else None
            context |= {"comparison": made, "table": made and shown(comparison(made))}
        except (ParameterError, DataSetError) as error:
            context["reason"], status = str(error), 400
    return render(request, "analysis/compare/compare.html", context, status=status)


def _asked(project: Project, query: QueryDict, letter: str, title: str) -> Asked:
    """One side; the second is the study of the first where none is named."""
    slug = query.get(letter) or query.get("a", "")
    if "\0" in slug:  # PostgreSQL cannot look for it
        raise Http404("No study has such a name.")
    study, parameters = study_of(project, slug), parameters_of_side(query, letter)
    seen = computations.look(study, parameters)
    if seen.waiting:
        tasks.nudge(seen.waiting)
    return Asked(letter, title, study, parameters, seen)


def _comparison(sides: list[Asked]) -> Comparison | None:
    """The comparison of both reports, as far as it is; None while one of them is not there yet."""
    made = [side.seen.made for side in sides if side.seen.made]
    if len(made) < len(sides):
        return None
    found = comparisons.look(*made)
    if not found.is_done:
        tasks.nudge(found)
    return found


@require_safe
@for_roles(Role.RESEARCHER, Role.REVIEWER)
def compare_progress(request: HttpRequest, project: Project, comparison_id: int) -> HttpResponse:
    """How far a comparison is; the page asks again every two seconds."""
    waiting = comparisons.current(project, comparison_id)
    context = {"project": project, "look_again": waiting and _page(waiting)}
    return how_far(request, waiting, context)


@require_POST
@for_roles(Role.RESEARCHER, Role.REVIEWER)
def compare_again(request: HttpRequest, project: Project, comparison_id: int) -> HttpResponse:
    """Take up a comparison that has failed."""
    failed = comparisons.current(project, comparison_id)
    if failed is None:
        return redirect("compare", project.slug)
    again(failed)
    tasks.nudge(failed)
    return redirect(_page(failed))


def _page(comparison: Comparison) -> str:
    """The address of the page that shows *comparison*."""
    parts = (("a", comparison.first), ("b", comparison.second))
    query = "&".join(
        side_address(letter, made.study, Parameters.from_dict(made.parameters))
        for letter, made in parts
    )
    return f"{reverse('compare', args=[comparison.first.study.project.slug])}?{query}"
