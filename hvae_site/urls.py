"""All doors of the site."""

from allauth.account.decorators import secure_admin_login
from allauth.urls import urlpatterns as allauth_urls
from django.contrib import admin
from django.urls import include, path

from accounts.own_account.events import in_one_transaction
from hvae_site import trail, views
from hvae_site.monitoring import views as monitoring

admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", include("accounts.urls")),
    path("p/<slug:project_slug>/", views.project, name="project"),
    path("p/<slug:project_slug>/delete/", views.project_delete, name="project_delete"),
    path("p/<slug:project_slug>/archive/", views.project_archive, name="project_archive"),
    path("p/<slug:project_slug>/trail/", trail.trail, name="trail"),
    path("p/<slug:project_slug>/trail.<slug:trail_format>", trail.trail_file, name="trail_file"),
    path("health/live", monitoring.live, name="live"),
    path("health/ready", monitoring.ready, name="ready"),
    path("metrics", monitoring.metrics, name="metrics"),
    path("trail/", trail.site_trail, name="site_trail"),
    path("trail.<slug:trail_format>", trail.site_trail_file, name="site_trail_file"),
    path("", include("evaluations.urls")),
    path("", include("annotations.urls")),
    path("", include("analysis.urls")),
    path("", include("webhooks.urls")),
    path("", include("api.urls")),
    path("account/", include(in_one_transaction(allauth_urls))),
    path("admin/", admin.site.urls),
]

handler403 = "accounts.views.refused.not_open"
