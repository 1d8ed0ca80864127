"""The page on which something is deleted whole: it says what goes, and wants the name typed."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.deletion.whole import DeletionRefused, Going, going_with


def deletion_page(
    request: HttpRequest,
    template: str,
    thing: models.Model,
    delete: Callable[[str], Going],
    context: Mapping[str, Any],
    *done: str,
) -> HttpResponse:
    """Show what goes with *thing*; when a name was typed, *delete* gets it and does it or refuses.

    *done* names the page that is shown then.
    """
    shown, status = {"thing": thing, **context}, 200
    if request.method == "POST":
        name = str(thing)
        try:
            going = delete(request.POST.get("name", ""))
        except DeletionRefused as error:
            shown["error"], status = str(error), 422
        else:
            messages.success(request, f"{name} is deleted, and with it {going.words}.")
            return redirect(*done)
    return render(request, template, shown | {"going": going_with(thing)}, status=status)
