"""Doors of this app."""

from django.urls import path

from analysis import compare_views, planning_views, rater_views, run_views, views

COMPARE = "p/<slug:project_slug>/compare/"
REPORT = "p/<slug:project_slug>/studies/<slug:study_slug>/report/"

urlpatterns = [
    path("p/<slug:project_slug>/planning/", planning_views.planning, name="planning"),
    path(
        "p/<slug:project_slug>/runs/<int:run_id>/statistics/",
        run_views.run_statistics_page,
        name="run_statistics",
    ),
    path(COMPARE, compare_views.compare, name="compare"),
    path(
        f"{COMPARE}<int:comparison_id>/progress/",
        compare_views.compare_progress,
        name="compare_progress",
    ),
    path(f"{COMPARE}<int:comparison_id>/again/", compare_views.compare_again, name="compare_again"),
    path(
        "p/<slug:project_slug>/studies/<slug:study_slug>/raters/",
        rater_views.board,
        name="rater_board",
    ),
    path(REPORT, views.report, name="report"),
    path(f"{REPORT}progress/<int:computation_id>/", views.report_progress, name="report_progress"),
    path(f"{REPORT}refresh/", views.report_refresh, name="report_refresh"),
    path(f"{REPORT}keep/", views.report_keep, name="report_keep"),
    path(f"{REPORT}items/", views.report_items, name="report_items"),
    path(f"{REPORT}figures/<slug:name>.<slug:suffix>", views.report_figure, name="report_figure"),
    path(f"{REPORT}archive.zip", views.report_archive, name="report_archive"),
    path(f"{REPORT}as/<slug:file_format>/", views.report_file, name="report_file"),
]
