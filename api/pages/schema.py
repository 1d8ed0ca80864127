"""The page that shows the schema: Swagger UI from our own static files, under our own policy."""

from django.views.generic import TemplateView


class SchemaPage(TemplateView):
    template_name = "hvae_site/api/schema.html"
