"""The page of whoever may not do what they asked for."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import InArchive


def not_open(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Why: the project is archived, or the page needs another role."""
    archived = str(exception) if isinstance(exception, InArchive) else ""
    return render(request, "403.html", {"archived": archived}, status=403)
