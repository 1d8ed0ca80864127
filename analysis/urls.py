"""Doors of this app."""

from django.urls import path

from analysis.views import compare, planning, raters, report, run_statistics

COMPARE = "p/<slug:project_slug>/compare/"
REPORT = "p/<slug:project_slug>/studies/<slug:study_slug>/report/"

urlpatterns = [
    path("p/<slug:project_slug>/planning/", planning.planning, name="planning"),
    path(
        "p/<slug:project_slug>/runs/<int:run_id>/statistics/",
        run_statistics.run_statistics_page,
        name="run_statistics",
    ),
    path(COMPARE, compare.compare, name="compare"),
    path(
        f"{COMPARE}<int:comparison_id>/progress/",
        compare.compare_progress,
        name="compare_progress",
    ),
    path(f"{COMPARE}<int:comparison_id>/again/", compare.compare_again, name="compare_again"),
    path(
        "p/<slug:project_slug>/studies/<slug:study_slug>/raters/",
        raters.board,
        name="rater_board",
    ),
    path(REPORT, report.report, name="report"),
    path(f"{REPORT}progress/<int:computation_id>/", report.report_progress, name="report_progress"),
    path(f"{REPORT}refresh/", report.report_refresh, name="report_refresh"),
    path(f"{REPORT}keep/", report.report_keep, name="report_keep"),
    path(f"{REPORT}items/", report.report_items, name="report_items"),
    path(f"{REPORT}figures/<slug:name>.<slug:suffix>", report.report_figure, name="report_figure"),
    path(f"{REPORT}archive.zip", report.report_archive, name="report_archive"),
    path(f"{REPORT}as/<slug:file_format>/", report.report_file, name="report_file"),
]
