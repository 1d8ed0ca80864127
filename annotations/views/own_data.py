"""What is stored about a rater, for that rater: to look at, to keep, and to have deleted."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.languages import multilingual
from annotations.models import Rater
from annotations.questions import own_measures
from annotations.taking_part.continuing import own_code
from annotations.taking_part.parts import drop, for_raters
from annotations.taking_part.privacy import erase, stored_about


@multilingual
@never_cache
@require_safe
@for_raters
def own_data(request: HttpRequest, rater: Rater) -> HttpResponse:
    """In words what is stored, with the way to all of it and to its deletion."""
    context = _context(rater)
    return render(request, "annotations/way/own_data.html", context)


@multilingual
@never_cache
@require_safe
@for_raters
def own_data_file(request: HttpRequest, rater: Rater) -> HttpResponse:
    """All that is stored, as a file."""
    response = JsonResponse(stored_about(rater), json_dumps_params={"indent": 2})
    response.headers["Content-Disposition"] = f'attachment; filename="{rater.pseudonym}.json"'
    return response


@multilingual
@never_cache
@require_POST
@for_raters
def own_data_delete(request: HttpRequest, rater: Rater) -> HttpResponse:
    """Delete what is stored, once the person has ticked that they mean it."""
    if "sure" not in request.POST:
        return redirect("own_data", rater.study.project.slug, rater.study.slug)
    context = _context(rater)
    erase(rater)
    drop(request, rater)
    return render(request, "annotations/way/own_data_deleted.html", context)


def _context(rater: Rater) -> dict:
    return {
        "project": rater.study.project,
        "study": rater.study,
        "stored": stored_about(rater),
        "own_measure": own_measures.told(rater),
        "code": own_code(rater),
        "rater": rater,
    }
