"""From a description to a report, by a program alone."""

from evaluations.models import Run
from evaluations.running.conversations import advance


def test_from_an_endpoint_to_a_kept_report(cast, program):
    ask = program("researcher")
    endpoint = ask.post(
        "endpoints/",
        {"name": "sim", "kind": "simulated", "model": "sim", "parameters": {"angle": 37}},
    )
    assert endpoint.status_code == 201, endpoint.json()
    design = {
        "endpoints": [endpoint.json()["id"]],
        "targets": ["prosocial", ""],
        "with_goal": [True],
        "trials_per_cell": 3,
    }
    plan = ask.post("runs/plan/", design)
    assert (plan.status_code, plan.json()["trials"]) == (200, 6)
    made = ask.post("runs/", design | {"name": "by script"})
    assert (made.status_code, made.json()["state"]) == (201, "draft")
    run = made.json()["id"]
    assert ask.post(f"runs/{run}/start/").json()["state"] == "running"
    advance(Run.objects.get(pk=run))
    progress = ask.get(f"runs/{run}/progress/").json()
    assert (progress["ended"], progress["total"]) == (6, 6)

    trials = ask.get(f"trials/?run={run}&fields=id,state").json()["results"]
    assert {tuple(trial) for trial in trials} == {("id", "state")}
    mine = [{"trial": trial["id"], "label": "prosocial"} for trial in trials]
    put = ask.put("scores/", {"metric": "mine", "version": "1", "scores": mine})
    assert (put.status_code, put.json()["stored"]) == (200, 6), put.json()

    study = ask.post("studies/", {"name": "Script", "runs": [run], "overlap": 2, "metric": "mine"})
    assert study.status_code == 201, study.json()
    slug = study.json()["slug"]
    assert ask.post(f"studies/{slug}/state/", {"state": "open"}).json()["state"] == "open"
    assert ask.post(f"studies/{slug}/simulate/", {"raters": 2}).json()["made"] == 12
    judgments = ask.get(f"studies/{slug}/judgments/?limit=5").json()
    assert len(judgments["results"]) == 5
    assert judgments["next"]

    report = ask.post(f"studies/{slug}/reports/", {})
    assert report.status_code == 201, report.json()
    key = report.json()["key"]
    whole = ask.get(f"studies/{slug}/reports/{key}/")
    assert whole.json()["result"]["overview"]["counts"]["judgments"] == 12
    assert ask.get(f"studies/{slug}/reports/{key}/", If_None_Match=whole["ETag"]).status_code == 304
