"""Two studies, two scorers or two groups of raters side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import for_roles
from accounts.models import Project, Role
from analysis import computations, tasks
from analysis.choices import address_of, filter_choices, parameters_of
from analysis.comparison import Side
from analysis.comparison import compare as compared
from analysis.computations import Seen
from analysis.dataset import DataSetError, thaw
from analysis.frozen import in_memory
from analysis.models import Computation
from analysis.parameters import ParameterError, Parameters, in_words
from annotations.models import Study
from annotations.queries import study_of

SIDES = (("a", "First side"), ("b", "Second side"))
HELD = 24 * 60 * 60


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
            context |= {"sides": sides, "comparison": _comparison(sides)}
        except (ParameterError, DataSetError) as error:
            context["reason"], status = str(error), 400
    return render(request, "analysis/compare.html", context, status=status)


def _asked(project: Project, query: QueryDict, letter: str, title: str) -> Asked:
    """One side; the second is the study of the first where none is named."""
    slug = query.get(letter) or query.get("a", "")
    if "\0" in slug:  # PostgreSQL cannot look for it
        raise Http404("No study has such a name.")
    own = QueryDict(mutable=True)
    for name, values in query.lists():
        if name.startswith(f"{letter}_"):
            own.setlist(name[2:], values)
    study, parameters = study_of(project, slug), parameters_of(own)
    seen = computations.look(study, parameters)
    if seen.waiting:
        tasks.nudge(seen.waiting)
    return Asked(letter, title, study, parameters, seen)


def _comparison(sides: list[Asked]) -> dict[str, Any] | None:
    """The rows of both reports; None while one of them is not there yet."""
    made = [side.seen.made for side in sides if side.seen.made]
    if len(made) < len(sides):
        return None
    key = f"comparison:{made[0].key}:{made[1].key}"
    found = cache.get(key)
    if found is None:
        first, second = (
            _side(computation, side.parameters)
            for computation, side in zip(made, sides, strict=True)
        )
        found = compared(first, second)
        cache.set(key, found, HELD)
    return found


def _side(computation: Computation, parameters: Parameters) -> Side:
    data = in_memory(computation.sha256, thaw(computation.data_set))
    return Side(data, parameters, computation.result)
