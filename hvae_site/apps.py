from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class SiteConfig(AppConfig):
    name = "hvae_site"
    default = True

    def ready(self) -> None:
        from hvae_site.monitoring import request_ids  # noqa: F401  its receivers listen from now on


class AdminConfig(admin_apps.AdminConfig):
    default_site = "accounts.trail.admin_site.AuditedSite"
    default = False
