"""Addresses for machines that watch over the site: is it alive, is it ready, how is it doing."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView

from hvae_site.monitoring.figures import figures
from hvae_site.monitoring.health import readiness


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers. Nothing else is looked at: a database that is down is no reason to
    start this process anew."""
    return JsonResponse({"status": "ok"})


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Whether requests can be sent here; 503 and what is missing where not."""
    found = readiness()
    is_ready = set(found.values()) == {"ok"}
    told = {"status": "ok" if is_ready else "not ready", "needs": found}
    return JsonResponse(told, status=200 if is_ready else 503)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Requests by view and what workers have before them, for Prometheus; for who has the token."""
    if not settings.METRICS_TOKEN:
        raise Http404("METRICS_TOKEN is not set.")
    sent = request.headers.get("Authorization", "")
    if not constant_time_compare(sent, f"Bearer {settings.METRICS_TOKEN}"):
        return HttpResponse(
            "The token of METRICS_TOKEN is needed: Authorization: Bearer ...\n",
            status=401,
            content_type="text/plain; charset=utf-8",
            headers={"WWW-Authenticate": "Bearer"},
        )
    page = ExportToDjangoView(request)
    page.write(figures())
    return page
