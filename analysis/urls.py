"""Doors of this app."""

from django.urls import path

from analysis import planning_views, rater_views, views

REPORT = "p/<slug:project_slug>/studies/<slug:study_slug>/report/"

urlpatterns = [
    path("p/<slug:project_slug>/planning/", planning_views.planning, name="planning"),
    path(
        "p/<slug:project_slug>/studies/<slug:study_slug>/raters/",
        rater_views.board,
        name="rater_board",
    ),
    path(REPORT, views.report, name="report"),
    path(f"{REPORT}items/", views.report_items, name="report_items"),
    path(f"{REPORT}figures/<slug:name>.<slug:suffix>", views.report_figure, name="report_figure"),
    path(f"{REPORT}archive.zip", views.report_archive, name="report_archive"),
    path(f"{REPORT}as/<slug:file_format>/", views.report_file, name="report_file"),
]
