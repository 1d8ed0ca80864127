"""An example of an act for every method of the API that changes something."""

import json
from typing import Any

from annotations.disputes.adjudication import decide
from annotations.models import Study
from annotations.studies.choosing_metric import choices
from annotations.studies.studies import change_state, create_study
from annotations.taking_part.excluding import exclude, pause
from evaluations.definitions.catalogue import SHIPPED
from evaluations.models import Endpoint
from evaluations.running.conversations import resume
from tests.accounts.trail.scene import Act, Scene

PLANS = "says what it would take and stores nothing"
NO_ENTRY = {"POST api-runs-plan": PLANS}
REASON = {"reason": "So it was agreed."}


def definition(path: str) -> dict[str, Any]:
    return {"definition": json.loads((SHIPPED / path).read_text("utf-8")) | {"version": "own"}}


def endpoint(scene: Scene) -> dict[str, Any]:
    return {"pk": scene.world.endpoint.pk}


def planned(scene: Scene) -> dict[str, Any]:
    return {"pk": scene.planned().pk}


def running(scene: Scene) -> dict[str, Any]:
    run = scene.planned()
    resume(run)
    return {"pk": run.pk}


def named(scene: Scene) -> dict[str, Any]:
    return {"endpoint": scene.world.endpoint.pk}


def mended(scene: Scene) -> dict[str, Any]:
    other = Endpoint.objects.get(pk=scene.world.endpoint.pk)
    other.pk, other.name = None, "mended"
    other._state.adding = True
    other.save()
    return named(scene) | {"mended": other.pk}


def draft(scene: Scene) -> dict[str, Any]:
    made = create_study(scene.cast.project, "Draft", [scene.world.run], overlap=1)
    return {"study_slug": made.slug}


def opened(scene: Scene) -> dict[str, Any]:
    made = create_study(scene.cast.project, "Opened", [scene.world.run], overlap=1)
    return {"study_slug": change_state(made, scene.person, Study.State.OPEN).slug}


def dispute(scene: Scene) -> dict[str, Any]:
    return {"pk": scene.world.dispute.pk}


def decided(scene: Scene) -> dict[str, Any]:
    decide(scene.world.dispute, scene.cast.reviewer, "prosocial", "They say so.")
    return dispute(scene)


def rater(scene: Scene) -> dict[str, Any]:
    return {"pk": scene.study.raters.first().pk}


def paused(scene: Scene) -> dict[str, Any]:
    pause(scene.study.raters.first(), scene.person, "A moment.")
    return rater(scene)


def excluded(scene: Scene) -> dict[str, Any]:
    exclude(scene.study.raters.first(), scene.person, "At random.")
    return rater(scene)


def run(scene: Scene) -> dict[str, Any]:
    design = {"targets": ["prosocial"], "with_goal": [True], "trials_per_cell": 1}
    return {"name": "by script", "endpoints": [scene.world.endpoint.pk]} | design


def of_trials(scene: Scene) -> dict[str, Any]:
    said = [
        {"trial": pk, "label": "prosocial"}
        for pk in scene.world.run.trials.values_list("pk", flat=True)
    ]
    return {"metric": "mine", "version": "1", "scores": said}


def of_items(scene: Scene) -> dict[str, Any]:
    numbers = scene.study.items.filter(kind="regular").values_list("position", flat=True)
    said = [{"item": number, "label": "prosocial"} for number in numbers]
    return {"metric": "mine", "version": "1", "scores": said}


SIMULATED = {"name": "sim", "kind": "simulated", "model": "sim", "parameters": {"angle": 3}}

ACTS: dict[str, Act] = {
    "POST api-endpoints-list": Act(SIMULATED),
    "PATCH api-endpoints-detail": Act({"note": "changed"}, endpoint),
    "POST api-instruments-list": Act(definition("instruments/svo-slider.json")),
    "POST api-prompt-packs-list": Act(definition("prompt_packs/plain-en.json")),
    "POST api-frames-list": Act(definition("frames/points-stranger.json")),
    "POST api-runs-list": Act(run),
    "POST api-runs-start": Act({}, planned),
    "POST api-runs-pause": Act({}, running),
    "POST api-runs-cancel": Act({}, planned),
    "POST api-runs-extend": Act({"trials_per_cell": 2}, planned),
    "POST api-runs-drop": Act(named, planned),
    "POST api-runs-retry": Act(named, planned),
    "POST api-runs-mend": Act(mended, planned),
    "POST api-runs-limit": Act({"calls": 5}, planned),
    "POST api-studies-list": Act(lambda scene: {"name": "New", "runs": [scene.world.run.pk]}),
    "PATCH api-studies-detail": Act({"question": "Which one?"}, draft),
    "PUT api-studies-metric": Act(lambda scene: {"metric": choices(scene.study)[1][0]}),
    "PUT api-studies-scores": Act(of_items),
    "POST api-studies-simulate": Act({"raters": 1}, opened, entries=2),
    "POST api-studies-state": Act({"state": "paused"}),
    "POST api-imports-list": Act(
        "item,rater,value\ni1,p,yes\n",
        query="?study=Elsewhere&scale=nominal&categories=yes&categories=no",
        content_type="text/csv",
        entries=2,
    ),
    "POST api-disputes-decide": Act({"label": "prosocial"} | REASON, dispute),
    "POST api-disputes-reopen": Act(REASON, decided),
    "POST api-raters-pause": Act(REASON, rater),
    "POST api-raters-resume": Act(REASON, paused),
    "PUT api-raters-exclude": Act(REASON, rater),
    "PUT api-raters-include": Act(REASON, excluded),
    "POST api-reports-list": Act({}),
    "PUT api-scores-list": Act(of_trials),
}
