from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class SiteConfig(AppConfig):
    name = "hvae_site"
    default = True


class AdminConfig(admin_apps.AdminConfig):
    default_site = "accounts.trail.admin_site.AuditedSite"
    default = False
