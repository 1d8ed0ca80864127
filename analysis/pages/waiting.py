"""How far the work on a report or a comparison is, as the part of a page that asks again."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from analysis import tasks
from analysis.models import Comparison, Computation


def how_far(
    request: HttpRequest, waiting: Computation | Comparison | None, context: dict[str, Any]
) -> HttpResponse:
    """The part with *waiting*, nudged; the page is shown anew when there is no more to wait for."""
    if waiting:
        tasks.nudge(waiting)
    response = render(request, "analysis/report/_waiting.html", context | {"waiting": waiting})
    if waiting is None or waiting.is_done:
        response["HX-Refresh"] = "true"
    return response
