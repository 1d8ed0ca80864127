"""The pages on which a project says who is told what happens in it, and sees how that went."""

from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import for_roles
from accounts.models import Project, Role, User
from webhooks import receivers
from webhooks.forms import KindsForm, ReceiverForm
from webhooks.models import Delivery, Receiver
from webhooks.receivers import ReceiverRefused
from webhooks.tasks import nudge

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.RESEARCHER)
@never_cache
def webhooks(request: HttpRequest, project: Project) -> HttpResponse:
    """The receivers of a project, and a form for another; its secret is on the answer, once."""
    form, made = ReceiverForm(request.POST or None), None
    if form.is_valid():
        try:
            made = receivers.add(project, cast(User, request.user), **form.cleaned_data)
        except ReceiverRefused as error:
            form.add_error("url", str(error))
        else:
            form = ReceiverForm()
    context: dict[str, Any] = {
        "project": project,
        "form": form,
        "rows": project.receivers.all(),
        "made": made,
        "secret": receivers.secret_for(made) if made else "",
    }
    status = 422 if form.errors else 200
    return render(request, "webhooks/webhooks.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.RESEARCHER)
@never_cache
def receiver(request: HttpRequest, project: Project, receiver_id: int) -> HttpResponse:
    """One receiver: what it is told, and the log of what was sent."""
    found = _receiver_of(project, receiver_id)
    form = KindsForm(request.POST or None, initial={"kinds": found.kinds})
    if form.is_valid():
        try:
            receivers.change_kinds(found, cast(User, request.user), form.cleaned_data["kinds"])
        except ReceiverRefused as error:
            form.add_error("kinds", str(error))
        else:
            messages.success(request, "It is told of these from now on.")
            return redirect("webhook", project.slug, found.pk)
    return _page(request, project, found, form)


def _page(
    request: HttpRequest, project: Project, found: Receiver, form: KindsForm, secret: str = ""
) -> HttpResponse:
    log = found.deliveries.select_related("message")
    context = {
        "project": project,
        "receiver": found,
        "form": form,
        "secret": secret,
        "page_obj": Paginator(log, PER_PAGE).get_page(request.GET.get("page")),
    }
    status = 422 if form.errors else 200
    return render(request, "webhooks/webhook.html", context, status=status)


@require_POST
@for_roles(Role.RESEARCHER)
@never_cache
def receiver_act(request: HttpRequest, project: Project, receiver_id: int) -> HttpResponse:
    """Give a receiver another secret, switch it on or off, or take it away."""
    found, actor = _receiver_of(project, receiver_id), cast(User, request.user)
    act = request.POST.get("act")
    if act == "secret":
        receivers.new_secret(found, actor)
        form = KindsForm(initial={"kinds": found.kinds})
        return _page(request, project, found, form, receivers.secret_for(found))
    if act == "remove":
        receivers.remove(found, actor)
        messages.success(request, f"Nothing is sent to {found.url} any more.")
        return redirect("webhooks", project.slug)
    if act == "on":
        again = receivers.switch_on(found, actor)
        nudge()
        messages.success(request, f"It is on. Sent again: {again}.")
    elif act == "off":
        receivers.switch_off(found, actor)
        messages.success(request, "It is switched off.")
    return redirect("webhook", project.slug, found.pk)


@require_POST
@for_roles(Role.RESEARCHER)
def send_again(
    request: HttpRequest, project: Project, receiver_id: int, delivery_id: int
) -> HttpResponse:
    """Send a message once more, under the same id."""
    sent = Delivery.objects.select_related("message", "receiver__project")
    delivery = get_object_or_404(sent, receiver__project=project, pk=delivery_id)
    try:
        is_new = receivers.send_again(delivery, cast(User, request.user))
    except ReceiverRefused as error:
        messages.error(request, str(error))
    else:
        nudge()
        said = "It is sent again." if is_new else "It is on its way already."
        messages.success(request, said)
    return redirect("webhook", project.slug, delivery.receiver_id)


def _receiver_of(project: Project, receiver_id: int) -> Receiver:
    return get_object_or_404(
        Receiver.objects.select_related("project"), project=project, pk=receiver_id
    )
