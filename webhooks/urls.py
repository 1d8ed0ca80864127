"""Doors of this app."""

from django.urls import path

from webhooks import views

WEBHOOKS = "p/<slug:project_slug>/webhooks/"
RECEIVER = f"{WEBHOOKS}<int:receiver_id>/"

urlpatterns = [
    path(WEBHOOKS, views.webhooks, name="webhooks"),
    path(RECEIVER, views.receiver, name="webhook"),
    path(f"{RECEIVER}act/", views.receiver_act, name="webhook_act"),
    path(f"{RECEIVER}log/<int:delivery_id>/again/", views.send_again, name="webhook_send_again"),
]
