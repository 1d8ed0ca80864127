"""The quality board: how raters judge, while they judge."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from accounts.access import for_roles
from accounts.models import Project, Role
from analysis.pages.board.board import USUAL_THRESHOLD, rater_board
from analysis.pages.board.quality import SAME_IN_A_ROW, TOO_FAST_SHARE
from annotations.models import Study
from annotations.scales.numerals import finite
from annotations.studies.queries import study_of
from annotations.taking_part.excluding import left_out
from annotations.views.requests import MemberRequest

SLOWEST_THRESHOLD = 3600.0


@require_safe
@for_roles(Role.RESEARCHER, Role.REVIEWER)
def board(request: MemberRequest, project: Project, study_slug: str) -> HttpResponse:
    """The board; to the page's own script only the part that renews itself."""
    study = study_of(project, study_slug)
    context = {
        "project": project,
        "study": study,
        "board": rater_board(study, _threshold(request.GET.get("fast", ""))),
        "left_out": list(left_out(study)),
        "is_live": study.state in (Study.State.PILOT, Study.State.OPEN),
        "too_fast_percent": round(100 * TOO_FAST_SHARE),
        "same_in_a_row": SAME_IN_A_ROW,
    }
    page = "_rater_board.html" if request.htmx else "rater_board.html"
    response = render(request, f"analysis/raters/{page}", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _threshold(raw: str) -> float:
    """Seconds as asked for; the usual threshold for anything that is none."""
    number = finite(raw)
    usable = number is not None and 0 < number <= SLOWEST_THRESHOLD
    return number if usable and number is not None else USUAL_THRESHOLD
