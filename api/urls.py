"""Doors of this app: the API, its schema, and the page on which tokens are made."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from api.manners.views import NotThere
from api.pages import schema, tokens
from api.resources import (
    audit,
    comparisons,
    definitions,
    disputes,
    endpoints,
    imports,
    items,
    judgments,
    planning,
    projects,
    reports,
    runs,
    scores,
    studies,
    trials,
)

PROJECT = "projects/<slug:project_slug>/"
STUDY = f"{PROJECT}studies/<slug:study_slug>/"

OF_PROJECT = {
    "members": projects.Members,
    "endpoints": endpoints.Endpoints,
    "instruments": definitions.Instruments,
    "prompt-packs": definitions.PromptPacks,
    "frames": definitions.Frames,
    "rubrics": definitions.Rubrics,
    "runs": runs.Runs,
    "trials": trials.Trials,
    "answers": trials.Answers,
    "readings": trials.Readings,
    "metrics": scores.Metrics,
    "studies": studies.Studies,
    "imports": imports.Imports,
    "disputes": disputes.Disputes,
    "adjudications": disputes.Adjudications,
    "comparisons": comparisons.Comparisons,
    "planning": planning.Planning,
    "audit": audit.Audit,
}
OF_STUDY = {
    "items": items.Items,
    "raters": items.Raters,
    "judgments": judgments.Judgments,
    "reports": reports.Reports,
}

router = SimpleRouter(use_regex_path=False)
router.register("projects", projects.Projects, "api-projects")
for name, view in OF_PROJECT.items():
    router.register(f"{PROJECT}{name}", view, f"api-{name}")
for name, view in OF_STUDY.items():
    router.register(f"{STUDY}{name}", view, f"api-{name}")

put_scores = scores.Scores.as_view({"get": "list", "put": "put"})

v1 = [
    *router.urls,
    path(f"{PROJECT}scores/", put_scores, name="api-scores-list"),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", schema.SchemaPage.as_view(), name="api-docs"),
    # Last: an address of the API that is none is a problem in JSON as well.
    re_path("", NotThere.as_view(), name="api-not-there"),
]

urlpatterns = [
    path("api/v1/", include(v1)),
    path("p/<slug:project_slug>/tokens/", tokens.tokens, name="tokens"),
    path("p/<slug:project_slug>/tokens/<int:token_id>/", tokens.token_act, name="token_act"),
]
