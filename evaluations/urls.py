"""Doors of this app."""

from django.urls import URLPattern, path

from evaluations.views import batches, definitions, endpoints, experiments, runs, scorings, trials

PROJECT = "p/<slug:project_slug>/"
RUNS = f"{PROJECT}runs/"

urlpatterns: list[URLPattern] = [
    path(RUNS, runs.runs, name="runs"),
    path(f"{RUNS}new/", experiments.run_new, name="run_new"),
    path(f"{RUNS}new/plan/", experiments.run_plan, name="run_plan"),
    path(f"{RUNS}new/preview/", experiments.run_preview, name="run_preview"),
    path(f"{RUNS}endpoints/", endpoints.endpoints, name="endpoints"),
    path(f"{RUNS}endpoints/new/", endpoints.endpoint_new, name="endpoint_new"),
    path(f"{RUNS}endpoints/<int:endpoint_id>/", endpoints.endpoint, name="endpoint"),
    path(f"{RUNS}endpoints/<int:endpoint_id>/try/", endpoints.endpoint_try, name="endpoint_try"),
    path(
        f"{RUNS}endpoints/<int:endpoint_id>/delete/",
        endpoints.endpoint_delete,
        name="endpoint_delete",
    ),
    path(f"{RUNS}definitions/", definitions.definitions, name="definitions"),
    path(f"{RUNS}definitions/new/", definitions.definition_new, name="definition_new"),
    path(
        f"{RUNS}instruments/<int:instrument_id>/share/",
        definitions.instrument_share,
        name="instrument_share",
    ),
    path(
        f"{RUNS}packs/<int:pack_id>/share/",
        definitions.prompt_pack_share,
        name="prompt_pack_share",
    ),
    path(f"{RUNS}instruments/<int:instrument_id>/", definitions.instrument, name="instrument"),
    path(f"{RUNS}packs/<int:pack_id>/", definitions.prompt_pack, name="prompt_pack"),
    path(f"{RUNS}frames/<int:frame_id>/", definitions.frame, name="frame"),
    path(f"{RUNS}frames/<int:frame_id>/share/", definitions.frame_share, name="frame_share"),
    path(f"{RUNS}<int:run_id>/", runs.run, name="run"),
    path(f"{RUNS}<int:run_id>/state/", runs.run_state, name="run_state"),
    path(f"{RUNS}<int:run_id>/files-of-questions/", batches.batches, name="batches"),
    path(
        f"{RUNS}<int:run_id>/files-of-questions/export/",
        batches.batch_export,
        name="batch_export",
    ),
    path(
        f"{RUNS}<int:run_id>/files-of-questions/give-back/",
        batches.batch_give_back,
        name="batch_give_back",
    ),
    path(f"{RUNS}<int:run_id>/extend/", runs.run_extend, name="run_extend"),
    path(f"{RUNS}<int:run_id>/delete/", runs.run_delete, name="run_delete"),
    path(f"{RUNS}<int:run_id>/progress/", runs.run_progress, name="run_progress"),
    path(f"{RUNS}<int:run_id>/scorings/", scorings.scorings, name="scorings"),
    path(f"{RUNS}<int:run_id>/scorings/new/", scorings.scoring_new, name="scoring_new"),
    path(f"{RUNS}<int:run_id>/scorings/plan/", scorings.scoring_plan, name="scoring_plan"),
    path(f"{RUNS}<int:run_id>/scorings/act/", scorings.scoring_act, name="scoring_act"),
    path(
        f"{RUNS}<int:run_id>/figures/<slug:figure>.<slug:suffix>",
        runs.run_figure_file,
        name="run_figure",
    ),
    path(f"{RUNS}<int:run_id>/files/<str:file_name>", runs.run_file, name="run_file"),
    path(f"{PROJECT}trials/<int:trial_id>/", trials.trial, name="trial"),
]
